"""Numbers by which a block of an HTML page that opens a further story is told from one that does not.

Only candidates get a row: blocks at which an element with much good text opens, or an upper heading. Sums over elements
are differences of running sums over blocks. Sizes are words, estimated from characters so that all scripts cost alike.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import FAR, Floats, Ints, Lines
from broadsheet.cohesion.tokens import read_texts
from broadsheet.cohesion.windows import crossing, ranged
from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree
from broadsheet.native import branches
from broadsheet.text.words import folded_words

_HINTS = ("comment", "related", "list", "card", "author", "cta", "ad", "side", "footer", "consent", "dialog", "live",
          "faq", "quote", "article", "content", "note", "forum", "media", "nav")  # fmt: skip


class Sizes(NamedTuple):
    """The blocks of a page as columns: words, whether good text, and good words before each (one more than blocks)."""

    words: Floats
    good: Floats
    total: Floats
    linked: Floats


class BranchRows(NamedTuple):
    """Candidate blocks, ascending, and their features."""

    blocks: Ints
    matrix: NDArray[np.float32]
    sizes: Sizes


def rows(tree: Tree, el: Elements) -> BranchRows:
    """The candidates of a page with what its tree says of each."""
    times = np.array([time.block for time in tree.head.times], dtype=np.int64)
    pictures = np.array([picture.block for picture in tree.pictures], dtype=np.int64)
    title = set(folded_words(f"{tree.head.title or ''} {tree.head.meta('og:title') or ''}"))
    page = branches.Page(tree.blocks, el)
    index = page.candidates()
    matrix = page.rows(
        index, words=folded_words, title=title, times=times, pictures=pictures, bits=_HINT_BITS.ravel(),
        flags=len(_FLAG_BITS), width=len(NAMES),
    )  # fmt: skip
    return BranchRows(index, matrix, Sizes(page.words, page.good, page.total, page.linked))


_HINT_BITS = np.array([[BITS[name].bit_length() - 1] for name in _HINTS], dtype=np.int64)
_FLAG_BITS = np.arange(24, dtype=np.int64)[:, None]
"""Where the bits lie, a row each."""


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


def cohesion(tree: Tree, rows_: BranchRows) -> NDArray[np.float32]:
    """How far the text from each candidate on speaks of what the text before it spoke of: good blocks alone."""
    good = np.flatnonzero(rows_.sizes.good > 0)
    lines = _worded([tree.blocks[i].text for i in good])
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


def _worded(texts: list[str]) -> Lines:
    """The words of blocks as columns; what only a dump's lines are asked about stays empty."""
    found = read_texts(texts, EMPTY)
    tokens = found.ids
    order = np.argsort(tokens, kind="stable")
    again = tokens[order[1:]] == tokens[order[:-1]]
    before = np.full(len(tokens), -FAR, dtype=np.int64)
    before[order[1:][again]] = order[:-1][again]
    none, nowhere = np.zeros(0), tokens[:0]
    return Lines(
        texts=tuple(texts),
        gap=none,
        words=none,
        own=none,
        lexical=none,
        starts=np.cumsum(found.counts) - found.counts,
        owner=np.repeat(np.arange(len(texts)), found.counts),
        capital=found.capital,
        short=found.short[tokens],
        tokens=tokens,
        before=before,
        after=nowhere,
        frequency=np.bincount(tokens, minlength=len(found.short))[tokens],
        same_before=nowhere,
        same_after=nowhere,
    )


def _shared(lines: Lines, window: int, weight: Floats) -> Floats:
    starts = lines.starts
    before, after = ranged(weight, starts - window, starts), ranged(weight, starts, starts + window)
    share: Floats = crossing(lines, window, window, weight) / np.maximum(1.0, np.minimum(before, after))
    return share


def _heading_words(tree: Tree, rows_: BranchRows, lines: Lines, at: Ints) -> tuple[Floats, Floats]:
    """Share of the candidate block's own words in the good text before it and after it."""
    lower = [text.lower() for text in lines.texts]
    found = []
    for i, line in zip(rows_.blocks.tolist(), at.tolist(), strict=True):  # two texts a candidate, few candidates
        own = {word for word in folded_words(tree.blocks[i].text[:200]) if len(word) > 3}
        past = " ".join(lower[max(0, line - 8) : line])
        coming = " ".join(lower[line : line + 8]).replace(tree.blocks[i].text.lower(), "", 1)
        size = max(1, len(own))
        found.append((sum([word in past for word in own]) / size, sum([word in coming for word in own]) / size))
    stood, returning = np.array(found, dtype=np.float64).T
    return stood, returning
