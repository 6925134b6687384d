"""The block model's rows in numpy, as `broadsheet.native.features` makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.features import _OWN, FEATURE_NAMES
from broadsheet.html.body.features_text import GOOD_LINKED, GOOD_WORDS, STOPS, WORDING
from broadsheet.html.body.features_tree import ALL_SHIFTS, ANCESTORS, CONTAINERS, DETAILED, FLAG_SHIFTS, NEAR_SHIFTS
from broadsheet.html.scan.elements import TAG_CODE, Columns, Elements, Ints
from broadsheet.html.scan.naming import Floats


def rows(
    el: Elements,
    owner: Ints,
    inline: Ints,
    level: Ints,
    text: Floats,
    said: Sequence[float],
    *,
    lo: int,
    articles: int,
    **_: Any,
) -> tuple[Ints, Floats]:
    """As `native.rows`."""
    words, chars, linked = text[:, 0], text[:, 1], text[:, 2]
    density = linked / np.maximum(chars, 1)
    good = ((words >= GOOD_WORDS) & (density < GOOD_LINKED)).astype(np.float32)
    index = np.flatnonzero((words >= 6) | (linked < 0.8 * chars))
    if not len(index):
        index = np.arange(1)
    columns = [
        text[index].T[_OWN],
        *tree_columns(place(el, owner, inline, index, text, good, lo=lo, articles=articles)),
        *near_columns(Line(index, text, density, good, level, el.signature[owner])),
        np.broadcast_to(np.array(said, dtype=np.float32)[:, None], (len(said), len(index))),
    ]
    return index, _stacked(columns, len(index)).T


def _stacked(columns: list[Columns], rows: int) -> Floats:
    """A row for each column: single ones and stacks of them."""
    matrix = np.empty((len(FEATURE_NAMES), rows), dtype=np.float32)
    at = 0
    for column in columns:
        count = len(column) if column.ndim == 2 else 1
        matrix[at : at + count] = column
        at += count
    return matrix


_GOODS, _CHARS, _LINKED, _GOOD, _COUNT, _PROSE, _STOPS, _WORDS = range(8)


@dataclass(frozen=True, slots=True)
class Place:
    """A range of blocks within its elements: `base` per block, `inside` its sums per element, `total` of the range.

    Each is a row for each of the eight things summed. `index` are the blocks that columns are made for.
    """

    el: Elements
    owner: Ints
    inline: Ints
    index: Ints
    base: Columns
    first: Ints
    end: Ints
    inside: Columns
    total: Columns
    articles: int


def place(
    el: Elements, owner: Ints, inline: Ints, index: Ints, text: Floats, good: Floats, *, lo: int, articles: int
) -> Place:
    """The sums that all columns of this module are made of.

    `lo` is the page's number of the range's first block, `articles` the number of `article` elements on the page.
    """
    n, words = len(owner), text[:, 0]
    goods = words * good
    base = np.empty((8, n), dtype=np.float32)
    base[_GOODS], base[_CHARS], base[_LINKED], base[_GOOD] = goods, text[:, 1], text[:, 2], good
    base[_COUNT], base[_PROSE] = 1.0, goods * (el.tag[owner] == TAG_CODE["p"])
    base[_STOPS], base[_WORDS] = text[:, STOPS], words
    sums = np.zeros((8, n + 1))
    np.cumsum(base, axis=1, dtype=np.float64, out=sums[:, 1:])
    first, end = np.clip(el.first - lo, 0, n), np.clip(el.end - lo, 0, n)
    inside = sums.take(end, axis=1) - sums.take(first, axis=1)
    return Place(el, owner, inline, index, base, first, end, inside, np.maximum(sums[:, -1], 1e-6), articles)


def tree_columns(at: Place) -> list[Columns]:
    """All columns of this module, in the order of `TREE_NAMES`: single ones and stacks of them."""
    share = at.inside[_GOODS] / at.total[_GOODS]
    ratio = at.inside[_LINKED] / np.maximum(at.inside[_CHARS], 1)
    return [_ancestors(at, share, ratio), *_containers(at, share, ratio), *_groups(at), *_around(at)]


def _ancestors(at: Place, share: Columns, ratio: Columns) -> Columns:
    inside, el = at.inside, at.el
    table = np.empty((7, len(el.tag)), dtype=np.float32)
    table[0], table[1] = share, ratio
    table[2], table[3] = np.log1p(inside[_GOODS]), np.log1p(inside[_COUNT])
    table[4] = inside[_GOOD] / np.maximum(inside[_COUNT], 1)
    table[5] = inside[_STOPS] / np.maximum(inside[_WORDS], 1)
    table[6] = el.tag
    chain = np.empty((ANCESTORS, len(at.index)), dtype=np.intp)
    chain[0] = at.owner[at.index]
    for k in range(1, ANCESTORS):
        chain[k] = el.parent[chain[k - 1]]
    return table.take(chain, axis=1).reshape(7 * ANCESTORS, -1)


def _containers(at: Place, share: Columns, ratio: Columns) -> list[Columns]:
    el, here = at.el, at.index
    owner = at.owner[here]
    depth, blocks = el.depth[owner], at.inside[_COUNT]
    columns: list[Columns] = []
    for name, column, limit in CONTAINERS:
        box = _container(at, column, limit)
        a, b = int(at.first[box]), int(at.end[box])
        from_start = here - a
        columns += [(here >= a) & (here < b), from_start / max(b - a, 1), from_start, b - here]
        if name in DETAILED:
            goods = np.flatnonzero(at.base[_GOODS, a:b] > 0)
            lead, tail = (goods[0] + a, goods[-1] + a) if len(goods) else (a, b)
            columns += [here - lead, tail - here, np.full(len(here), el.depth[box]), depth - el.depth[box]]
            child = _branches(el, box)[owner]
            columns += [share[child], ratio[child], el.tag[child], np.log1p(blocks[child])]
    return columns


def _container(at: Place, column: int, limit: float) -> int:
    """The deepest element that holds `limit` of a column; from a half up these are one chain, so the last is it."""
    held = np.flatnonzero(at.inside[column] >= limit * at.total[column])
    if not len(held):
        return 0
    return int(held[-1] if limit >= 0.5 else held[np.argmax(at.el.depth[held])])


def _branches(el: Elements, box: int) -> Ints:
    """For each element the child of `box` it lies in, or the child of whatever it shares with `box`."""
    chain = np.zeros(len(el.parent), dtype=bool)
    chain[0] = True
    e = box
    while e > 0:
        chain[e] = True
        e = int(el.parent[e])
    branch = np.where(chain | chain[el.parent], np.arange(len(el.parent)), el.parent)
    for _ in range(int(el.depth.max()).bit_length()):  # each step doubles how far up an element looks
        branch = branch[branch]
    return branch


def _groups(at: Place) -> list[Columns]:
    """What the blocks with the same surroundings have: three names, one name, the names above, the tags."""
    el, base, total, owner = at.el, at.base, at.total, at.owner
    above = el.parent[owner]
    two = el.parent[above]
    s0, s1, s2 = el.signature[owner], el.signature[above], el.signature[two]
    tags = ((el.tag[owner] * 64 + el.tag[above]) * 64 + el.tag[two]) * 64 + el.depth[owner]
    columns: list[Columns] = []
    for key in ((s0 * 1_000_003 + s1) * 1_000_003 + s2, s0, s1 * 1_000_003 + s2, tags):
        group = np.unique(key, return_inverse=True)[1].reshape(-1)
        sized = np.bincount(group)
        goods, held, chars, linked = (np.bincount(group, base[c]) for c in (_GOODS, _GOOD, _CHARS, _LINKED))
        of = group[at.index]
        columns += [
            np.log1p(sized)[of],
            np.log1p(goods)[of],
            (goods / total[_GOODS])[of],
            (held / sized)[of],
            (linked / np.maximum(chars, 1))[of],
        ]
    return columns


def _around(at: Place) -> list[Columns]:
    """Hints of what stands around, depth, names by their learned weights, and the page as a whole."""
    el, total = at.el, at.total
    owner = at.owner[at.index]
    own = el.hints[owner] | at.inline[at.index]
    above = el.parent[owner]
    two = el.parent[above]
    page = (
        total[_GOODS],
        total[_COUNT],
        total[_LINKED] / max(total[_CHARS], 1),
        total[_PROSE] / total[_GOODS],
        at.articles,
    )
    return [
        _bits(el.near_hints[owner] | own, NEAR_SHIFTS),
        _bits(el.all_hints[owner] | own, ALL_SHIFTS),
        _bits(el.all_flags[owner], FLAG_SHIFTS),
        el.depth[owner],
        el.order[owner],
        el.naming[owner, 1],
        el.naming[above, 0],
        el.naming[two, 0],
        el.naming[el.parent[two], 0],
        *(np.full(len(owner), number, dtype=np.float32) for number in page),
    ]


def _bits(mask: Ints, shifts: Ints) -> Columns:
    return (mask >> shifts) & 1


NEAR, FAR = (3, 8), 20
"""Windows in blocks: the share of links in the near ones, good words on both sides in the far one."""


_FAR, _NONE = 200, 250
"""Distances in blocks are capped; beyond means that there is none."""


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
