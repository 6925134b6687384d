"""What a page says of its article, as a value: each field with where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from broadsheet.values import Author


class Named(NamedTuple):
    """One of several articles that a page's JSON-LD names, with what it says of each."""

    headline: str
    authors: tuple[Author, ...]
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a page's (first) article, all optional. `provenance` names each field's source by record field.

    `page_type` is what the head calls the page: "article", "product", "listing" or None. `heading` is the block index
    of the headline's h1 or its like, where there is one. `named` are the articles that JSON-LD names, if several.
    """

    headline: str | None = None
    subheadline: str | None = None
    authors: tuple[Author, ...] = ()
    byline: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    summary: str | None = None
    image: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    language: str | None = None
    page_type: str | None = None
    heading: int | None = None
    named: tuple[Named, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
