"""Cuts an HTML page between its stories: a model of the tree at few blocks, then, where it sees a chance, of the words.

Most pages hold one story and leave at the gate: they cost the tree features alone.
"""

from bisect import bisect, insort
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lines import Floats, Ints
from broadsheet.cohesion.windows import shifted
from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.features import COHESION_NAMES, NAMES, BranchRows, Sizes, cohesion, rows
from broadsheet.html.split.part import Part, Scan
from broadsheet.models.trees import Thresholds, Trees, load_model

GATE = 0.02
"""Pages whose likeliest candidate is below this by the tree alone are one story: their words are not compared."""
THRESHOLDS = Thresholds(first=0.7, further=0.3)
"""Out of training the figures hardly move between 0.7 and 0.85, 0.2 and 0.3; below 0.7 single pages begin to fall."""
STORY_WORDS = 60.0
"""Good words between two cuts."""
NEAR_BLOCKS = 10
TITLE_BLOCKS = 25
"""A story's own h1 stands among so many of its first blocks."""
LATE_BLOCKS = 12
RIVAL_NAMES = (
    "tree", "tree-2", "tree-1", "tree+1", "tree+2", "near", "rank", "sum", "top", "rest", "level_sum", "candidates",
)  # fmt: skip
SECOND_NAMES = (*RIVAL_NAMES, *NAMES, *COHESION_NAMES)
"""The columns of `second_stage`, in order."""


class TreeModel(NamedTuple):
    """The two stages: by the tree, and by tree, rivals and words."""

    first: Trees
    second: Trees


@cache
def default_model() -> TreeModel:
    """The model that comes with the package, read once."""
    return TreeModel(load_model("split_tree", NAMES), load_model("split_tree_second", SECOND_NAMES))


def learned_parts(scan: Scan) -> list[Part]:
    """The page between its learned cuts; those within a live blog's entries count for nothing."""
    tree, entries = scan.tree, scan.entries
    cuts = [cut for cut in cut_tree(tree, scan.elements) if not entries or not entries[0].lo <= cut < entries[-1].hi]
    return [Part(lo, hi) for lo, hi in pairwise([0, *cuts, len(tree.blocks)])] if cuts else []


def cut_tree(tree: Tree, elements: Elements, model: TreeModel | None = None) -> list[int]:
    """The blocks at which further stories start, ascending; empty where the page is one story or none."""
    found = rows(tree, elements)
    if not len(found.blocks):
        return []
    model = model or default_model()
    likely = model.first.score(found.matrix)
    if float(likely.max()) < GATE:
        return []
    scores = model.second.score(second_stage(tree, found, likely))
    return choose(found.blocks, scores, found.sizes, THRESHOLDS)


def second_stage(tree: Tree, found: BranchRows, likely: Floats) -> NDArray[np.float32]:
    """What the second model sees: the first one's scores here and at the rivals, the tree's numbers, the words'."""
    near = _near(found.blocks, likely)
    rank = np.argsort(np.argsort(-likely, kind="stable"), kind="stable")
    top = float(likely.max())
    rest = float(np.sort(likely)[-2]) if len(likely) > 1 else 0.0
    level = found.matrix[:, NAMES.index("h1_here")] + 2 * found.matrix[:, NAMES.index("h2_here")]
    alike = np.bincount(level.astype(np.int64), likely)[level.astype(np.int64)]
    size = np.ones(len(likely))
    columns = [
        likely, *(shifted(likely, by, 0.0) for by in (-2, -1, 1, 2)), near, rank, likely.sum() * size,
        top * size, np.where(likely == top, rest, top), alike, len(likely) * size,
    ]  # fmt: skip
    return np.hstack([np.column_stack(columns).astype(np.float32), found.matrix, cohesion(tree, found)])


def _near(blocks: Ints, likely: Floats) -> Floats:
    """The best score within `NEAR_BLOCKS` of each candidate: at most so many of them on either side."""
    best = likely.copy()
    for by in range(1, NEAR_BLOCKS + 1):
        close = blocks[by:] - blocks[:-by] <= NEAR_BLOCKS
        best[:-by] = np.where(close, np.maximum(best[:-by], likely[by:]), best[:-by])
        best[by:] = np.where(close, np.maximum(best[by:], likely[:-by]), best[by:])
    return best


def choose(blocks: Ints, scores: Floats, sizes: Sizes, thresholds: Thresholds) -> list[int]:
    """The strongest candidates first, none too near to another; no cut at all unless one is near certain."""
    if float(scores.max()) < thresholds.first:
        return []
    cuts: list[int] = []
    for at in np.argsort(-scores, kind="stable"):
        if scores[at] < thresholds.further:
            break
        if _apart(int(blocks[at]), cuts, sizes.total):
            insort(cuts, int(blocks[at]))
    return cuts


def _apart(block: int, cuts: Sequence[int], total: Floats) -> bool:
    """Whether the nearest cuts on both sides are far enough; `cuts` ascend."""
    at = bisect(cuts, block)
    return all(abs(float(total[block] - total[other])) >= STORY_WORDS for other in cuts[max(0, at - 1) : at + 1])


def title_block(tree: Tree, lo: int, hi: int) -> int | None:
    """The block of the headline of the story in blocks `lo` to `hi`: an early h1, one just before, an early h2, h3."""
    for levels, start, end in (
        ((1,), lo, min(hi, lo + TITLE_BLOCKS)),
        ((1,), max(0, lo - LATE_BLOCKS), lo),
        ((2,), lo, min(hi, lo + TITLE_BLOCKS // 2)),
        ((3, 4), lo, min(hi, lo + 4)),
    ):
        found = next((i for i in range(start, end) if tree.level(i) in levels), None)
        if found is not None:
            return found
    return lo if lo < hi else None
