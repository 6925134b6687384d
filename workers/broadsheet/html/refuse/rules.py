"""Pages that hold no article, told with care: an article refused is worse than a listing let through."""

from collections.abc import Sequence

from broadsheet.errors import NoneReason
from broadsheet.html.scan.tree import Tree
from broadsheet.text.refusal import MIN_WORDS, SHORT_WORDS, find_notice
from broadsheet.values import Block

LIKELY_STORY = 0.8
"""A page that is so likely an article by all that it says may be a short one."""
BRIEF_WORDS = 15
"""Words of prose that such a page must show: a flash of an agency has two sentences."""


def refuse_html(
    tree: Tree, page_type: str | None, body: Sequence[Block], prose: int, chance: float, status: int | None = None
) -> NoneReason | None:
    """Why an HTML page holds no article; None if it may hold one.

    Given what its head calls it, its extracted body with the words of prose in it, and how likely it is an article.
    """
    brief = prose < (BRIEF_WORDS if chance >= LIKELY_STORY else MIN_WORDS)
    if prose < SHORT_WORDS and (notice := find_notice(_told(tree, body, brief), status)):
        return notice
    if brief:
        return NoneReason.LISTING if _mostly_links(tree) else NoneReason.NO_ARTICLE_TEXT
    if page_type == "product" and prose < SHORT_WORDS:
        return NoneReason.PRODUCT
    return None


def _told(tree: Tree, body: Sequence[Block], brief: bool) -> list[str]:
    """Where a wall or an error page says that it is one: anywhere on a page that has hardly any prose; else in its
    title, its headlines and its body, and not in a header's link, a theme's box or a form's hidden line.
    """
    if brief:
        return [block.text for block in tree.blocks]
    headlines = [block.text for at, block in enumerate(tree.blocks) if tree.level(at) == 1]
    return [tree.head.title or "", *headlines, *(block.text for block in body)]


def _mostly_links(tree: Tree) -> bool:
    """Whether half the page's text or more is links: a listing."""
    linked = sum(block.linked for block in tree.blocks)
    return 2 * linked >= sum(len(block.text) for block in tree.blocks)
