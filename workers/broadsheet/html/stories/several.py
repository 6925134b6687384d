"""Pages of several stories: who tells them apart, in which order, and how they are read."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from broadsheet.html.body.scores import body_scores, dropped_blocks
from broadsheet.html.head.told import Metadata
from broadsheet.html.split.learned import learned_parts
from broadsheet.html.split.named import card_parts, named_parts
from broadsheet.html.split.part import Part, Scan
from broadsheet.html.split.rows import article_parts
from broadsheet.html.stories.live import read_live
from broadsheet.html.stories.reader import read_part
from broadsheet.options import hold_count
from broadsheet.values import Removed, Story

DETECTORS: tuple[Callable[[Scan], list[Part]], ...] = (named_parts, card_parts, learned_parts, article_parts)
"""Tried in this order: what the page says, what its looks say, what was learned, what its markup says."""


class Several(NamedTuple):
    """The stories of a page that holds more than one, or a live blog's; and what was dropped outside of them."""

    stories: tuple[Story, ...]
    removed: tuple[Removed, ...]


def read_several(scan: Scan, told: Callable[[], Metadata], *, each: bool, most: int) -> Several | None:
    """The stories of a live blog, or of the first detector whose parts give two or more; None for any other page.

    `told` is what the head says, asked for where it is needed; with `each` a live blog gives a story an entry. Raises
    `PageError` (too-large) for more than `most` parts, before they are read.
    """
    if scan.entries and not learned_parts(scan):
        live = read_live(scan, body_scores(scan.tree, arrays=scan.elements), told(), each=each)
        if live:
            return Several(*live)
    for detect in DETECTORS:
        parts = detect(scan)
        hold_count(len(parts), most)
        found = [(part, story) for part in parts if (story := read_part(scan, part, told()))]
        if len(found) > 1:
            return Several(tuple(story for _, story in found), _outside(scan, [part for part, _ in found]))
    return None


def _outside(scan: Scan, parts: Sequence[Part]) -> tuple[Removed, ...]:
    """The blocks of none of these parts."""
    inside = {at for part in parts for at in range(part.lo, part.hi)}
    return tuple(dropped_blocks(scan.tree, (at for at in range(len(scan.tree.blocks)) if at not in inside)))
