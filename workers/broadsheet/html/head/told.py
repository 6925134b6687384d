"""What a page says of its article, as a value: each field with where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from broadsheet.html.head.jsonld import LISTING_TYPES, PRODUCT_TYPES, Described, link_of, resolve, text_of
from broadsheet.html.scan.tree import Head
from broadsheet.text.authors import LONGEST_LIST
from broadsheet.text.dates import machine_date
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold
from broadsheet.values import Author

FIELD_CHARS = 1_000
"""Characters of a field of text: each of a page's stories may repeat it."""


class Named(NamedTuple):
    """One of several articles that a page's JSON-LD names, with what it says of each; `key` is its headline folded."""

    headline: str
    authors: tuple[Author, ...]
    published: str | None
    url: str | None
    key: str


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


MOST_NAMED = 1_000
MOST_NAMED_AUTHORS = 20


def name_articles(described: Described) -> tuple[Named, ...]:
    """The articles of a page that names several; a live blog's entries are none."""
    if len(described.articles) < 2 or "liveblogposting" in described.types:
        return ()
    found = []
    for node in described.articles[:MOST_NAMED]:
        headline = tidy(text_of(node.get("headline")) or "")[:FIELD_CHARS]
        stated = resolve(node.get("author"), described.by_id)[:MOST_NAMED_AUTHORS]
        names = (tidy(text_of(item, LONGEST_LIST) or "") for item in stated)
        authors = tuple(Author(name) for name in names if name)
        if headline:
            published = machine_date(text_of(node.get("datePublished")) or "")
            found.append(Named(headline, authors, published, link_of(node), fold(headline)))
    return tuple(found)


def type_page(head: Head, described: Described) -> str | None:
    """What the head calls the page: "article", "product", "listing" or None."""
    og = (head.meta("og:type") or "").lower()
    if described.article is not None or og == "article":
        return "article"
    if og.startswith("product") or PRODUCT_TYPES & described.types:
        return "product"
    return "listing" if LISTING_TYPES & described.types else None
