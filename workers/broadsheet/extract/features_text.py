"""What a block's own text says, in numbers: lengths, links, punctuation, wording, repeats."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import name_words
from broadsheet.blocks.tree import Head, Run

Floats = NDArray[np.float32]

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of this many words with a smaller share of linked characters."""

_COMMAS = (",", "، ", "、", "，")
_STOPS = ".!?。！？…۔।؟"
_CLOSING = "\"”'»)]"
_OPENING = "\"“«„'‘"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_DATE = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[:.h]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]")
_EDGE = re.compile(r"[^\W_]+")

_NAMES = """words chars linked links lines commas stops ends_stop ends_colon upper_first lower_first digit_first
quote_first signs marks caps digits date repeats in_title in_description in_body is_title wording naming"""
TEXT_NAMES = tuple(_NAMES.split())
SHORT_CHARS = 160
"""Longer blocks are told by their length and place: signs, case and dates are looked at in short ones."""
WORDING = TEXT_NAMES.index("wording")

_EDGE_CHARS = 48
_EDGE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Learned weights of words: of those a block begins with, and of the names on the elements around it."""

    text: dict[str, float]
    names: dict[str, float]


def count_words(text: str) -> int:
    """Words by blanks; where a script has none, two characters a word."""
    spaced = text.count(" ") + text.count("\n") + 1
    if len(text) > 12 * spaced and not text.isascii():
        return max(spaced, len(_UNSPACED.findall(text)) // 2)
    return spaced


def edge_words(text: str) -> list[str]:
    """The words a block's wording is judged by: its first six, lower case, the first marked, and the first pair."""
    found = _EDGE.findall(text[:_EDGE_CHARS].lower())[:_EDGE_WORDS]
    if not found:
        return []
    return [f"^{found[0]}", " ".join(found[:2]), *found[len(found) == 1 :]]


def only_link(words: int, chars: int, linked: int) -> bool:
    """Whether a block is so short and so much link that the model is not asked about it."""
    return words < 6 and linked >= 0.8 * chars


def text_numbers(blocks: Sequence[Run], head: Head, body: str, lexicon: Lexicon, naming: Sequence[float]) -> Floats:
    """One row a block, columns as `TEXT_NAMES`. `body` is the JSON-LD articleBody or empty.

    Blocks that are only a link get their lengths and nothing else.
    """
    times = Counter([block.text for block in blocks])
    title = (head.meta("og:title", "twitter:title") or "") + " | " + (head.title or "")
    description = head.meta("description", "og:description") or ""
    rest = (0,) * (len(TEXT_NAMES) - 5)
    rows: list[tuple[float, ...]] = []
    for block, name in zip(blocks, naming, strict=True):
        text, linked = block.text, block.linked
        words, size = count_words(text), len(text)
        measures = (words, size, linked, len(block.links))
        if only_link(words, size, linked):
            rows.append((*measures, *rest, name))
            continue
        edge = text[:40]
        rows.append(
            (
                *measures,
                *_shape(text, size),
                times[text],
                8 < size < SHORT_CHARS and text in title,
                size > 8 and edge in description,
                bool(body) and size > 20 and edge in body,
                8 < size < SHORT_CHARS and title.startswith(text),
                wording_weight(text, lexicon),
                name,
            )
        )
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(TEXT_NAMES))


def _shape(text: str, size: int) -> tuple[float, ...]:
    """Punctuation, case and signs: from the column "lines" to "date"."""
    first, last = text[0], text[-1]
    stop = last in _STOPS or (last in _CLOSING and size > 1 and text[-2] in _STOPS)
    if size >= SHORT_CHARS:
        commas = text.count(",") if text.isascii() else sum(map(text.count, _COMMAS))
        sentences = text.count(". ") + text.count("。")
        case = (first.isupper(), first.islower(), first.isdigit(), first in _OPENING)
        return (text.count("\n"), commas, sentences, stop, last == ":", *case, 0, "@" in text, 0, 0, 0)
    start = text[:24]
    return (
        text.count("\n"),
        text.count(","),
        text.count(". "),
        stop,
        last == ":",
        first.isupper(),
        first.islower(),
        first.isdigit(),
        first in _OPENING,
        ("|" in text) + ("»" in text) + ("›" in text) + ("•" in text),
        ("@" in text) + ("©" in text) * 2 + ("http" in text),
        sum(map(str.isupper, start)) / len(start),
        sum(map(str.isdigit, start)) / len(start),
        _DATE.search(text) is not None,
    )


def wording_weight(text: str, lexicon: Lexicon) -> float:
    """What a block's first words say, by the learned weights."""
    weight = lexicon.text.get
    return sum([weight(word, 0.0) for word in edge_words(text)])


def naming_weight(names: str, lexicon: Lexicon) -> float:
    """What the names on one element say, by the learned weights."""
    weight = lexicon.names.get
    return sum([weight(word, 0.0) for word in name_words(names)])
