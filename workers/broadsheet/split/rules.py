"""Cuts between the stories of a dump by rules: only where a page repeats a head it cannot repeat within one story.

A false cut tears a story in two, a missed one leaves two in one record: the first is worse, so each rule wants
several signs at once. What it misses is the learned splitter's part.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from broadsheet.clean.credits import part_credit
from broadsheet.clean.furniture import furniture_kind
from broadsheet.clean.words import count_words, ends_sentence, fold
from broadsheet.values import Block

HEAD_LINES = 8
"""A doubled headline comes back within so many lines, its caption with it."""
LONG_WORDS = 20
"""A line of so many words is prose."""
MIN_STORY_WORDS = 60
"""Neither side of a cut may hold fewer words of prose."""
TITLE_WORDS = range(3, 31)


def cut_dump(blocks: Sequence[Block]) -> list[int]:
    """The indices at which a further story starts, ascending; empty where the dump is one story (or none).

    A cut is made before a doubled head: a title-like line that is new to the page, comes back within a few lines,
    with nothing but captions and furniture in between, a caption that comes back too, prose before and prose after.
    Linear in the number of lines.
    """
    words = [count_words(block.text) for block in blocks]
    folded = [fold(block.text) for block in blocks]
    times = Counter(folded)
    seen: set[str] = set()
    prose = [0, *accumulate(count if count >= LONG_WORDS else 0 for count in words)]
    cuts = [0]
    for index, title in enumerate(folded):
        new = index > 0 and title not in seen
        seen.add(title)
        if (
            new
            and times[title] > 1
            and words[index] in TITLE_WORDS
            and prose[index] - prose[cuts[-1]] >= MIN_STORY_WORDS
            and prose[-1] - prose[index] >= MIN_STORY_WORDS
            and _opens_story(blocks, words, folded, times, index)
        ):
            cuts.append(index)
    return cuts[1:]


def _opens_story(
    blocks: Sequence[Block], words: Sequence[int], folded: Sequence[str], times: Mapping[str, int], index: int
) -> bool:
    """Whether a doubled head starts at `index`, after prose that has come to its end."""
    title = folded[index]
    if not _after_prose(blocks, words, index) or ends_sentence(blocks[index].text.rstrip("?!")):
        return False
    near = range(index + 1, min(len(blocks), index + 1 + HEAD_LINES))
    again = next((i for i in near if folded[i] == title), None)
    if again is None:
        return False
    head = range(again + 1, min(len(blocks), again + 1 + HEAD_LINES))
    body = next((i for i in head if _is_prose(blocks[i], words[i]) and times[folded[i]] == 1), None)
    if body is None:
        return False
    between = [i for i in range(index + 1, body) if i != again]
    captions = [i for i in between if furniture_kind(blocks[i].text) is None]
    return bool(captions) and all(_doubled(blocks, folded, i, between) for i in captions)


def _doubled(blocks: Sequence[Block], folded: Sequence[str], index: int, head: Sequence[int]) -> bool:
    """Whether a line of the head is a caption: it stands there twice, or names its photographer."""
    return sum(folded[i] == folded[index] for i in head) > 1 or part_credit(blocks[index].text).credit is not None


def _after_prose(blocks: Sequence[Block], words: Sequence[int], index: int) -> bool:
    """Whether one of the three lines before is prose: a story has just ended, but for a line of furniture or two."""
    return any(_is_prose(blocks[i], words[i]) for i in range(max(0, index - 3), index))


def _is_prose(block: Block, words: int) -> bool:
    return words >= LONG_WORDS and ends_sentence(block.text)
