"""A dump's lines into stories: cut where scores or rules say so, each part then read on its own (`dump_story`)."""

from collections.abc import Sequence
from itertools import pairwise

from broadsheet.blocks.dump import gaps, read_lines
from broadsheet.clean.words import count_words
from broadsheet.errors import NoneReason
from broadsheet.extract.dump_story import read_story, removed_line
from broadsheet.extract.refuse import refuse_text
from broadsheet.split.dump import cut_parsed, parse_lines
from broadsheet.split.lines import Parsed
from broadsheet.split.rules import cut_dump
from broadsheet.timing import Laps
from broadsheet.values import Block, Extraction, Page, Story

FULL_WORDS = 70
"""A story cut from a dump has so many words of body: the shortest of 518 in the development sets has 120."""
LEARNED_LINES = 4_000
LEARNED_CHARS = 500_000
"""Longer dumps are cut and cleaned by rules alone: the learned parts take some 0.1 ms a line, which would be half a
second here. The largest dump of 1,600 real pages has 1,274 lines and 78,000 characters.
"""


def extract_dump(page: Page) -> Extraction:
    """The stories of a text dump, in order; none and the reason where it holds no prose."""
    laps = Laps()
    lines = read_lines(page.text)
    laps.lap("blocks")
    if not lines:
        return Extraction((), reason=NoneReason.EMPTY)
    refusal = refuse_text([line.text for line in lines], page.status)
    if refusal:
        return Extraction((), reason=refusal, removed=tuple(removed_line("no-article", line) for line in lines))
    learned = len(lines) <= LEARNED_LINES and len(page.text) <= LEARNED_CHARS
    parsed = parse_lines([line.text for line in lines]) if learned else None
    cuts = cut_dump(lines) if parsed is None else cut_parsed(parsed, gaps(lines))
    laps.lap("split")
    stories = _read_parts(lines, parsed, cuts)
    kept = tuple(story for _, story in stories if story.body)
    empty = (part for part, story in stories if not story.body)
    spare = tuple(removed_line("no-article", line) for part in empty for line in lines[part])
    laps.lap("extract")
    return Extraction(kept, reason=None if kept else NoneReason.NO_ARTICLE_TEXT, removed=spare, timings_ms=laps.ms)


def _read_parts(
    lines: Sequence[Block], parsed: Sequence[Parsed] | None, cuts: Sequence[int]
) -> list[tuple[slice, Story]]:
    """The story of each part between the cuts. A cut that leaves hardly any body on its one side is undone: it parts
    a page's menu from its story, or a box from what it stands under.
    """

    def read(start: int, end: int) -> tuple[slice, Story]:
        part = slice(start, end)
        return part, read_story(lines[part], parsed[part] if parsed else None)

    found = [read(start, end) for start, end in pairwise([0, *cuts, len(lines)])]
    full = [part.start for part, story in found if _body_words(story) >= FULL_WORDS]
    known = {(part.start, part.stop): story for part, story in found}
    edges = list(pairwise([0, *full[1:], len(lines)]))
    return [(slice(*edge), known[edge]) if edge in known else read(*edge) for edge in edges]


def _body_words(story: Story) -> float:
    return sum(count_words(block.text) for block in story.body)
