"""What stands before and after a block: its neighbours, the headings above it, how far it is into the page.

Windows before and after a block, quiet lines, and more of the neighbours' numbers were tried too: the trees did not
use them beside these.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.extract.elements import Columns, Elements, Ints
from broadsheet.extract.features_text import WORDING, Floats

NEAR, FAR = (3, 8), 20
"""Windows in blocks: the share of links in the near ones, good words on both sides in the far one."""
_FAR, _NONE = 200, 250
"""Distances in blocks are capped; beyond means that there is none."""

NEAR_NAMES = (
    "at-1_same", "at+1_same", "pos", "to_end", "good_before", "good_before_rel", "good_after_rel", "win3_ratio",
    "win8_ratio", "win20_before", "win20_after", "since_good", "since_h1", "until_h1", "since_head", "head_level",
    "head_words", "head_wording", "head_good", "from_first_h1",
)  # fmt: skip
"""The columns of this module, in order."""


@dataclass(frozen=True, slots=True)
class Line:
    """The blocks of a range as one sequence; `index` are those that columns are made for, ascending."""

    index: Ints
    text: Floats
    density: Columns
    good: Columns
    level: Ints
    same: Ints


def levels(el: Elements, owner: Ints) -> Ints:
    """The level of the heading each block stands in, itself or through two elements above; 0 where in none."""
    above = el.parent[owner]
    found: Ints = np.maximum(el.level[owner], np.maximum(el.level[above], el.level[el.parent[above]]))
    return found


def near_columns(line: Line) -> list[Columns]:
    """All columns of this module, in the order of `NEAR_NAMES`."""
    run = _running(line.text[:, 0] * line.good)
    return [*_neighbours(line), *_windows(line, run), *_headings(line, run)]


def _running(values: Columns) -> Columns:
    sums = np.empty(len(values) + 1)
    sums[0] = 0.0
    np.cumsum(values, dtype=np.float64, out=sums[1:])
    return sums


def _neighbours(line: Line) -> list[Columns]:
    """Whether the block before and the one after have the same tag and names."""
    alike = np.zeros(len(line.same) + 1, dtype=bool)
    alike[1:-1] = line.same[1:] == line.same[:-1]
    return [alike[line.index], alike[line.index + 1]]


def _windows(line: Line, run: Columns) -> list[Columns]:
    """Where in the page, by blocks and by good text; good words and share of links in windows around."""
    at, n = line.index, len(line.good)
    chars, links = _running(line.text[:, 1]), _running(line.text[:, 2])
    total = max(run[-1], 1e-6)
    before = run[at]
    columns: list[Columns] = [at / n, np.minimum(n - at, 400), before, before / total, (total - run[at + 1]) / total]
    for width in NEAR:
        a, b = np.maximum(at - width, 0), np.minimum(at + width + 1, n)
        columns.append((links[b] - links[a]) / np.maximum(chars[b] - chars[a], 1))
    a, b = np.maximum(at - FAR, 0), np.minimum(at + FAR + 1, n)
    since, _ = _since(line.good > 0, at)
    return [*columns, before - run[a], run[b] - run[at + 1], since]


def _headings(line: Line, run: Columns) -> list[Columns]:
    """Distances to h1, to the last heading and what it says."""
    at, h1 = line.index, line.level == 1
    last = _last((line.level > 0) & (line.density < 0.9))[at]
    under = last >= 0
    where = int(np.argmax(h1))
    return [
        *_since(h1, at),
        np.minimum(at - last, _FAR),
        np.where(under, line.level[last], -1),
        np.where(under, line.text[last, 0], -1),
        np.where(under, line.text[last, WORDING], 0),
        np.where(under, run[at] - run[np.maximum(last, 0)], -1),
        at - where if h1[where] else np.full(len(at), -999),
    ]


def _last(flags: NDArray[np.bool_]) -> Ints:
    """For each block the last one before it, or itself, that has the flag; -1 where none."""
    last: Ints = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    return last


def _since(flags: NDArray[np.bool_], at: Ints) -> list[Columns]:
    """Distances from these blocks to the previous and the next one with the flag, capped."""
    n = len(flags)
    places = np.flatnonzero(flags)
    if not len(places):
        none = np.full(len(at), _NONE)
        return [none, none]
    ends = np.concatenate(([-1], places, [n]))
    before = ends[np.searchsorted(places, at)]
    after = ends[np.searchsorted(places, at, side="right") + 1]
    previous = np.where(before >= 0, np.minimum(at - before, _FAR), _NONE)
    following = np.where(after < n, np.minimum(after - at, _FAR), _NONE)
    return [previous, following]
