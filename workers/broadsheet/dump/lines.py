"""A plain text into its lines: those that hold text, each with its number, its span, and the blank lines before it.

Lines that were broken at a width are whole again. Nothing is judged here.
"""

import re
from collections.abc import Sequence

from broadsheet.dump.wrapped import unwrap
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
    whole = unwrap(text)
    lines: list[Line] = []
    number, end = 1, 0
    for match in _WRITTEN.finditer(whole):
        start = match.start()
        ends = _line_ends(text[end:start])
        number += ends
        end = match.end()
        written = match.group().rstrip(" \t")  # no other blanks: a no-break space may end a character misread
        shown = tidy(written)
        if shown:
            hold_lines(len(lines))
            blank = max(0, ends - 1) if lines else 0
            lines.append(Line(shown, number, Span(start, start + len(written.rstrip())), len(lines), blank))
        if whole is not text:
            number += _line_ends(text[start:end])
    return lines


def hold_lines(count: int) -> None:
    """Raises `PageError` (too-large) where one more line is too many."""
    if count == MAX_LINES:
        raise PageError(Reason.TOO_LARGE, f"the dump has more than {MAX_LINES} lines of text")


def gaps(lines: Sequence[Line]) -> list[int]:
    """The number of blank lines before each line."""
    return [line.blank for line in lines]


def _line_ends(blank: str) -> int:
    """How many lines end in a stretch without text."""
    if len(blank) < 3:
        return len(blank) if blank in ("\n", "\n\n") else len(LINE_END.findall(blank))
    ends = sum(map(blank.count, "\n\r\v\f\u2028\u2029"))
    return ends - blank.count("\r\n")
