"""Numbers by which a block of an HTML page that opens a further story is told from one that does not.

Only candidates get a row: blocks at which an element with much good text opens, or an upper heading. Sums over elements
are differences of running sums over blocks. Sizes are words, estimated from characters so that all scripts cost alike.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import BITS
from broadsheet.blocks.tree import Tree
from broadsheet.clean.words import folded_words
from broadsheet.extract.elements import Elements
from broadsheet.split.features import crossing, ranged
from broadsheet.split.lexicon import EMPTY
from broadsheet.split.lines import Floats, Ints, Lines, read

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

_HINTS = ("comment", "related", "list", "card", "author", "cta", "ad", "side", "footer", "consent", "dialog", "live",
          "faq", "quote", "article", "content", "note", "forum", "media", "nav")  # fmt: skip
_OPENED = ("article", "section", "main", "div", "li", "header", "aside", "blockquote")


class Sizes(NamedTuple):
    """The blocks of a page as columns: words, whether good text, and good words before each (one more than blocks)."""

    words: Floats
    good: Floats
    total: Floats
    linked: Floats


class Rows(NamedTuple):
    """Candidate blocks, ascending, and their features."""

    blocks: Ints
    matrix: NDArray[np.float32]
    sizes: Sizes


def sizes_of(tree: Tree) -> Sizes:
    """How many words each block has and how many of them are good text."""
    chars = np.array([len(block.text) for block in tree.blocks], dtype=np.float64)
    linked = np.array([block.linked for block in tree.blocks], dtype=np.float64)
    dense = np.array([block.text[len(block.text) // 2] >= UNSPACED_FROM for block in tree.blocks], dtype=bool)
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


def rows(tree: Tree, el: Elements) -> Rows:
    """The candidates of a page with what its tree says of each."""
    sizes = sizes_of(tree)
    index = candidates(el, sizes)
    if not len(index):
        return Rows(index, np.zeros((0, len(NAMES)), dtype=np.float32), sizes)
    owner = np.array([block.owner for block in tree.blocks], dtype=np.int64)
    common, left, entered = _branches(el, owner, index)
    columns = [
        *_branch_numbers(el, sizes, common, left, entered),
        *_siblings(el, sizes, entered, common),
        *_places(el, owner, sizes, index),
        *_headings(tree, el, sizes, index, entered),
        *_hints(el, owner, index, entered),
        *_signs(tree, index, len(sizes.words)),
    ]
    return Rows(index, np.column_stack(columns).astype(np.float32), sizes)


def _branches(el: Elements, owner: Ints, index: Ints) -> tuple[Ints, Ints, Ints]:
    """For each candidate the common ancestor with the block before, and its children towards both; 0 where none."""
    a, b = owner[index - 1], owner[index]
    left, entered = np.zeros_like(a), np.zeros_like(b)
    for _ in range(REACH):
        apart = a != b
        if not apart.any():
            break
        up_a = apart & (el.depth[a] >= el.depth[b])
        up_b = apart & (el.depth[b] >= el.depth[a])
        left, entered = np.where(up_a, a, left), np.where(up_b, b, entered)
        a, b = np.where(up_a, el.parent[a], a), np.where(up_b, el.parent[b], b)
    return a, left, entered


def _branch_numbers(el: Elements, sizes: Sizes, common: Ints, left: Ints, entered: Ints) -> list[Floats]:
    total = sizes.total
    page = max(1.0, float(total[-1]))
    inside = total[el.end] - total[el.first]
    columns = []
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
    return [np.asarray(column, dtype=np.float64) for column in columns]


def _siblings(el: Elements, sizes: Sizes, entered: Ints, common: Ints) -> list[Floats]:
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
        count[of].astype(float),
        held[of] / count[of],
        rich[of],
        rich[of] / count[of],
        held[of] / np.maximum(1.0, inside[common]),
        el.order[entered].astype(float),
        np.full(len(entered), float(el.order[-1])),
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


def _places(el: Elements, owner: Ints, sizes: Sizes, index: Ints) -> list[Floats]:
    """What stands just before and just after: good text, links, lengths, and the way to the next good block."""
    good, words = sizes.good, sizes.words
    count = len(words)
    flags = good > 0
    here = np.arange(count)
    last = np.concatenate(([-1], np.maximum.accumulate(np.where(flags, here, -1))[:-1]))
    following = np.minimum.accumulate(np.where(flags, here, count)[::-1])[::-1]
    running = np.concatenate(([0.0], np.cumsum(words)))
    columns = [
        (index - last[index]).astype(float),
        (following[index] - index).astype(float),
        running[index] - running[np.maximum(last[index] + 1, 0)],
        running[following[index]] - running[index],
        words[index],
        sizes.linked[index],
        el.depth[owner[index]] - el.depth[owner[index - 1]],
        index / count,
        np.full(len(index), float(count)),
    ]
    for reach in (4, 12, 40):
        for low, high in ((index - reach, index), (index, index + reach)):
            columns += [ranged(good, low, high), ranged(words * sizes.linked, low, high) / reach]
            columns.append(ranged(flags.astype(float), low, high))
    columns += [words[np.clip(index + by, 0, count - 1)] for by in (-2, -1, 1, 2, 3)]
    return [np.asarray(column, dtype=np.float64) for column in columns]


def _headings(tree: Tree, el: Elements, sizes: Sizes, index: Ints, entered: Ints) -> list[Floats]:
    """Headings opened here, before and after: how many, and the good words between."""
    count = len(sizes.words)
    total = sizes.total
    columns: list[Floats] = []
    for levels in ((1,), (2,), (1, 2), (1, 2, 3)):
        firsts = np.sort(el.first[np.isin(el.level, levels) & (el.end > el.first)])
        past = np.searchsorted(firsts, index, side="left")
        upto = np.searchsorted(firsts, index, side="right")
        ends = np.concatenate((firsts, [count]))
        starts = np.concatenate(([0], firsts))
        following = ends[past]
        columns += [
            (upto > past).astype(float),
            past.astype(float),
            (len(firsts) - upto).astype(float),
            total[index] - total[starts[past]],
            total[following] - total[index],
            np.minimum(following - index, 50).astype(float),
            ((np.searchsorted(firsts, el.end[entered]) - past) * (entered > 0)).astype(float),
            total[ends[np.minimum(past + 1, len(firsts))]] - total[following],
        ]
    return columns + _titles(tree, el, index)


def _titles(tree: Tree, el: Elements, index: Ints) -> list[Floats]:
    """How far the block's words are those of the page's title, of its first heading; whether the text stands twice."""
    known = set(folded_words(f"{tree.head.title or ''} {tree.head.meta('og:title') or ''}"))
    tops = np.flatnonzero((el.level == 1) & (el.end > el.first))
    first = tree.blocks[el.first[tops[0]]].text if len(tops) else ""
    heading = set(folded_words(first))
    seen: dict[str, int] = {}
    for block in tree.blocks:
        if len(block.text) < 200:
            seen[block.text] = seen.get(block.text, 0) + 1
    found = []
    for i in index.tolist():
        text = tree.blocks[i].text
        own = set(folded_words(text[:300]))
        size = max(1, len(own))
        found.append((len(own & known) / size, len(own & heading) / size, text == first, seen.get(text, 1)))
    return list(np.array(found, dtype=np.float64).T)


def _hints(el: Elements, owner: Ints, index: Ints, entered: Ints) -> list[Floats]:
    """What names on the element entered and on those around the block hint at, and the tags around it."""
    around, own = el.all_hints[owner[index]], el.hints[entered] | el.hints[el.parent[entered]]
    columns = [((around >> _bit(name)) & 1).astype(float) for name in _HINTS]
    columns += [((own >> _bit(name)) & 1).astype(float) for name in _HINTS]
    columns += [((el.all_flags[owner[index]] >> bit) & 1).astype(float) for bit in range(24)]
    return columns


def _bit(name: str) -> int:
    return BITS[name].bit_length() - 1


def _signs(tree: Tree, index: Ints, count: int) -> list[Floats]:
    """Dates and images near: a story's head has a time, and stands near a picture."""
    columns = []
    for places in (
        np.array([time.block for time in tree.head.times], dtype=np.int64),
        np.array([picture.block for picture in tree.pictures], dtype=np.int64),
    ):
        held = (
            np.bincount(np.minimum(places, count), minlength=count + 1).astype(float)
            if len(places)
            else np.zeros(count + 1)
        )
        columns += [ranged(held, index, index + 8), ranged(held, index - 8, index)]
        columns.append(np.full(len(index), float(len(places))))
    return columns


def _names() -> tuple[str, ...]:
    parts = ("good", "share", "blocks", "mean", "tag", "depth")
    names = [f"{which}_{part}" for which in ("common", "left", "entered") for part in parts]
    names += ["same_kind", "same_tag", "entered_to_before", "lesser", "entered_of_common", "place", "good_before"]
    names += ["good_after", "page_good", "kin", "kin_good", "kin_rich", "kin_rich_share", "kin_of_common", "article"]
    names += [
        "articles",
        "with_next",
        "next_tag",
        "since_good",
        "until_good",
        "words_since_good",
        "words_until_good",
        "words",
        "linked",
    ]
    names += ["deeper", "at", "page_blocks"]
    for reach in (4, 12, 40):
        names += [f"{part}_{way}{reach}" for way in ("last", "next") for part in ("good", "linked", "goods")]
    names += [f"words{by:+d}" for by in (-2, -1, 1, 2, 3)]
    for level in ("h1", "h2", "h12", "h123"):
        names += [f"{level}_{part}" for part in ("here", "past", "left", "since", "until", "near", "entered", "after")]
    names += ["title_words", "heading_words", "first_heading", "times_here"]
    names += [f"around_{name}" for name in _HINTS] + [f"own_{name}" for name in _HINTS]
    names += [f"flag{bit}" for bit in range(24)]
    names += [f"{what}_{part}" for what in ("time", "picture") for part in ("next", "last", "all")]
    return tuple(names)


NAMES = _names()
COHESION_NAMES = (
    "shared_150", "shared_500", "capital_150", "capital_500", "grammar", "fresh_150", "fresh_400", "stood", "returning",
)  # fmt: skip


def cohesion(tree: Tree, rows_: Rows) -> NDArray[np.float32]:
    """How far the text from each candidate on speaks of what the text before it spoke of: good blocks alone."""
    good = np.flatnonzero(rows_.sizes.good > 0)
    lines = read([tree.blocks[i].text for i in good], [0] * len(good), EMPTY)
    at = np.minimum(np.searchsorted(good, rows_.blocks), len(good) - 1)
    rarity = 1.0 / np.log2(1.0 + lines.frequency)
    content = np.where(lines.short, 0.0, rarity)
    capital = np.where(lines.capital, content, 0.0)
    columns = [_shared(lines, window, weight)[at] for weight in (content, capital) for window in (150, 500)]
    columns.append(_shared(lines, 150, lines.short.astype(float))[at])
    new = content * (lines.before < 0) * (lines.frequency > 1)
    starts = lines.starts[at]
    again = content * (lines.frequency > 1)
    columns += [
        ranged(new, starts, starts + span) / np.maximum(1.0, ranged(again, starts, starts + span))
        for span in (150, 400)
    ]
    columns += list(_heading_words(tree, rows_, lines, at))
    return np.column_stack(columns).astype(np.float32)


def _shared(lines: Lines, window: int, weight: Floats) -> Floats:
    starts = lines.starts
    before, after = ranged(weight, starts - window, starts), ranged(weight, starts, starts + window)
    share: Floats = crossing(lines, window, window, weight) / np.maximum(1.0, np.minimum(before, after))
    return share


def _heading_words(tree: Tree, rows_: Rows, lines: Lines, at: Ints) -> tuple[Floats, Floats]:
    """Share of the candidate block's own words in the good text before it and after it."""
    found = []
    for i, line in zip(rows_.blocks.tolist(), at.tolist(), strict=True):  # two texts a candidate, few candidates
        own = {word for word in folded_words(tree.blocks[i].text[:200]) if len(word) > 3}
        past = " ".join(lines.texts[max(0, line - 8) : line]).lower()
        coming = " ".join(lines.texts[line : line + 8]).lower().replace(tree.blocks[i].text.lower(), "", 1)
        size = max(1, len(own))
        found.append((sum(word in past for word in own) / size, sum(word in coming for word in own) / size))
    stood, returning = np.array(found, dtype=np.float64).T
    return stood, returning
