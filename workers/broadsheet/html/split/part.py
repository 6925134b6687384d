"""What detectors of several stories see, and what they give."""

from dataclasses import dataclass
from typing import NamedTuple

from broadsheet.html.head.jsonld import Described
from broadsheet.html.head.told import Named
from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.live import Entry
from broadsheet.text.urls import absolute


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned page with what is told of it at little cost: before any field is read.

    `page_type` is what its head calls it, `named` are the articles that its JSON-LD names, if several; `entries` are
    those of a live blog.
    """

    tree: Tree
    elements: Elements
    url: str | None
    described: Described
    page_type: str | None
    named: tuple[Named, ...]
    entries: tuple[Entry, ...]

    @property
    def base(self) -> str | None:
        """What the page's links and images are relative to: its `base` element's address, else its own."""
        return absolute(self.tree.head.base, self.url) or self.url


class Part(NamedTuple):
    """A stretch of a page that may be one of its stories: its blocks are `lo` to `hi`.

    `heading` is the block of its headline, where the detector knows it. A story that has none and stands first is the
    one that the page's head speaks of.
    """

    lo: int
    hi: int
    heading: int | None = None
