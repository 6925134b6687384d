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
_DETAILED = ("box5", "boxp")

_GOODS, _CHARS, _LINKED, _GOOD, _COUNT, _PROSE, _STOPS, _WORDS = range(8)


@dataclass(frozen=True, slots=True)
class Place:
    """A range of blocks within its elements: `base` per block, `inside` its sums per element, `total` of the range."""

    el: Elements
    owner: Ints
    inline: Ints
    base: Columns
    first: Ints
    end: Ints
    inside: Columns
    total: Columns


def place(el: Elements, owner: Ints, inline: Ints, text: Floats, good: Floats, *, lo: int) -> Place:
    """The sums that all columns of this module are made of; `lo` is the page's number of the range's first block."""
    n, words = len(owner), text[:, 0]
    is_p = (el.tag[owner] == TAG_CODE["p"]).astype(np.float32)
    base = np.stack(
        [words * good, text[:, 1], text[:, 2], good, np.ones_like(words), words * good * is_p, text[:, STOPS], words],
        axis=1,
    )
    sums = np.concatenate([np.zeros((1, base.shape[1])), np.cumsum(base, axis=0, dtype=np.float64)])
    first, end = np.clip(el.first - lo, 0, n), np.clip(el.end - lo, 0, n)
    return Place(el, owner, inline, base, first, end, sums[end] - sums[first], np.maximum(sums[-1], 1e-6))


def tree_columns(at: Place) -> list[Columns]:
    """All columns of this module, in the order of `TREE_NAMES`."""
    share = at.inside[:, _GOODS] / at.total[_GOODS]
    ratio = at.inside[:, _LINKED] / np.maximum(at.inside[:, _CHARS], 1)
    return [_ancestors(at, share, ratio), *_containers(at, share, ratio), *_groups(at), *_around(at)]


def _ancestors(at: Place, share: Columns, ratio: Columns) -> Columns:
    inside, el = at.inside, at.el
    table = np.stack(
        [
            share,
            ratio,
            np.log1p(inside[:, _GOODS]),
            np.log1p(inside[:, _COUNT]),
            inside[:, _GOOD] / np.maximum(inside[:, _COUNT], 1),
            inside[:, _STOPS] / np.maximum(inside[:, _WORDS], 1),
            el.tag,
        ],
        axis=1,
    ).astype(np.float32)
    chain = [at.owner]
    for _ in range(ANCESTORS - 1):
        chain.append(el.parent[chain[-1]])
    return table[np.stack(chain, axis=1)].reshape(len(at.owner), -1)


def _containers(at: Place, share: Columns, ratio: Columns) -> list[Columns]:
    n, el, here = len(at.owner), at.el, np.arange(len(at.owner))
    columns: list[Columns] = []
    for name, column, limit in CONTAINERS:
        box = _container(at, column, limit)
        a, b = at.first[box], at.end[box]
        columns += [(here >= a) & (here < b), (here - a) / max(int(b - a), 1), here - a, b - here]
        if name in _DETAILED and limit == 0.5:
            goods = np.nonzero(at.base[a:b, _GOOD] > 0)[0] + a
            lead, tail = (goods[0], goods[-1]) if len(goods) else (a, b)
            columns += [here - lead, tail - here, np.full(n, el.depth[box]), el.depth[at.owner] - el.depth[box]]
            child = _branch(el, at.owner, box)
            columns += [share[child], ratio[child], el.tag[child], np.log1p(at.inside[child, _COUNT])]
    return [np.stack(columns, axis=1).astype(np.float32)]


def _container(at: Place, column: int, limit: float) -> int:
    """The deepest element that holds `limit` of a column; from a half up these are one chain, so the last is it."""
    held = at.inside[:, column] >= limit * at.total[column]
    if limit < 0.5:
        return int(np.argmax(np.where(held, at.el.depth, -1)))
    return int(np.nonzero(held)[0][-1]) if held.any() else 0


def _branch(el: Elements, owner: Ints, box: int) -> Ints:
    """For each block the child of `box` it lies in, or the child of whatever it shares with `box`."""
    chain = np.zeros(len(el.parent), dtype=bool)
    chain[0] = True
    e = box
    while e > 0:
        chain[e] = True
        e = int(el.parent[e])
    stop = chain | chain[el.parent]
    child = owner
    for _ in range(int(el.depth[owner].max())):
        open_ = ~stop[child]
        if not open_.any():
            break
        child = np.where(open_, el.parent[child], child)
    return child


def _groups(at: Place) -> list[Columns]:
    """What the blocks with the same surroundings have: three names, one name, the names above, the tags."""
    el, base, total = at.el, at.base, at.total
    above = el.parent[at.owner]
    two = el.parent[above]
    s0, s1, s2 = el.signature[at.owner], el.signature[above], el.signature[two]
    tags = ((el.tag[at.owner] * 64 + el.tag[above]) * 64 + el.tag[two]) * 64 + el.depth[at.owner]
    columns: list[Columns] = []
    for key in ((s0 * 1_000_003 + s1) * 1_000_003 + s2, s0, s1 * 1_000_003 + s2, tags):
        group = np.unique(key, return_inverse=True)[1].reshape(-1)
        sized = np.bincount(group)
        goods, held, chars, linked = (np.bincount(group, base[:, c]) for c in (_GOODS, _GOOD, _CHARS, _LINKED))
        columns += [
            np.log1p(sized)[group],
            np.log1p(goods)[group],
            (goods / total[_GOODS])[group],
            (held / sized)[group],
            (linked / np.maximum(chars, 1))[group],
        ]
    return [np.stack(columns, axis=1).astype(np.float32)]


def _around(at: Place) -> list[Columns]:
    """Hints of what stands around, depth, names by their learned weights, and the page as a whole."""
    el, owner, total = at.el, at.owner, at.total
    own = el.hints[owner] | at.inline
    above = el.parent[owner]
    two = el.parent[above]
    more = [el.depth[owner], el.order[owner], el.naming[owner, 1], el.naming[above, 0], el.naming[two, 0]]
    page = [
        total[_GOODS],
        total[_COUNT],
        total[_LINKED] / max(total[_CHARS], 1),
        total[_PROSE] / total[_GOODS],
        el.order[-1],
    ]
    return [
        _bits(el.near_hints[owner] | own, len(BITS)),
        _bits(el.all_hints[owner] | own, len(BITS)),
        _bits(el.all_flags[owner], len(FLAGS)),
        np.stack([*more, el.naming[el.parent[two], 0]], axis=1).astype(np.float32),
        np.broadcast_to(np.array(page), (len(owner), len(page))).astype(np.float32),
    ]


def _bits(mask: Ints, count: int) -> Columns:
    return ((mask[:, None] >> np.arange(count)) & 1).astype(np.float32)


def _names() -> list[str]:
    kinds = ("share", "ratio", "goods", "blocks", "goodrate", "stopsrate", "tag")
    names = [f"{kind}{k}" for k in range(ANCESTORS) for kind in kinds]
    for box, _, _ in CONTAINERS:
        names += [f"{box}_{part}" for part in ("in", "rel", "from", "to")]
        if box in _DETAILED:
            names += [f"{box}_{p}" for p in ("lead", "tail", "depth", "below", "bshare", "bratio", "btag", "bblocks")]
    groups = ("sig3", "sig1", "sigabove", "tags")
    names += [f"{group}_{part}" for group in groups for part in ("n", "good", "share", "rate", "ratio")]
    names += [f"near_{hint}" for hint in BITS] + [f"any_{hint}" for hint in BITS] + [f"in_{flag}" for flag in FLAGS]
    names += ["depth", "article", "naming_all", "naming_1", "naming_2", "naming_3"]
    return [*names, "page_good", "page_blocks", "page_ratio", "page_p", "page_articles"]


TREE_NAMES = tuple(_names())
