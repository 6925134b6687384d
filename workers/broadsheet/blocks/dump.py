"""A text dump into blocks: one a line that holds text, with its line number and span.

Nothing is judged here. A gap between two blocks is told by their line numbers (`line_of`).
"""

from broadsheet.clean.text import tidy
from broadsheet.values import Block, Kind, Span


def read_lines(text: str) -> list[Block]:
    """Every line of `text` that is not blank as a paragraph block; `where` is "line N", counted from 1."""
    blocks = []
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        shown = tidy(line)
        if shown:
            blocks.append(Block(shown, Kind.PARAGRAPH, f"line {number}", span=_inner(line, start)))
        start += len(line)
    return blocks


def line_of(block: Block) -> int:
    """The line a dump's block stood on, counted from 1."""
    return int(block.where.removeprefix("line "))


def _inner(line: str, start: int) -> Span:
    """The span of `line` without its outer white space."""
    lead = len(line) - len(line.lstrip())
    return Span(start + lead, start + max(lead, len(line.rstrip())))
