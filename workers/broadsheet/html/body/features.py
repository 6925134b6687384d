"""The numbers the block model sees: one float32 row a block that may be text.

Everything is relative to a range of blocks, so that a page of several stories can be judged story by story.

Blocks under six words that are nearly all link are never text (44 % of all blocks, under 0.001 of body F1): they get
no row, but count in every sum.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.features_text import TEXT_NAMES, text_numbers
from broadsheet.html.body.features_tree import (
    ALL_SHIFTS,
    CONTAINERS,
    DETAILED,
    FLAG_SHIFTS,
    NEAR_NAMES,
    NEAR_SHIFTS,
    TREE_NAMES,
)
from broadsheet.html.scan.elements import TAG_CODE, Elements, Ints, element_arrays
from broadsheet.html.scan.naming import Floats, Lexicon
from broadsheet.html.scan.tree import Head, Tree
from broadsheet.native import columns
from broadsheet.native import features as native

_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]|\\.){0,200000})', re.DOTALL)
_STATED_CHARS = 200_000
SAID_NAMES = ("ld_news", "og_article", "dated", "english")
OWN_NAMES = ("words", "commas", "ends_stop", "repeats", "in_description", "naming")
"""Of a block's own numbers those that the trees used beside the others."""
_OWN = [TEXT_NAMES.index(name) for name in OWN_NAMES]

_CONTAINERS = [(column, share, name in DETAILED) for name, column, share in CONTAINERS]
_SHIFTS = tuple(shifts.ravel() for shifts in (NEAR_SHIFTS, ALL_SHIFTS, FLAG_SHIFTS))
"""As `native.rows` takes them."""

FEATURE_NAMES: tuple[str, ...] = (*OWN_NAMES, *TREE_NAMES, *NEAR_NAMES, *SAID_NAMES)
"""The columns of `Rows.matrix`, in order."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`index` says which blocks of the range have a row in `matrix`; `text` holds the own numbers of all of them."""

    index: Ints
    matrix: NDArray[np.float32]
    text: Floats


def article_body(texts: tuple[str, ...]) -> str:
    """The articleBody of the page's JSON-LD, by a search: it is evidence only and often cut short."""
    for text in texts:
        found = _ARTICLE_BODY.search(text) if "articleBody" in text else None
        if found:
            return found[1].replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/")
    return ""


def page_rows(tree: Tree, lexicon: Lexicon, lo: int = 0, hi: int | None = None, arrays: Elements | None = None) -> Rows:
    """The feature rows of blocks `lo` to `hi`; `arrays` saves their making when one page is asked about again."""
    blocks = tree.blocks[lo:hi]
    whole = arrays or element_arrays(tree, lexicon)
    owner, inline = columns.columns(blocks)
    el, owner = (whole, owner) if len(blocks) == len(tree.blocks) else _part(whole, owner, lo, lo + len(blocks))
    level, naming = columns.owned(owner, el.table, el.told, el.naming)
    text = text_numbers(blocks, tree.head, lexicon, naming, level)
    if not len(blocks):
        return Rows(np.zeros(0, dtype=np.int64), np.zeros((0, len(FEATURE_NAMES)), dtype=np.float32), text)
    articles = int(whole.order[-1])
    index, matrix = native.rows(
        el, owner, inline, level, text, _said(tree.head), own=_OWN, containers=_CONTAINERS, shifts=_SHIFTS, lo=lo,
        articles=articles, paragraph=TAG_CODE["p"], width=len(FEATURE_NAMES),
    )  # fmt: skip
    return Rows(index, matrix, text)


def _part(el: Elements, owner: Ints, lo: int, hi: int) -> tuple[Elements, Ints]:
    """The elements that blocks `lo` to `hi` lie in, and where among them each block's owner is.

    They are those that open here, which stand in a row, and those around the first block that opened before: so a
    page of many stories is not gone through as a whole for each.
    """
    start, stop = np.searchsorted(el.first, [lo, hi]).tolist()
    chain = []
    e = int(owner[0]) if len(owner) else 0
    while e > 0:
        if e < start:
            chain.append(e)
        e = int(el.parent[e])
    if start > 0:
        chain.append(0)
    kept = np.concatenate((np.array(chain[::-1], dtype=np.int64), np.arange(start, stop)))
    table = el.table.take(kept, axis=1)
    # An element without blocks may stand in one that ended before: it is asked about nothing.
    table[1] = np.minimum(np.searchsorted(kept, el.parent[kept]), len(kept) - 1)
    part = Elements(table, el.told.take(kept, axis=1), el.naming[kept])
    return part, np.searchsorted(kept, owner)


def _said(head: Head) -> tuple[bool, ...]:
    """What the page's head says it is."""
    return (
        "NewsArticle" in head.scripts(_STATED_CHARS),
        head.meta("og:type") == "article",
        head.meta("article:published_time", "date", "dc.date", "parsely-pub-date") is not None,
        (head.lang or "en").startswith("en"),
    )
