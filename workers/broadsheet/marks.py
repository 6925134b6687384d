"""Marks heaped on one letter, held to a number: Unicode's normal forms put them in order at the square of it."""

import re
import unicodedata

MOST_MARKS = 30
"""On one letter, as in Unicode's stream-safe text (UAX 15, 13). Scripts that heap them use four or five."""
_HEAP = re.compile(rf"[^\w\s\0-\u02ff]{{{MOST_MARKS + 1},}}")
"""Marks are neither letters nor digits; nor are other signs, which stay."""
_MAY_BE_HEAPED = re.compile(r"[^\w\s\0-\u02ff]{2}")
_STEP = MOST_MARKS // 2
"""If only every so-many-th character is looked at, a heap still shows two in a row: most texts cost no more."""


def without_heaps(text: str) -> str:
    """`text` with at most `MOST_MARKS` marks on a letter: what can be normalised in linear time."""
    if len(text) <= MOST_MARKS or text.isascii() or not _MAY_BE_HEAPED.search(text[::_STEP]):
        return text
    return _HEAP.sub(_lowered, text)


def _lowered(heap: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in heap.group():
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
