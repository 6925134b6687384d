"""Text whose lines were broken at a width: what that width is, and which line goes on in the next.

A line is broken at width W where it is no longer than W, and the first word of the next line would not have fitted
behind it. Where lines end of themselves, hardly any W holds for many of them; where they were broken, one holds for
nearly all.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

NARROWEST, WIDEST = 40, 140
"""Characters: mails and archives break at 60 to 80, html2text at 78, reports at up to 132."""
LEAST_BROKEN = 5
"""So many lines must be broken at a width before it counts as the text's."""
LEAST_SHARE = 0.65
"""Of the lines about as long as the width or longer. Of 588 development dumps 100 were broken, at 78: they have 0.79 or
more, of the others all but two below 0.6."""
RAGGED = 22
"""A broken line is at most so much shorter than the width, but for a long word after it."""
MOST_LINES = 200_000
"""Of a text with more line ends nothing is joined: whole again they are as many lines as a dump may have."""
SAMPLE_LINES = 4_000
"""Lines that are looked at for the width, from the start of the text."""

JOINER = "\u2060"
"""The word joiner: no width, and taken away with all that cannot be seen when a line is tidied."""

_OWN_LINE = re.compile(r"\s{0,40}(?:[-*+•‣◦▪–—>#|=_]|\d{1,3}[.)]\s|\S{1,30}:(?:\s|$))")
"""A line that starts of itself: an item, a quotation, a heading, a row, a label."""
_LINE_END = re.compile(r"\r\n|[\r\n]|\Z")
_FIRST_WORD = re.compile(r"\s{0,200}(\S{1,200})")
_HYPHENATED = re.compile(r"[^\W\d_]-$")


class Written(NamedTuple):
    """A line as it stands in the text, blank ones too: its start and end there, line ends apart."""

    start: int
    end: int


def find_width(text: str, lines: Sequence[Written]) -> int | None:
    """The width at which the lines of `text` were broken, in characters; None where they end of themselves."""
    pairs = [_room(text, one, two) for one, two in pairwise(lines[:SAMPLE_LINES])]
    needs = [pair for pair in pairs if pair is not None]
    if len(needs) < LEAST_BROKEN:
        return None
    width, broken = _most_common_width(needs)
    near = sum(1 for length, _ in needs if length >= width - RAGGED)
    return width if broken >= LEAST_BROKEN and broken >= LEAST_SHARE * near else None


def unwrap(text: str) -> str:
    """The text with its broken lines whole again, of the same length: each end of a broken line is a blank, or a sign
    that nobody sees where a word was broken at its own hyphen.
    """
    if text.count("\n") > MOST_LINES:
        return text
    lines = written_lines(text)
    width = find_width(text, lines)
    if width is None:
        return text
    pieces: list[str] = []
    at = 0
    for one, two in pairwise(lines):
        room = _room(text, one, two)
        if room is not None and room[0] <= width < room[1]:
            hyphenated = _HYPHENATED.search(text, max(one.start, one.end - 2), one.end) and text[two.start].islower()
            pieces += text[at : one.end], (JOINER if hyphenated else " ") * (two.start - one.end)
            at = two.start
    return "".join([*pieces, text[at:]])


def written_lines(text: str) -> list[Written]:
    """The lines of a text, blank ones too."""
    ends = [match.span() for match in _LINE_END.finditer(text)]
    return [Written(start, end) for (_, start), (end, _) in pairwise([(0, 0), *ends])]


def _room(text: str, line: Written, after: Written) -> tuple[int, int] | None:
    """The line's length, and what it would have with the next one's first word; None where these do not run on."""
    if line.start == line.end or after.start == after.end or after.end - after.start > WIDEST:
        return None
    if _OWN_LINE.match(text, after.start, after.end) or _indent(text, after) > _indent(text, line) + 1:
        return None
    word = _FIRST_WORD.match(text, after.start, after.end)
    length = line.end - line.start
    return (length, length + 1 + len(word[1])) if word else None


def _indent(text: str, line: Written) -> int:
    piece = text[line.start : min(line.end, line.start + WIDEST)]
    return len(piece) - len(piece.lstrip())


def _most_common_width(needs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The width that breaks the most lines, and how many; the least of several."""
    steps = [0] * (WIDEST + 2)
    for length, needed in needs:
        first, end = max(length, NARROWEST), min(needed, WIDEST + 1)
        if first < end:
            steps[first] += 1
            steps[end] -= 1
    best = broken = held = 0
    for width, step in enumerate(steps):
        held += step
        if held > broken:
            best, broken = width, held
    return best, broken
