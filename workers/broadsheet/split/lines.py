"""A dump's lines as columns of numbers: what each line is by itself, and where its words stood before and come again.

The one thing shared by the models over lines. Built in one pass over the text; all that follows is arithmetic on
whole columns, linear in the number of words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.split.lexicon import Lexicon
from broadsheet.split.signs import own_columns
from broadsheet.split.tokens import read_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 10**9
"""Stands for "never": the distance to a word or line that does not come again."""

SPACED_END = "\u0e00"
"""Keys from here on (Thai, Han, Kana, Hangul) are content words however short."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns over n lines and m tokens (a key counts once a line). `starts[i]` is the first token of line i.

    `gap` is the number of blank lines before a line; `words` may be fractions. `tokens` numbers the keys.
    `before`/`after` give for each token the token at which its key stood last and will stand next, -FAR and FAR where
    none; `same_before`/`same_after` the same for lines.
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
    tokens: Ints
    before: Ints
    after: Ints
    frequency: Ints
    same_before: Ints
    same_after: Ints

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, start: int, end: int) -> "Lines":
        """The columns of the lines from `start` up to `end`, as if they were the whole dump. At least one line."""
        low = int(self.starts[start])
        high = int(self.starts[end]) if end < len(self) else len(self.tokens)
        gap = self.gap[start:end].copy()
        gap[0] = 0.0
        tokens = self.tokens[low:high]
        return Lines(
            texts=self.texts[start:end],
            gap=gap,
            words=self.words[start:end],
            own=self.own[start:end],
            lexical=self.lexical[start:end],
            starts=self.starts[start:end] - low,
            owner=self.owner[low:high] - start,
            capital=self.capital[low:high],
            short=self.short[low:high],
            tokens=tokens,
            before=_within_back(self.before[low:high], low),
            after=_within_ahead(self.after[low:high], low, high),
            frequency=np.bincount(tokens)[tokens] if high > low else tokens,
            same_before=_within_back(self.same_before[start:end], start),
            same_after=_within_ahead(self.same_after[start:end], start, end),
        )


def _within_back(places: Ints, low: int) -> Ints:
    return np.where(places >= low, places - low, -FAR)


def _within_ahead(places: Ints, low: int, high: int) -> Ints:
    return np.where(places < high, places - low, FAR)


def read(texts: Sequence[str], gaps: Sequence[int], lexicon: Lexicon) -> Lines:
    """The columns of a dump's non-blank lines, without outer white space, and the blank lines before each."""
    counts: list[int] = []
    sizes: list[float] = []
    chars: list[int] = []
    capitals: list[float] = []
    lexical: list[tuple[float, float, float]] = []
    vocabulary: dict[str, int] = {}
    ids: list[int] = []
    capital: list[bool] = []
    for text in texts:
        found = read_words(text)
        sizes.append(found.size)
        chars.append(found.chars)
        capitals.append(sum(found.capital) / max(1, len(found.capital)))
        lexical.append(lexicon.score(found.keys))
        own_keys = dict(zip(found.keys, found.capital, strict=True))
        counts.append(len(own_keys))
        ids += [vocabulary.setdefault(key, len(vocabulary)) for key in own_keys]
        capital += own_keys.values()
    words = np.array(sizes, dtype=np.float64)
    tokens = np.array(ids, dtype=np.int64)
    size = np.array(counts, dtype=np.int64)
    before, after = _chains(tokens)
    same_before, same_after = _twins(texts)
    short = np.array([len(key) <= 3 and key < SPACED_END for key in vocabulary], dtype=bool)
    return Lines(
        texts=tuple(texts),
        gap=np.array(gaps, dtype=np.float64),
        words=words,
        own=own_columns(texts, words, np.array(chars, dtype=np.float64), np.array(capitals, dtype=np.float64)),
        lexical=np.array(lexical, dtype=np.float64).reshape(len(texts), 3),
        starts=np.cumsum(size) - size,
        owner=np.repeat(np.arange(len(texts)), size),
        capital=np.array(capital, dtype=bool),
        short=short[tokens] if len(tokens) else np.zeros(0, dtype=bool),
        tokens=tokens,
        before=before,
        after=after,
        frequency=np.bincount(tokens, minlength=len(vocabulary))[tokens],
        same_before=same_before,
        same_after=same_after,
    )


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
