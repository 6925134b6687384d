"""The head of a story in a dump: the lines before its prose, one of which is the headline."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.line import Line

HEAD_LINES = 60
"""Lines before the prose in which the headline is looked for: menus stand above it, and may be long; dates, captions,
summaries below it are few. One of 770 whole pages has its headline further up."""
SIGN_WORDS = 16
"""Longer lines are neither bylines nor dates."""


class Head(NamedTuple):
    """The lines that may be the headline, and the place of the line with which the prose begins."""

    lines: list[Line]
    prose: int


def find_head(lines: Sequence[Line], is_body: Callable[[Line], bool], end: int) -> Head:
    """The head of the story that `lines` tell, none of them furniture; `end` stands for prose that does not come."""
    start = next((index for index, line in enumerate(lines) if is_body(line) and line.prose), len(lines))
    return Head(list(lines[max(0, start - HEAD_LINES) : start]), lines[start].at if start < len(lines) else end)


def read_signs(line: Line) -> tuple[bool, bool, bool]:
    """Whether a line is a date, a byline, a caption that credits (`dump.heads`)."""
    short = line.words <= SIGN_WORDS
    date = short and any(map(str.isdigit, line.text)) and is_date_line(line.text)
    return date, short and byline_names(line.text) is not None, line.credited.credit is not None
