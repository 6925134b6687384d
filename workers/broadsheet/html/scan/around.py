"""What stands around the blocks of a page: what the audit makes of dropped text, and where it stood."""

from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree
from broadsheet.native.around import Around, nearest, nearest_of, tagged
from broadsheet.values import Removed

__all__ = ["Around", "around", "nearest", "nearest_of", "tagged"]


PATH_CHARS = 300

_REASONS = (
    ("consent", "consent"),
    ("comment", "comment"),
    ("ad", "advertisement"),
    ("share", "share-bar"),
    ("related", "related"),
    ("cta", "call-to-action"),
    ("nav", "navigation"),
    ("caption", "caption"),
    ("tags", "tags"),
    ("author", "author-box"),
    ("meta", "page-details"),
    ("footer", "footer"),
    ("header", "page-header"),
    ("side", "sidebar"),
    ("form", "form"),
    ("dialog", "dialog"),
)
REASON_BITS = tuple((BITS[hint], reason) for hint, reason in _REASONS)
REASON_TAGS = {
    "nav": "navigation",
    "footer": "footer",
    "header": "page-header",
    "aside": "sidebar",
    "form": "form",
    "figcaption": "caption",
    "button": "button",
}


def around(tree: Tree) -> Around:
    """For the blocks of this page."""
    return Around(tree.elements, REASON_TAGS, REASON_BITS, PATH_CHARS, Removed)
