"""Words of a text in any script: how many there are, and the keys by which cohesion compares them.

Where words stand apart by spaces a word is a run of letters and digits. Where they do not (Han, Kana, Thai, Lao,
Khmer, Burmese) a count in words is an estimate from the characters, and the keys are overlapping pairs of them.
"""

import re
from typing import NamedTuple

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
    estimate = sum(HAN_WORD if char >= "\u3000" else ABUGIDA_WORD for char in UNSPACED.findall(text))
    return Words(estimate + len(RUN.findall(UNSPACED.sub(" ", text))), sum(map(len, runs)), keys, capital)
