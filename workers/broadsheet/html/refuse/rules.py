"""Pages that hold no article, told with care: an article refused is worse than a listing let through."""

from broadsheet.errors import NoneReason
from broadsheet.html.scan.tree import Tree
from broadsheet.text.refusal import MIN_WORDS, SHORT_WORDS, refuse_text


def refuse_html(tree: Tree, page_type: str | None, prose: int, status: int | None = None) -> NoneReason | None:
    """Why an HTML page holds no article, given what its head calls it and the words of prose in its extracted body;
    None if it may hold one.
    """
    refusal = refuse_text([block.text for block in tree.blocks], status) if prose < SHORT_WORDS else None
    if refusal and refusal is not NoneReason.NO_ARTICLE_TEXT:
        return refusal
    if refusal or prose < MIN_WORDS:
        return NoneReason.LISTING if _mostly_links(tree) else NoneReason.NO_ARTICLE_TEXT
    if page_type == "product" and prose < SHORT_WORDS:
        return NoneReason.PRODUCT
    return None


def _mostly_links(tree: Tree) -> bool:
    """Whether half the page's text or more is links: a listing."""
    linked = sum(block.linked for block in tree.blocks)
    return 2 * linked >= sum(len(block.text) for block in tree.blocks)
