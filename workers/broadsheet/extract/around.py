"""What stands around the blocks of a page: what the audit makes of dropped text, and where it stood."""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any, Protocol

from broadsheet.blocks.hints import BITS
from broadsheet.blocks.tree import Element, Run, Tree
from broadsheet.values import Removed

try:
    from broadsheet.native import around as native
except ImportError:
    native = None  # type: ignore[assignment]

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

_removed = partial(tuple.__new__, Removed)


class Around(Protocol):
    """What stands around blocks, each element looked at once."""

    def told(self, e: int) -> tuple[str, str]:
        """The audit's name for dropped text of an element, by the nearest one around it that says what it is, or "".

        And its path as `Tree.path`, without the outermost tags where elements nest absurdly deep.
        """

    def dropped(self, blocks: list[Run], indices: Iterable[int]) -> list[Removed]:
        """These of a page's blocks as dropped ones."""


def around(tree: Tree) -> Around:
    """For the blocks of this page."""
    if native is None:
        return PlainAround(tree.elements)
    return native.Around(tree.elements, REASON_TAGS, REASON_BITS, PATH_CHARS, Removed)


class PlainAround:
    """`Around` in Python."""

    def __init__(self, elements: list[Element]) -> None:
        self.elements = elements
        self.known: dict[int, tuple[str, str]] = {0: ("", "")}

    def told(self, e: int) -> tuple[str, str]:
        known, elements = self.known, self.elements
        climbed = []
        while e not in known:
            climbed.append(e)
            e = elements[e].parent
        reason, path = known[e]
        while climbed:
            e = climbed.pop()
            tag, hints = elements[e].tag, elements[e].hints
            reason = REASON_TAGS.get(tag) or (_hinted(hints) if hints else "") or reason
            path = f"{path if len(path) <= PATH_CHARS else path[-PATH_CHARS:]}/{tag}" if path else tag
            known[e] = (reason, path)
        return reason, path

    def dropped(self, blocks: list[Run], indices: Iterable[int]) -> list[Removed]:
        made = []
        for at in indices:
            text, owner, linked, _, _ = blocks[at]
            reason, path = self.told(owner)
            if not reason:
                reason = "links" if 2 * linked > len(text) else "outside-body"
            made.append(_removed((reason, text, None, path, at)))
        return made


@lru_cache(maxsize=4096)
def _hinted(mask: int) -> str:
    for bit, reason in REASON_BITS:
        if mask & bit:
            return reason
    return ""


def plain_tagged(elements: list[Element], tag: str) -> list[int]:
    """`tagged` in Python."""
    return [e for e, element in enumerate(elements) if element.tag == tag]


tagged = native.tagged if native else plain_tagged
"""The elements that have this tag, in order."""


def plain_nearest_of(elements: list[Element], e: int, tags: dict[str, Any], reach: int) -> int:
    """`nearest_of` in Python."""
    for _ in range(reach):
        if e <= 0:
            break
        element = elements[e]
        if element.tag in tags:
            return e
        e = element.parent
    return -1


nearest_of = native.nearest_of if native else plain_nearest_of
"""The nearest that has one of these tags, of the element itself and those around it, `reach` in all; -1 without one."""


def plain_nearest(elements: list[Element], e: int, tag: str) -> int:
    """`nearest` in Python."""
    while e > 0:
        element = elements[e]
        if element.tag == tag:
            return e
        e = element.parent
    return -1


nearest = native.nearest if native else plain_nearest
"""The element itself or the nearest one around it that has this tag; -1 where there is none."""
