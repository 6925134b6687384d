"""A text dump into blocks: one a line that holds text, with its line number and span.

Nothing is judged here. A gap between two blocks is told by their line numbers (`line_of`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from broadsheet.clean.text import tidy
from broadsheet.values import Block, Kind, Span

LINE_END = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
"""Not the next-line control U+0085: in scraped text it is a broken byte far more often than a line's end."""


def read_lines(text: str) -> list[Block]:
    """Every line of `text` that is not blank as a paragraph block; `where` is "line N", counted from 1."""
    blocks = []
    for number, span in enumerate(_spans(text), 1):
        line = text[span.start : span.end]
        shown = tidy(line)
        if shown:
            blocks.append(Block(shown, Kind.PARAGRAPH, f"line {number}", span=_inner(line, span.start)))
    return blocks


def gaps(lines: Sequence[Block]) -> list[int]:
    """The number of blank lines before each line but the first."""
    numbers = [line_of(line) for line in lines]
    return [0, *(after - before - 1 for before, after in pairwise(numbers))] if numbers else []


def _spans(text: str) -> Iterator[Span]:
    """Where each line stands, blank ones included, without its end."""
    start = 0
    for end in LINE_END.finditer(text):
        yield Span(start, end.start())
        start = end.end()
    yield Span(start, len(text))


def line_of(block: Block) -> int:
    """The line a dump's block stood on, counted from 1."""
    return int(block.where.removeprefix("line "))


def _inner(line: str, start: int) -> Span:
    """The span of `line` without its outer white space."""
    lead = len(line) - len(line.lstrip())
    return Span(start + lead, start + max(lead, len(line.rstrip())))
