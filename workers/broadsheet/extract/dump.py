"""A dump's lines into stories: cut where scores or rules say so, each part then read on its own (`dump_story`)."""

from itertools import pairwise

from broadsheet.blocks.dump import gaps, read_lines
from broadsheet.errors import NoneReason
from broadsheet.extract.dump_story import read_story, removed_line
from broadsheet.extract.refuse import refuse_text
from broadsheet.split.dump import cut_parsed, parse_lines
from broadsheet.split.rules import cut_dump
from broadsheet.timing import Laps
from broadsheet.values import Extraction, Page

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
    starts = [0, *cuts, len(lines)]
    laps.lap("split")
    parts = [lines[start:end] for start, end in pairwise(starts)]
    read = [parsed[start:end] if parsed else None for start, end in pairwise(starts)]
    stories = [read_story(part, own) for part, own in zip(parts, read, strict=True)]
    kept = tuple(story for story in stories if story.body)
    empty = (part for part, story in zip(parts, stories, strict=True) if not story.body)
    spare = tuple(removed_line("no-article", line) for part in empty for line in part)
    laps.lap("extract")
    return Extraction(kept, reason=None if kept else NoneReason.NO_ARTICLE_TEXT, removed=spare, timings_ms=laps.ms)
