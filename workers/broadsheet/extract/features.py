"""The numbers the block model sees: one float32 row a block that may be text.

Everything is relative to a range of blocks, so that a page of several stories can be judged story by story.

Blocks under six words that are nearly all link are never text (44 % of all blocks, under 0.001 of body F1): they get
no row, but count in every sum.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.tree import Head, Tree
from broadsheet.extract.elements import Elements, Ints, element_arrays
from broadsheet.extract.features_near import NEAR_NAMES, near_columns
from broadsheet.extract.features_text import GOOD_LINKED, GOOD_WORDS, TEXT_NAMES, Floats, Lexicon, text_numbers
from broadsheet.extract.features_tree import TREE_NAMES, place, tree_columns

_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]|\\.){0,200000})', re.DOTALL)
_STATED_CHARS = 200_000
SAID_NAMES = ("ld_news", "ld_article", "ld_product", "ld_list", "og_article", "dated", "english", "ld_body")

FEATURE_NAMES: tuple[str, ...] = (
    *TEXT_NAMES, *TREE_NAMES, *NEAR_NAMES, *SAID_NAMES,
)  # fmt: skip
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
    el = arrays or element_arrays(tree, lexicon)
    owner = np.array([block.owner for block in blocks], dtype=np.int64)
    inline = np.array([block.inline for block in blocks], dtype=np.int64)
    text = text_numbers(blocks, tree.head, lexicon, el.naming[owner, 0].tolist())
    if not len(blocks):
        return Rows(np.zeros(0, dtype=np.int64), np.zeros((0, len(FEATURE_NAMES)), dtype=np.float32), text)
    words, chars, linked = text[:, 0], text[:, 1], text[:, 2]
    density = linked / np.maximum(chars, 1)
    good = ((words >= GOOD_WORDS) & (density < GOOD_LINKED)).astype(np.float32)
    index = np.nonzero((words >= 6) | (linked < 0.8 * chars))[0]
    if not len(index):
        index = np.arange(1)
    columns = [
        text,
        *tree_columns(place(el, owner, inline, text, good, lo=lo)),
        *near_columns(el, owner, text, density, good),
        np.broadcast_to(_said(tree.head), (len(blocks), len(SAID_NAMES))),
    ]
    matrix = np.concatenate([column[index] for column in columns], axis=1, dtype=np.float32)
    return Rows(index, matrix, text)


def _said(head: Head) -> Floats:
    """What the page's head says it is."""
    data = "".join(head.json_ld)[:_STATED_CHARS]
    said = (
        "NewsArticle" in data,
        '"Article"' in data or "BlogPosting" in data,
        '"Product"' in data,
        "ItemList" in data or "CollectionPage" in data,
        head.meta("og:type") == "article",
        head.meta("article:published_time", "date", "dc.date", "parsely-pub-date") is not None,
        (head.lang or "en").startswith("en"),
        "articleBody" in data,
    )
    return np.array(said, dtype=np.float32)
