"""Candidates for further stories in numpy, as `broadsheet.native.branches` finds and describes them."""

from collections import Counter

import numpy as np

from broadsheet.cohesion.lines import Floats, Ints
from broadsheet.cohesion.windows import ranged
from broadsheet.html.scan.elements import Columns, Elements
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.features import _HINT_BITS, NAMES, BranchRows, Sizes
from broadsheet.text.words import folded_words

GOOD_WORDS = 10.0


GOOD_LINKED = 0.35
"""Good text: blocks of so many words with less of them in links, as everywhere in extraction."""


BRANCH_WORDS = 60.0
"""An element that may be a further story holds so many good words."""


SIDE_WORDS = 50.0
"""So many good words stand before and from a candidate on."""


CHARS_A_WORD = 6.0
"""Of scripts with spaces, the space counted; others are taken as two characters a word."""


UNSPACED_FROM = "\u0e00"


REACH = 200
"""The deepest climb to a common ancestor; deeper trees are cut off there, in equal ways for every block."""


def sizes_of(tree: Tree) -> Sizes:
    """How many words each block has and how many of them are good text."""
    texts = [block.text for block in tree.blocks]
    chars = np.array([len(text) for text in texts], dtype=np.float64)
    linked = np.array([block.linked for block in tree.blocks], dtype=np.float64)
    dense = np.array([text[len(text) // 2] >= UNSPACED_FROM for text in texts], dtype=bool)
    words = np.where(dense, chars / 2, chars / CHARS_A_WORD)
    share = linked / np.maximum(1.0, chars)
    good = words * ((words >= GOOD_WORDS) & (share < GOOD_LINKED))
    return Sizes(words, good, np.concatenate(([0.0], np.cumsum(good))), share)


def candidates(el: Elements, sizes: Sizes) -> Ints:
    """The blocks that may open a further story, ascending."""
    total = sizes.total
    inside = total[el.end] - total[el.first]
    opens = (inside >= BRANCH_WORDS) & (el.end - el.first >= 2)
    heads = (el.level >= 1) & (el.level <= 3) & (el.end > el.first)
    found = np.unique(el.first[opens | heads])
    found = found[(found > 0) & (found < len(sizes.words))]
    kept: Ints = found[(total[found] >= SIDE_WORDS) & (total[-1] - total[found] >= SIDE_WORDS)]
    return kept


def rows(tree: Tree, el: Elements, title: set[str], times: Ints, pictures: Ints) -> BranchRows:
    """What `branches.Page` gives."""
    sizes = sizes_of(tree)
    index = candidates(el, sizes)
    if not len(index):
        return BranchRows(index, np.zeros((0, len(NAMES)), dtype=np.float32), sizes)
    owner = np.array([block.owner for block in tree.blocks], dtype=np.int64)
    common, left, entered = _branches(tree, index)
    columns = [
        *_branch_numbers(el, sizes, common, left, entered),
        *_siblings(el, sizes, entered, common),
        *_places(el, owner, sizes, index),
        *_headings(el, sizes, index, entered),
        *_titles(tree, el, index, title),
        *_hints(el, owner[index], entered),
        *_signs(times, index, len(sizes.words)),
        *_signs(pictures, index, len(sizes.words)),
    ]
    matrix = np.empty((len(NAMES), len(index)), dtype=np.float32)
    at = 0
    for column in columns:
        count = len(column) if column.ndim == 2 else 1
        matrix[at : at + count] = column
        at += count
    return BranchRows(index, matrix.T, sizes)


def _branches(tree: Tree, index: Ints) -> tuple[Ints, Ints, Ints]:
    """For each candidate the common ancestor with the block before, and its children towards both; 0 where none.

    Ways between neighbouring blocks cross each element twice at most, so all of them are no longer than the page.
    """
    elements, blocks = tree.elements, tree.blocks
    found: list[tuple[int, int, int]] = []
    for block in index.tolist():
        a, b = blocks[block - 1].owner, blocks[block].owner
        left = entered = 0
        for _ in range(REACH):
            if a == b:
                break
            deeper = elements[a].depth - elements[b].depth
            if deeper >= 0:
                left, a = a, elements[a].parent
            if deeper <= 0:
                entered, b = b, elements[b].parent
        found.append((a, left, entered))
    common, left_of, entered_by = np.array(found, dtype=np.int64).T
    return common, left_of, entered_by


def _branch_numbers(el: Elements, sizes: Sizes, common: Ints, left: Ints, entered: Ints) -> list[Columns]:
    total = sizes.total
    page = max(1.0, float(total[-1]))
    inside = total[el.end] - total[el.first]
    columns: list[Columns] = []
    for element in (common, left, entered):
        here = (element > 0).astype(float)
        blocks = el.end[element] - el.first[element]
        columns += [
            inside[element] * here,
            inside[element] / page * here,
            blocks * here,
            inside[element] / np.maximum(1, blocks) * here,
            el.tag[element] * here,
            el.depth[element] * here,
        ]
    before = total[el.first[entered]]
    columns += [
        (el.signature[left] == el.signature[entered]) & (left > 0),
        (el.tag[left] == el.tag[entered]) & (left > 0),
        inside[entered] / np.maximum(1.0, before),
        np.minimum(inside[left], inside[entered]),
        inside[entered] / np.maximum(1.0, inside[common]),
        before / page,
        before,
        page - before,
        np.full(len(common), page),
    ]
    return columns


def _siblings(el: Elements, sizes: Sizes, entered: Ints, common: Ints) -> list[Columns]:
    """How many elements of the same tag and names stand beside the one entered, and what good text they hold."""
    total = sizes.total
    inside: Floats = total[el.end] - total[el.first]
    span = int(el.signature.max()) + 1
    _, kind = np.unique(el.parent * span + el.signature, return_inverse=True)
    count = np.bincount(kind)
    held = np.bincount(kind, inside)
    rich = np.bincount(kind, inside >= BRANCH_WORDS)
    of = kind[entered]
    return [
        count[of],
        held[of] / count[of],
        rich[of],
        rich[of] / count[of],
        held[of] / np.maximum(1.0, inside[common]),
        el.order[entered],
        np.full(len(entered), el.order[-1]),
        *_next_sibling(el, inside, entered, common),
    ]


def _next_sibling(el: Elements, inside: Floats, entered: Ints, common: Ints) -> tuple[Floats, Floats]:
    """Good words of the element entered and its next sibling, and that one's tag: a story may follow a bare heading."""
    span = int(el.end.max()) + 2
    key = el.parent * span + el.first
    order = np.argsort(key, kind="stable")
    wanted = common * span + el.end[entered]
    at = np.minimum(np.searchsorted(key[order], wanted, side="right") - 1, len(key) - 1)
    found = order[np.maximum(at, 0)]
    hit = (key[found] == wanted) & (entered > 0)
    return (inside[entered] + inside[found]) * hit, el.tag[found] * hit.astype(np.float64)


def _places(el: Elements, owner: Ints, sizes: Sizes, index: Ints) -> list[Columns]:
    """What stands just before and just after: good text, links, lengths, and the way to the next good block."""
    words = sizes.words
    count = len(words)
    flags = sizes.good > 0
    here = np.arange(count)
    last = np.concatenate(([-1], np.maximum.accumulate(np.where(flags, here, -1))[:-1]))[index]
    following = np.minimum.accumulate(np.where(flags, here, count)[::-1])[::-1][index]
    running, links, goods = _running(words), _running(words * sizes.linked), _running(flags)
    columns: list[Columns] = [
        index - last,
        following - index,
        running[index] - running[np.maximum(last + 1, 0)],
        running[following] - running[index],
        words[index],
        sizes.linked[index],
        el.depth[owner[index]] - el.depth[owner[index - 1]],
        index / count,
        np.full(len(index), count),
    ]
    for reach in (4, 12, 40):
        before, after = np.maximum(index - reach, 0), np.minimum(index + reach, count)
        for low, high in ((before, index), (index, after)):
            columns.append(sizes.total[high] - sizes.total[low])
            columns.append((links[high] - links[low]) / reach)
            columns.append(goods[high] - goods[low])
    columns += [words[np.minimum(np.maximum(index + by, 0), count - 1)] for by in (-2, -1, 1, 2, 3)]
    return columns


def _running(values: Columns) -> Floats:
    """The sum of the values before each place, and of all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _headings(el: Elements, sizes: Sizes, index: Ints, entered: Ints) -> list[Columns]:
    """Headings opened here, before and after: how many, and the good words between."""
    count = len(sizes.words)
    total = sizes.total
    heads = np.flatnonzero((el.level >= 1) & (el.level <= 3) & (el.end > el.first))
    opened, level = el.first[heads], el.level[heads]
    end = el.end[entered]
    columns: list[Columns] = []
    for chosen in (level == 1, level == 2, level <= 2, level <= 3):
        firsts = opened[chosen]
        past = np.searchsorted(firsts, index, side="left")
        upto = np.searchsorted(firsts, index, side="right")
        ends = np.concatenate((firsts, [count]))
        starts = np.concatenate(([0], firsts))
        following = ends[past]
        columns += [
            upto > past,
            past,
            len(firsts) - upto,
            total[index] - total[starts[past]],
            total[following] - total[index],
            np.minimum(following - index, 50),
            (np.searchsorted(firsts, end) - past) * (entered > 0),
            total[ends[np.minimum(past + 1, len(firsts))]] - total[following],
        ]
    return columns


def _titles(tree: Tree, el: Elements, index: Ints, title: set[str]) -> list[Columns]:
    """How far the block's words are those of the page's title, of its first heading; whether the text stands twice."""
    tops = np.flatnonzero((el.level == 1) & (el.end > el.first))
    first = tree.blocks[el.first[tops[0]]].text if len(tops) else ""
    heading = set(folded_words(first))
    seen = Counter([block.text for block in tree.blocks if len(block.text) < 200])
    found = []
    for i in index.tolist():
        text = tree.blocks[i].text
        own = set(folded_words(text[:300]))
        size = max(1, len(own))
        found.append((len(own & title) / size, len(own & heading) / size, text == first, seen.get(text, 1)))
    return list(np.array(found, dtype=np.float64).T)


def _hints(el: Elements, owner: Ints, entered: Ints) -> list[Columns]:
    """What names on the element entered and on those around the block hint at, and the tags around it."""
    around, own = el.all_hints[owner], el.hints[entered] | el.hints[el.parent[entered]]
    return [(around >> _HINT_BITS) & 1, (own >> _HINT_BITS) & 1, (el.all_flags[owner] >> _FLAG_BITS) & 1]


_FLAG_BITS = np.arange(24, dtype=np.int64)[:, None]
"""Where the bits lie, a row each."""


def _signs(places: Ints, index: Ints, count: int) -> list[Columns]:
    """Dates, or images, near: a story's head has a time, and stands near a picture."""
    held = np.bincount(np.minimum(places, count), minlength=count + 1).astype(float)
    return [
        ranged(held, index, index + 8),
        ranged(held, index - 8, index),
        np.full(len(index), float(len(places))),
    ]
