"""A text dump into its lines: those that hold text, each with its number and span.

Nothing is judged here. A gap between two lines is told by their numbers.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from broadsheet.errors import PageError, Reason
from broadsheet.text.line import Line
from broadsheet.text.tidy import tidy
from broadsheet.values import Span

LINE_END = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
"""Not the next-line control U+0085: in scraped text it is a broken byte far more often than a line's end."""
MAX_LINES = 25_000
"""Lines with text; as many as an HTML page may have blocks. The largest dump of 1,600 real pages has 1,274."""

_WRITTEN = re.compile(r"\S[^\n\r\v\f\u2028\u2029]*")
"""From a line's first sign to its end: blank lines are passed over, however many there are."""


def read_lines(text: str) -> list[Line]:
    """Every line of `text` that is not blank, counted from 1.

    Raises `PageError` (too-large) above `MAX_LINES`.
    """
    lines: list[Line] = []
    number, end = 1, 0
    for count, match in enumerate(_WRITTEN.finditer(text)):
        if count == MAX_LINES:
            raise PageError(Reason.TOO_LARGE, f"the dump has more than {MAX_LINES} lines of text")
        start = match.start()
        number += _line_ends(text[end:start])
        end = match.end()
        written = match.group().rstrip(" \t")  # no other blanks: a no-break space may end a character misread
        shown = tidy(written)
        if shown:
            lines.append(Line(shown, number, Span(start, start + len(written.rstrip())), len(lines)))
    return lines


def gaps(lines: Sequence[Line]) -> list[int]:
    """The number of blank lines before each line but the first."""
    return [0, *(line.number - before.number - 1 for before, line in pairwise(lines))] if lines else []


def _line_ends(blank: str) -> int:
    """How many lines end in a stretch without text."""
    if len(blank) < 3:
        return len(blank) if blank in ("\n", "\n\n") else len(LINE_END.findall(blank))
    ends = sum(map(blank.count, "\n\r\v\f\u2028\u2029"))
    return ends - blank.count("\r\n")
