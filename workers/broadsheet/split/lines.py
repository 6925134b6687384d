"""A dump's lines as columns of numbers: what each line is by itself, and where its words stood before and come again.

The one thing shared by the models over lines. Built in one pass over the text; all that follows is arithmetic on
whole columns, linear in the number of words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.split.lexicon import Lexicon
from broadsheet.split.tokens import Words, read_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 10**9
"""Stands for "never": the distance to a word or line that does not come again."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")
_DIGITS = re.compile(r"\d")
_STOPS = re.compile(r"[.!?…。！？।؟۔]+(?=[\s\"'”’»)\]]|$)|[。！？।]")
_END = re.compile(r"[.!?…。！？।؟۔]['\"”’»)\]）」』]*$")
_QUOTES = "\"'“”‘’«»„‚「『"
_BULLETS = "•*·-–—▪■►>◦‣✓→+"
_NUMBERED = re.compile(r"^\(?\d{1,3}[.):]")
_GLUE = re.compile(r"\s[|»›>•·]\s")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_QUOTED = re.compile('["“”«»„]')
_STOP_CHARS = ".!?…。！？।؟۔"
_CLOSING = "'\"”’»)]）」』"
SPACED_END = "\u0e00"
"""Keys from here on (Thai, Han, Kana, Hangul) are content words however short."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns over n lines and m tokens (a key counts once a line). `starts[i]` is the first token of line i.

    `gap` is the number of blank lines before a line; `words` may be fractions. `before`/`after` give for each token
    the token at which its key stood last and will stand next, -FAR and FAR where none.
    """

    texts: tuple[str, ...]
    gap: Floats
    words: Floats
    own: Floats
    lexical: Floats
    starts: Ints
    owner: Ints
    capital: NDArray[np.bool_]
    short: NDArray[np.bool_]
    before: Ints
    after: Ints
    frequency: Ints
    same_before: Ints
    same_after: Ints

    def __len__(self) -> int:
        return len(self.texts)


OWN_NAMES = (
    "words", "chars", "chars_a_word", "capitals", "upper", "digits", "ends", "colon_end", "comma_end", "question",
    "lower_start", "bullet", "numbered", "tab", "glue", "year", "clock", "address", "copyright", "bracket_end",
    "quote_start", "commas", "stops", "quotes", "digit_start", "letters",
)  # fmt: skip


class Parsed(NamedTuple):
    """What a line says by itself, wherever it stands: the dear part of reading, done once for dump and story alike."""

    text: str
    words: Words
    own: list[float]
    lexical: tuple[float, float, float]


def parse(text: str, lexicon: Lexicon) -> Parsed:
    """One line that holds text, without outer white space."""
    found = read_words(text)
    return Parsed(text, found, _own(text, found), lexicon.score(found.keys))


def read(texts: Sequence[str], gaps: Sequence[int], lexicon: Lexicon) -> Lines:
    """The columns of a dump's non-blank lines and the number of blank lines before each."""
    return arrange([parse(text, lexicon) for text in texts], gaps)


def arrange(parsed: Sequence[Parsed], gaps: Sequence[int]) -> Lines:
    """The columns of lines in the order they stand in, and the number of blank lines before each."""
    counts = []
    vocabulary: dict[str, int] = {}
    ids: list[int] = []
    capital: list[bool] = []
    short: list[bool] = []
    for line in parsed:
        own_keys = dict(zip(line.words.keys, line.words.capital, strict=True))
        counts.append(len(own_keys))
        ids += [vocabulary.setdefault(key, len(vocabulary)) for key in own_keys]
        capital += own_keys.values()
        short += [len(key) <= 3 and key < SPACED_END for key in own_keys]
    texts = [line.text for line in parsed]
    sizes = np.array(counts, dtype=np.int64)
    tokens = np.array(ids, dtype=np.int64)
    before, after = _chains(tokens)
    same_before, same_after = _twins(texts)
    return Lines(
        texts=tuple(texts),
        gap=np.array(gaps, dtype=np.float64),
        words=np.array([line.words.size for line in parsed], dtype=np.float64),
        own=np.array([line.own for line in parsed], dtype=np.float64).reshape(len(parsed), len(OWN_NAMES)),
        lexical=np.array([line.lexical for line in parsed], dtype=np.float64).reshape(len(parsed), 3),
        starts=np.cumsum(sizes) - sizes,
        owner=np.repeat(np.arange(len(texts)), sizes),
        capital=np.array(capital, dtype=bool),
        short=np.array(short, dtype=bool),
        before=before,
        after=after,
        frequency=np.bincount(tokens, minlength=len(vocabulary))[tokens],
        same_before=same_before,
        same_after=same_after,
    )


def _own(text: str, found: Words) -> list[float]:
    words = found.size
    chars = len(text)
    first, last = text[0], text[-1]
    digits = len(_DIGITS.findall(text))
    capital = sum(found.capital)
    return [
        words,
        chars,
        chars / max(1.0, words),
        capital / max(1, len(found.capital)),
        len(_UPPER.findall(text)) / chars,
        digits / chars,
        last in _STOP_CHARS or (last in _CLOSING and _END.search(text) is not None),
        last in ":：",
        last in ",،、;",
        last in "?？؟",
        first.islower(),
        first in _BULLETS,
        digits > 0 and _NUMBERED.match(text) is not None,
        "\t" in text,
        _GLUE.search(text) is not None,
        digits > 3 and _YEAR.search(text) is not None,
        digits > 1 and _CLOCK.search(text) is not None,
        ("@" in text or "www." in text or "://" in text),
        "©" in text,
        last in ")]）",
        first in _QUOTES,
        (text.count(",") + text.count("،") + text.count("、")) / max(1.0, words),
        len(_STOPS.findall(text)),
        len(_QUOTED.findall(text)) / max(1.0, words),
        first.isdigit(),
        (found.chars - digits) / chars,
    ]


def _chains(tokens: Ints) -> tuple[Ints, Ints]:
    """For each token the place of the same key before it and after it."""
    before = np.full(len(tokens), -FAR, dtype=np.int64)
    after = np.full(len(tokens), FAR, dtype=np.int64)
    order = np.argsort(tokens, kind="stable")
    linked = tokens[order[1:]] == tokens[order[:-1]]
    before[order[1:][linked]] = order[:-1][linked]
    after[order[:-1][linked]] = order[1:][linked]
    return before, after


def _twins(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """For each line the last line before and the first after it with the same letters and digits."""
    before = np.full(len(texts), -FAR, dtype=np.int64)
    after = np.full(len(texts), FAR, dtype=np.int64)
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        folded = " ".join(text.lower().split())
        last = seen.get(folded)
        if last is not None:
            before[index] = last
            after[last] = index
        seen[folded] = index
    return before, after
