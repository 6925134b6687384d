"""The words of texts, as `broadsheet.native.tokens` reads them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from broadsheet.cohesion.lexicon import WORDS_READ, Lexicon, Weights
from broadsheet.cohesion.tokens import Texts

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff"
"""Vowel signs and accents apart from their letters; Indic blocks whole, for their signs count as no letters."""


RUN = re.compile(rf"[\w{_MARKS}]+(?:['’]\w+)*")


UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff]")


HAN_WORD = 0.55
"""Words in a Han or Kana character: about 1.8 characters a word, a mean of Chinese and Japanese news prose."""


ABUGIDA_WORD = 0.2
"""Words in a Thai, Lao, Khmer or Burmese character (vowel signs counted): about five characters a word."""


STEM_CHARS = 7
"""Keys keep this many characters, so that most inflected forms of a long word meet without a stemmer."""


class Words(NamedTuple):
    """The words of a text: how many (a fraction where estimated), their characters, keys, capitalised or not."""

    size: float
    chars: int
    keys: list[str]
    capital: list[bool]


SPACED_END = "\u0e00"
"""Keys from here on (Thai, Han, Kana, Hangul) are content words however short."""


def read_texts(texts: Sequence[str], lexicon: Lexicon) -> Texts:
    vocabulary: dict[str, int] = {}
    rows: list[tuple[float, float, float]] = []
    lexical: list[tuple[float, float, float]] = []
    counts: list[int] = []
    ids: list[int] = []
    capital: list[bool] = []
    for text in texts:
        found = read_words(text)
        rows.append((found.size, found.chars, sum(found.capital) / max(1, len(found.capital))))
        lexical.append(_score(lexicon, found.keys))
        own = dict(zip(found.keys, found.capital, strict=True))
        counts.append(len(own))
        ids += [vocabulary.setdefault(key, len(vocabulary)) for key in own]
        capital += own.values()
    sizes, chars, capitals = np.array(rows, dtype=np.float64).reshape(len(texts), 3).T.copy()
    return Texts(
        sizes,
        chars,
        capitals,
        np.array(lexical, dtype=np.float64).reshape(len(texts), 3),
        np.array(counts, dtype=np.int64),
        np.array(ids, dtype=np.int64),
        np.array(capital, dtype=bool),
        np.array([len(key) <= 3 and key < SPACED_END for key in vocabulary], dtype=bool),
    )


def read_words(text: str) -> Words:
    """The words of `text`; linear in its length."""
    runs = RUN.findall(text)
    if UNSPACED.search(text):
        return _unspaced(text, runs)
    return Words(
        float(len(runs)),
        sum(map(len, runs)),
        [run[:STEM_CHARS].lower() for run in runs],
        [run[0].isupper() for run in runs],
    )


def count_words(text: str) -> float:
    """How many words `text` has."""
    return read_words(text).size if UNSPACED.search(text) else float(len(RUN.findall(text)))


def _unspaced(text: str, runs: list[str]) -> Words:
    """As `read_words` for a text that has characters of a script without spaces: keys are their overlapping pairs."""
    keys: list[str] = []
    capital: list[bool] = []
    for run in runs:
        parts = (
            [run[at : at + 2] for at in range(max(1, len(run) - 1))]
            if UNSPACED.search(run)
            else [run[:STEM_CHARS].lower()]
        )
        keys += parts
        capital += [False] * len(parts) if len(parts) > 1 else [run[0].isupper()]
    estimate = 0.0
    for char in UNSPACED.findall(text):  # one by one: `sum` would round otherwise from Python 3.12 on
        estimate += HAN_WORD if char >= "\u3000" else ABUGIDA_WORD
    return Words(estimate + len(RUN.findall(UNSPACED.sub(" ", text))), sum(map(len, runs)), keys, capital)


def _score(lexicon: Lexicon, keys: Sequence[str]) -> Weights:
    """Mean log odds over the known keys at a line's start; zeros where none is known."""
    known = [found for key in keys[:WORDS_READ] if (found := lexicon.weights.get(key)) is not None]
    if not known:
        return (0.0, 0.0, 0.0)
    count = len(known)
    above, within, below = map(sum, zip(*known, strict=True))
    return (above / count, within / count, below / count)
