"""Finds the entries of a live blog: parts that stand side by side in one element and each open with a time of day.

No names of vendors: the page says that it is one (schema.org's LiveBlogPosting, its liveBlogUpdate), or shows it by
many timed entries of prose that hold most of its text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.prose import good_words
from broadsheet.html.scan.tree import Tree
from broadsheet.native.text import digit_led
from broadsheet.text.numbers import number_or_zero

STATED_ENTRIES, SHOWN_ENTRIES = 2, 4
"""Timed parts that a live blog has at least: where the page calls itself one, and where only its looks tell."""
OPENING_BLOCKS = 4
"""An entry's time stands among so many of its first blocks."""
PROSE_WORDS = 12
"""Words of a block that counts as prose; teasers beside a time have fewer."""
ENTRY_WORDS = 25
"""Words of prose an entry holds on average, where only looks tell."""
SHOWN_SHARE = 0.6
"""Of the page's prose that entries hold, where only looks tell."""
CLIMB = 10
"""Elements between a time and the element that holds all entries; real pages have under six."""
CLOCK_CHARS = 40
CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:.h\uff1a]([0-5]\d)(?![\d:]|\.\d)(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE
)
"""A time of day, 24 hours or 12: "14:32", "2.32pm", "14h32"."""
IN_ORDER = 0.8
"""Of the steps from entry to entry that go the same way in time, where only looks tell: lengths of videos do not."""
_OTHERS = BITS["comment"] | BITS["related"] | BITS["side"] | BITS["nav"] | BITS["footer"]


class Entry(NamedTuple):
    """An entry: its blocks are `lo` to `hi`, `heading` and `time` two of them; `moment` as a machine reads it."""

    lo: int
    hi: int
    time: int
    heading: int | None
    moment: str | None


def live_entries(tree: Tree) -> list[Entry]:
    """The entries of a live blog in the page's order; empty for every other page."""
    stated = _stated(tree)
    marks = _marks(tree)
    least = STATED_ENTRIES if stated else SHOWN_ENTRIES
    if len(marks) < least:
        return []
    entries = list(_entries(tree, marks))
    if len(entries) < least or not (stated or _shown(tree, entries)):
        return []
    return entries


def _stated(tree: Tree) -> bool:
    head = tree.head
    return any("LiveBlogPosting" in text for text in head.json_ld) or any(
        prop.name == "liveblogupdate" for prop in head.props
    )


def _marks(tree: Tree) -> dict[int, str | None]:
    """The blocks that open an entry: `time` elements and headings with a time of day, or short blocks of one."""
    marks: dict[int, str | None] = {}
    for time in tree.head.times:
        if time.block < len(tree.blocks) and _tells_clock(tree, time.block):
            marks.setdefault(time.block, time.datetime)
    for at in digit_led(tree.blocks):
        text = tree.blocks[at].text
        if at not in marks and CLOCK.match(text) and (len(text) <= CLOCK_CHARS or tree.level(at)):
            marks[at] = None
    return marks


def _tells_clock(tree: Tree, block: int) -> bool:
    text = tree.blocks[block].text
    return CLOCK.search(text[: 2 * CLOCK_CHARS]) is not None


def _entries(tree: Tree, marks: dict[int, str | None]) -> Iterator[Entry]:
    """The parts of the element that holds most of the marks side by side, each from its opening to the next's."""
    held: dict[int, dict[int, int]] = {}
    for mark in sorted(marks):
        e = tree.blocks[mark].owner
        for _ in range(CLIMB):
            if e <= 0 or tree.elements[e].hints & _OTHERS:
                break
            if mark - tree.elements[e].first >= OPENING_BLOCKS:
                break
            held.setdefault(tree.elements[e].parent, {}).setdefault(e, mark)
            e = tree.elements[e].parent
    if not held:
        return
    container = max(held, key=lambda e: (len(held[e]), -e))
    parts = sorted(held[container].items(), key=lambda part: part[1])
    whole = sum(tree.ends[e] - tree.elements[e].first > 1 for e, _ in parts) * 2 > len(parts)
    starts = [tree.elements[e].first if whole else _opening(tree, mark) for e, mark in parts]
    for at, (e, mark) in enumerate(parts):
        after = starts[at + 1] if at + 1 < len(parts) else tree.ends[container]
        hi = min(tree.ends[e], after) if whole else after
        if hi > starts[at]:
            yield Entry(starts[at], hi, mark, _heading(tree, starts[at], hi, mark), marks[mark])


def _opening(tree: Tree, mark: int) -> int:
    """Where an entry without an element of its own starts: at a heading just above its time."""
    return mark - 1 if mark and not tree.level(mark) and tree.level(mark - 1) not in (None, 1) else mark


def _heading(tree: Tree, lo: int, hi: int, mark: int) -> int | None:
    near: Iterable[int] = range(lo, min(hi, mark + OPENING_BLOCKS))
    return next((at for at in near if tree.level(at)), None)


def _shown(tree: Tree, entries: list[Entry]) -> bool:
    """Whether the entries are prose of their own that makes up the page: no list of teasers, no comments."""
    sizes = [_prose(tree, entry.lo, entry.hi) for entry in entries]
    linked = sum(bool(entry.heading is not None and tree.blocks[entry.heading].links) for entry in entries)
    return (
        sum(size > 0 for size in sizes) >= SHOWN_ENTRIES
        and sum(sizes) >= ENTRY_WORDS * len(entries)
        and sum(sizes) >= SHOWN_SHARE * _prose(tree, 0, len(tree.blocks))
        and 2 * linked <= len(entries)
        and _in_order([_minutes(tree.blocks[entry.time].text) for entry in entries])
    )


def _minutes(text: str) -> int:
    """The minute of the day that a text names first."""
    clock = CLOCK.search(text)
    if clock is None:
        return 0
    hour = number_or_zero(clock[1])
    if clock[3]:
        hour = hour % 12 + 12 * (clock[3].lower() == "p")
    return 60 * hour + number_or_zero(clock[2])


def _in_order(minutes: Sequence[int]) -> bool:
    steps = [after - before for before, after in pairwise(minutes) if after != before]
    up = sum(step > 0 for step in steps)
    return bool(steps) and max(up, len(steps) - up) >= IN_ORDER * len(steps)


def _prose(tree: Tree, lo: int, hi: int) -> int:
    return good_words(tree.blocks, lo, hi, PROSE_WORDS, 2, 1)
