"""Where the stories of a page stand that markup alone tells apart: `article` elements, each a whole story under its
heading.

Only pages that leave no doubt are taken apart here: a front page's teasers and related cards use the same element.
"""

from broadsheet.html.scan.around import nearest, tagged
from broadsheet.html.scan.prose import good_words
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.part import Part, Scan

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of so many words with less of their text in links."""
MIN_STORY_WORDS = 80
"""Good words of each story; teasers have fewer."""
MIN_SHARE = 0.8
"""Of the page's good words that the stories hold together."""
HEADING_BLOCKS = 6


def article_parts(scan: Scan) -> list[Part]:
    """The stories of a page whose text is a row of `article` elements; none for every other page.

    They stand side by side, or each has its own h1: sections of one story are made `article` elements too.
    """
    tree = scan.tree
    row = [e for e in tagged(tree.elements, "article") if _outermost(tree, e)]
    if len(row) < 2:
        return []
    held = [_good_words(tree, tree.elements[e].first, tree.ends[e]) for e in row]
    if min(held) < MIN_STORY_WORDS or sum(held) < MIN_SHARE * _good_words(tree, 0, len(tree.blocks)):
        return []
    headings = [heading for e in row if (heading := _heading(tree, e)) is not None]
    beside = len({tree.elements[e].parent for e in row}) == 1
    if len(headings) < len(row) or not (beside or {tree.level(heading) for heading in headings} == {1}):
        return []
    return [Part(tree.elements[e].first, tree.ends[e], heading) for e, heading in zip(row, headings, strict=True)]


def _outermost(tree: Tree, element: int) -> bool:
    """Whether an `article` stands in no other: those within are comments, cards, quotes."""
    return nearest(tree.elements, tree.elements[element].parent, "article") < 0


def _good_words(tree: Tree, start: int, end: int) -> int:
    return good_words(tree.blocks, start, end, GOOD_WORDS, 1, GOOD_LINKED)


def _heading(tree: Tree, element: int) -> int | None:
    """The block of a story's heading, near its start."""
    first = tree.elements[element].first
    near = range(first, min(tree.ends[element], first + HEADING_BLOCKS))
    return next((i for i in near if tree.level(i)), None)
