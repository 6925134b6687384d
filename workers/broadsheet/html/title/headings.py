"""The headings of a page, gathered once: what the headline is looked for in."""

from typing import NamedTuple

from broadsheet.html.head.site import LONGEST_TITLE
from broadsheet.html.scan.tree import Tree
from broadsheet.native.fields import heading_elements
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold

MOST_H1 = 60
"""So many first h1 elements are looked at. One real page in a thousand has more."""
MOST_LOWER = 8
"""So many first h2 and h3 with text of their own may hold the headline."""


class Heading(NamedTuple):
    """An h1: its first block, and the text of all its blocks, as it stands and folded."""

    block: int
    text: str
    folded: str


class Headings(NamedTuple):
    """The h1 of a page that have a text, in order; and the elements where else a headline may stand.

    `parts` are indexes of elements, in order: every h1 looked at, and the first h2 and h3 that hold blocks.
    """

    h1s: list[Heading]
    parts: list[int]


def find_headings(tree: Tree) -> Headings:
    """The headings of a scanned page, in one pass over its elements."""
    h1s: list[Heading] = []
    parts = heading_elements(tree.elements, tree.ends, MOST_H1, MOST_LOWER)
    for index in parts:
        if tree.elements[index].tag == "h1":
            text = heading_text(tree, index)
            if text and len(text) <= LONGEST_TITLE:
                h1s.append(Heading(tree.elements[index].first, text, fold(text)))
    return Headings(h1s, parts)


def heading_text(tree: Tree, element: int) -> str:
    """The text of an element's blocks as one line, at most a little longer than a headline can be."""
    texts: list[str] = []
    size = 0
    for block in tree.blocks[tree.elements[element].first : tree.ends[element]]:
        texts.append(block.text[: 2 * LONGEST_TITLE])
        size += len(texts[-1])
        if size > 2 * LONGEST_TITLE:
            break
    return tidy(" ".join(texts))
