"""A text dump into blocks: one a line that holds text, with its line number and span.

Nothing is judged here. A gap between two blocks is told by their line numbers (`line_of`).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from broadsheet.clean.text import tidy
from broadsheet.errors import PageError, Reason
from broadsheet.values import Block, Kind, Span

LINE_END = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
"""Not the next-line control U+0085: in scraped text it is a broken byte far more often than a line's end."""
MAX_LINES = 25_000
"""Lines with text; as many as an HTML page may have blocks. The largest dump of 1,600 real pages has 1,274."""

_WRITTEN = re.compile(r"\S[^\n\r\v\f\u2028\u2029]*")
"""From a line's first sign to its end: blank lines are passed over, however many there are."""


def read_lines(text: str) -> list[Block]:
    """Every line of `text` that is not blank as a paragraph block; `where` is "line N", counted from 1.

    Raises `PageError` (too-large) above `MAX_LINES`.
    """
    blocks: list[Block] = []
    number, end = 1, 0
    for count, match in enumerate(_WRITTEN.finditer(text)):
        if count == MAX_LINES:
            raise PageError(Reason.TOO_LARGE, f"the dump has more than {MAX_LINES} lines of text")
        start = match.start()
        number += _line_ends(text[end:start])
        end = match.end()
        line = match.group()
        shown = tidy(line)
        if shown:
            blocks.append(Block(shown, Kind.PARAGRAPH, f"line {number}", span=Span(start, start + len(line.rstrip()))))
    return blocks


def gaps(lines: Sequence[Block]) -> list[int]:
    """The number of blank lines before each line but the first."""
    numbers = [line_of(line) for line in lines]
    return [0, *(after - before - 1 for before, after in pairwise(numbers))] if numbers else []


def line_of(block: Block) -> int:
    """The line a dump's block stood on, counted from 1."""
    return int(block.where.removeprefix("line "))


def _line_ends(blank: str) -> int:
    """How many lines end in a stretch without text."""
    if len(blank) < 3:
        return len(blank) if blank in ("\n", "\n\n") else len(LINE_END.findall(blank))
    ends = sum(map(blank.count, "\n\r\v\f\u2028\u2029"))
    return ends - blank.count("\r\n")
