"""Marks of a page in a row of pages: "Page 2 of 5", "Seite 2 von 5", "2/5", told by their shape in any language."""

import re
from collections.abc import Sequence

from broadsheet.text.line import Line
from broadsheet.text.numbers import number_or_zero

LONGEST = 40
"""Characters of such a line."""
HEAD_LINES = 4
"""Above the text it is among the first lines: further down in a head a shot of a gallery may be "Photo 2 of 5"."""

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])"
_MARK = re.compile(
    rf"[\W_]*(?P<name>{_LETTER}{{1,14}}[\s.:]*)?(?P<number>\d{{1,2}})\s?{_LETTER}{{0,3}}"
    rf"(?:\s*[/／⁄|]\s*共?\s?|[\s,(（]+(?!x\s)(?:{_LETTER}{{1,5}}|{_LETTER}{{1,9}}\s{_LETTER}{{1,3}})\s+|[\s,，]?共\s?)"
    rf"(?P<pages>\d{{1,2}})\s?{_LETTER}{{0,3}}[\W_]*",
    re.IGNORECASE,
)
"""A word or none, a small number, a slash or a short word, another small number: the line holds no more."""


def page_of(text: str) -> tuple[int, int] | None:
    """(page, pages) if the whole line is such a mark; None for any other line."""
    if len(text) > LONGEST:
        return None
    match = _MARK.fullmatch(text)
    if match is None:
        return None
    at, pages = number_or_zero(match["number"]), number_or_zero(match["pages"])
    return (at, pages) if 1 <= at <= pages and pages >= 2 else None


def find_pagination(lines: Sequence[Line]) -> tuple[tuple[int, int], list[int]] | None:
    """(page, pages) and the places of the lines that say so, where a dump's lines mark it as one page of several.

    A mark stands above the text or below it, and numbers alone ("2/5") at its very start or end only: elsewhere they
    are scores and ratings. None where there is no mark, or two that differ.
    """
    found = {at: mark for at in _edges(lines) if (mark := page_of(lines[at].text)) and _placed(lines, at)}
    marks = set(found.values())
    return (marks.pop(), sorted(found)) if len(marks) == 1 else None


def _edges(lines: Sequence[Line]) -> list[int]:
    """The places of the first lines before the prose and of all lines behind it."""
    first = next((at for at, line in enumerate(lines) if line.prose), None)
    if first is None:
        return []
    last = len(lines)
    while not lines[last - 1].prose:
        last -= 1
    return [*range(min(first, HEAD_LINES)), *range(last, len(lines))]


def _placed(lines: Sequence[Line], at: int) -> bool:
    return at in (0, len(lines) - 1) or any(char.isalpha() for char in lines[at].text)
