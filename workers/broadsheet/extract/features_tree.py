"""Where a block lies in the tree: shares of its ancestors, the main containers, blocks of the same signature, hints.

Sums over an element are differences of running sums over blocks, as the blocks of an element are contiguous.
"""

from dataclasses import dataclass

import numpy as np

from broadsheet.blocks.hints import BITS
from broadsheet.extract.elements import FLAGS, TAG_CODE, Columns, Elements, Ints
from broadsheet.extract.features_text import STOPS, Floats

ANCESTORS = 6
CONTAINERS = (("box5", 0, 0.5), ("box8", 0, 0.8), ("boxp", 5, 0.5), ("box3", 0, 0.3))
"""Main containers: the deepest element that holds such a share of a column of `base`: good words, or those in p."""
DETAILED = ("box5", "boxp")

_GOODS, _CHARS, _LINKED, _GOOD, _COUNT, _PROSE, _STOPS, _WORDS = range(8)

NEAR_HINTS = ("header", "comment", "caption", "hidden", "consent", "faq")
ALL_HINTS = ("article", "footer", "card", "comment", "meta", "media", "dialog", "table", "forum")
IN_FLAGS = ("li", "ul", "table", "article", "main", "header", "footer", "form", "figure", "figcaption")
"""Hints on a block's own elements and on all around it, and tags it is inside of: those that the trees used of all."""


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


def _shifts(names: tuple[str, ...]) -> Ints:
    """Where the bits of these hints lie, a row each."""
    return np.array([[BITS[name].bit_length() - 1] for name in names], dtype=np.int64)


NEAR_SHIFTS, ALL_SHIFTS = _shifts(NEAR_HINTS), _shifts(ALL_HINTS)
FLAG_SHIFTS = np.array([[FLAGS.index(name)] for name in IN_FLAGS], dtype=np.int64)


def _bits(mask: Ints, shifts: Ints) -> Columns:
    return (mask >> shifts) & 1


def _names() -> list[str]:
    kinds = ("share", "ratio", "goods", "blocks", "goodrate", "stopsrate", "tag")
    names = [f"{kind}{k}" for kind in kinds for k in range(ANCESTORS)]
    for box, _, _ in CONTAINERS:
        names += [f"{box}_{part}" for part in ("in", "rel", "from", "to")]
        if box in DETAILED:
            names += [f"{box}_{p}" for p in ("lead", "tail", "depth", "below", "bshare", "bratio", "btag", "bblocks")]
    groups = ("sig3", "sig1", "sigabove", "tags")
    names += [f"{group}_{part}" for group in groups for part in ("n", "good", "share", "rate", "ratio")]
    names += [f"near_{hint}" for hint in NEAR_HINTS] + [f"any_{hint}" for hint in ALL_HINTS]
    names += [f"in_{flag}" for flag in IN_FLAGS]
    names += ["depth", "article", "naming_all", "naming_1", "naming_2", "naming_3"]
    return [*names, "page_good", "page_blocks", "page_ratio", "page_p", "page_articles"]


TREE_NAMES = tuple(_names())
