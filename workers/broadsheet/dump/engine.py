"""A dump's lines into stories: cut where scores or rules say so, each part then read on its own (`dump_story`)."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from broadsheet.cohesion.lines import Lines, read
from broadsheet.cohesion.windows import Matrix
from broadsheet.dump.features import base
from broadsheet.dump.forms import read_dump
from broadsheet.dump.headings import mend_cuts
from broadsheet.dump.labelled.story import read_documents
from broadsheet.dump.lines import gaps
from broadsheet.dump.scores import LineScores, score_lines
from broadsheet.dump.separators import cut_separated
from broadsheet.dump.split.cuts import cut_lines, default_model
from broadsheet.dump.split.rules import cut_dump
from broadsheet.dump.story import read_story, removed_line
from broadsheet.errors import NoneReason
from broadsheet.options import MOST_STORIES, hold_count
from broadsheet.text.line import Line
from broadsheet.text.pagination import find_pagination
from broadsheet.text.refusal import refuse_text
from broadsheet.text.words import words_to
from broadsheet.timing import Laps
from broadsheet.values import Extraction, Page, PageFacts, Story

FULL_WORDS = 70
"""A story cut from a dump has so many words of body: the shortest of 518 in the development sets has 120."""
LEARNED_LINES = 4_000
LEARNED_CHARS = 500_000
"""Longer dumps are cut and cleaned by rules alone: the learned parts take some 0.1 ms a line, which would be half a
second here. The largest dump of 1,600 real pages has 1,274 lines and 78,000 characters.
"""

LONG_PROSE = 80
"""Lines of prose above which a story is long: of 1,489 development dumps 20 have more."""
STRETCH = 100
"""Lines. In a story of 800 paragraphs 21 are found as a whole, 754 in stretches of 400, 799 in those of 100 or 50."""
LEARNED_PARTS = 200
"""The parts of a dump that is cut oftener are read by rules alone: the models take 2 ms for each, however short."""


def extract_dump(page: Page, *, most: int = MOST_STORIES) -> Extraction:
    """The stories of a text dump, in order; none and the reason where it holds no prose.

    Raises `PageError` for a dump of too many lines, or one that is cut into more than `most` stories.
    """
    laps = Laps()
    lines = read_dump(page)
    laps.lap("blocks")
    if not lines:
        return Extraction((), reason=NoneReason.EMPTY)
    texts = [line.text for line in lines]
    refusal = refuse_text(texts, page.status)
    if refusal:
        return Extraction((), reason=refusal, removed=tuple(removed_line("no-article", line) for line in lines))
    labelled, outside = read_documents(lines)
    if labelled:
        hold_count(len(labelled), most)
        laps.lap("extract")
        return Extraction(tuple(labelled), removed=tuple(outside), timings_ms=laps.ms)
    learned = len(lines) <= LEARNED_LINES and len(page.text) <= LEARNED_CHARS
    seen = _look_at(texts, gaps(lines)) if learned else None
    sure = frozenset([*cut_separated(lines), *(line.at for line in lines[1:] if line.mark.told)])
    cuts = sorted(sure) or _cut(lines, seen)
    hold_count(len(cuts) + 1, most)
    laps.lap("split")
    pagination, marks = find_pagination(lines) or (None, [])
    stories = _read_parts(lines, seen, cuts, frozenset(marks), sure)
    kept = tuple(story for _, story in stories if story.body)
    empty = (part for part, story in stories if not story.body)
    spare = tuple(removed_line("no-article", line) for part in empty for line in lines[part])
    laps.lap("extract")
    facts = PageFacts(pagination=pagination)
    reason = None if kept else NoneReason.NO_ARTICLE_TEXT
    return Extraction(kept, facts, reason, spare, laps.ms)


def _cut(lines: Sequence[Line], seen: tuple[Lines, Matrix] | None) -> list[int]:
    """Where further stories start that nothing parts plainly: by scores or rules, and by headings of markup."""
    return mend_cuts(lines, cut_dump(lines) if seen is None else cut_lines(*seen))


def _look_at(texts: Sequence[str], blanks: Sequence[int]) -> tuple[Lines, Matrix]:
    """A dump's lines as the models see them; `blanks` is the number of blank lines before each."""
    columns = read(texts, blanks, default_model().lexicon)
    return columns, base(columns).matrix()


def _scores(seen: tuple[Lines, Matrix], start: int, end: int) -> LineScores:
    """What the models say of the lines of one part, seen as if they were the whole dump."""
    columns, matrix = seen
    if end - start == len(columns):
        return score_lines(columns, matrix)
    part = columns.part(start, end)
    return score_lines(part, base(part).matrix())


def _scores_of_long(seen: tuple[Lines, Matrix], lines: Sequence[Line], start: int, end: int) -> LineScores:
    """As `_scores`; of a very long story each stretch is looked at for itself too.

    What a line of body shares with the whole gets less the longer the whole is, so that the models, which know no story
    of such a length, lose it.
    """
    whole = _scores(seen, start, end)
    prose = np.array([line.prose for line in lines[start:end]])
    if prose.sum() <= LONG_PROSE:
        return whole
    edges = list(pairwise([*range(start, end - STRETCH // 2, STRETCH), end]))
    stretches = np.concatenate([_scores(seen, *edge).body for edge in edges])
    body = np.where(prose, np.maximum(whole.body, stretches), whole.body)
    between = np.minimum(np.roll(body, 1), np.roll(body, -1))  # prose between lines of body is body
    return whole._replace(body=np.where(prose, np.maximum(body, between), body))


def _read_parts(
    lines: Sequence[Line],
    seen: tuple[Lines, Matrix] | None,
    cuts: Sequence[int],
    marks: frozenset[int],
    sure: frozenset[int],
) -> list[tuple[slice, Story]]:
    """The story of each part between the cuts. A cut that leaves hardly any body on its one side is undone: it parts
    a page's menu from its story, or a box from what it stands under. Not so where the dump itself parts them (`sure`).
    """
    few = len(cuts) < LEARNED_PARTS

    def tell(start: int, end: int) -> tuple[slice, Story]:
        part = slice(start, end)
        return part, read_story(lines[part], _scores_of_long(seen, lines, start, end) if seen and few else None, marks)

    found = [tell(start, end) for start, end in pairwise([0, *cuts, len(lines)])]
    full = [part.start for part, story in found if _is_full(story) or (story.body and {part.start, part.stop} & sure)]
    known = {(part.start, part.stop): story for part, story in found}
    edges = list(pairwise([0, *full[1:], len(lines)]))
    return [(slice(*edge), known[edge]) if edge in known else tell(*edge) for edge in edges]


def _is_full(story: Story) -> bool:
    """Whether a story has the body of one; no more is counted than that takes."""
    words = 0
    for block in story.body:
        words += words_to(block.text, FULL_WORDS)
        if words >= FULL_WORDS:
            return True
    return False
