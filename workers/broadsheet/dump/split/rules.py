"""Cuts between the stories of a dump by rules: only where a page repeats a head it cannot repeat within one story.

A false cut tears a story in two, a missed one leaves two in one record: the first is worse, so each rule wants
several signs at once. What it misses is the learned splitter's part.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from broadsheet.text.line import PROSE_WORDS, Line
from broadsheet.text.words import ends_sentence

HEAD_LINES = 8
"""A doubled headline comes back within so many lines, its caption with it."""
MIN_STORY_WORDS = 60
"""Neither side of a cut may hold fewer words of prose."""
TITLE_WORDS = range(3, 31)


def cut_dump(lines: Sequence[Line]) -> list[int]:
    """The indices at which a further story starts, ascending; empty where the dump is one story (or none).

    A cut is made before a doubled head: a title-like line that is new to the page, comes back within a few lines,
    with nothing but captions and furniture in between, a caption that comes back too, prose before and prose after.
    Linear in the number of lines.
    """
    times = Counter(line.key for line in lines)
    seen: set[str] = set()
    prose = [0, *accumulate(line.words if line.words >= PROSE_WORDS else 0 for line in lines)]
    cuts = [0]
    for index, title in enumerate(lines):
        new = index > 0 and title.key not in seen
        seen.add(title.key)
        if (
            new
            and times[title.key] > 1
            and title.words in TITLE_WORDS
            and prose[index] - prose[cuts[-1]] >= MIN_STORY_WORDS
            and prose[-1] - prose[index] >= MIN_STORY_WORDS
            and _opens_story(lines, times, index)
        ):
            cuts.append(index)
    return cuts[1:]


def _opens_story(lines: Sequence[Line], times: Mapping[str, int], index: int) -> bool:
    """Whether a doubled head starts at `index`, after prose that has come to its end."""
    title = lines[index].key
    if not _after_prose(lines, index) or ends_sentence(lines[index].text.rstrip("?!")):
        return False
    near = range(index + 1, min(len(lines), index + 1 + HEAD_LINES))
    again = next((i for i in near if lines[i].key == title), None)
    if again is None:
        return False
    head = range(again + 1, min(len(lines), again + 1 + HEAD_LINES))
    body = next((i for i in head if lines[i].prose and times[lines[i].key] == 1), None)
    if body is None:
        return False
    between = [lines[i] for i in range(index + 1, body) if i != again]
    captions = [line for line in between if line.furniture is None]
    return bool(captions) and all(_doubled(line, between) for line in captions)


def _doubled(caption: Line, head: Sequence[Line]) -> bool:
    """Whether a line of the head is a caption: it stands there twice, or names its photographer."""
    return sum(line.key == caption.key for line in head) > 1 or caption.credited.credit is not None


def _after_prose(lines: Sequence[Line], index: int) -> bool:
    """Whether one of the three lines before is prose: a story has just ended, but for a line of furniture or two."""
    return any(line.prose for line in lines[max(0, index - 3) : index])
