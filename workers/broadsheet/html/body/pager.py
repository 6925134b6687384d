"""Which page of several an HTML page is, by the mark in its pager beside the story: "Page 2 of 5"."""

import re
from itertools import islice

from broadsheet.html.scan.tree import Tree
from broadsheet.text.pagination import page_of

NEAR = 8
"""Blocks before the first and behind the last of a story's body among which its pager stands."""
AROUND = 4
"""Elements around a mark by whose names its pager is told."""
PAGER_CHARS = 200
MARK_CHARS = 40
_NUMBERS = re.compile(r"\d\D{1,20}\d")
MARK_WORDS = range(1, 7)
"""Words of a mark at a pager's start; links to other pages follow."""
_PAGER = re.compile(r"pag(?:ination|inator|er|ing)\b|page[-_]?(?:nav|num|links)|article[-_]pages?\b", re.IGNORECASE)
"""Names of web templates for it. Steps of a form and shots of a gallery are numbered as well, in elements named for
these: of 1,900 pages of the page sets 50 have such a line, and one of the articles is a page of several."""


def page_in_pager(tree: Tree, first: int, last: int) -> tuple[int, int] | None:
    """(page, pages) where a pager beside the blocks `first` to `last` says so; None where none does, or two differ."""
    near = (*range(max(0, first - NEAR), first), *range(last + 1, min(len(tree.blocks), last + 1 + NEAR)))
    found = {mark for at in near if (mark := _mark(tree.blocks[at].text)) and _in_pager(tree, tree.blocks[at].owner)}
    return found.pop() if len(found) == 1 else None


def _mark(text: str) -> tuple[int, int] | None:
    """What a block begins with. Numbers alone are no mark here: with them lists of other stories are leafed through."""
    if len(text) > PAGER_CHARS or not _NUMBERS.search(text, 0, MARK_CHARS):
        return None
    words = text.split()
    starts = (" ".join(words[:count]) for count in MARK_WORDS if count <= len(words))
    return next((mark for start in starts if (mark := page_of(start)) and any(map(str.isalpha, start))), None)


def _in_pager(tree: Tree, owner: int) -> bool:
    return any(_PAGER.search(tree.elements[e].names) for e in islice(tree.ancestors(owner), AROUND))
