"""When the article was published and changed: the machine-written sources first, then what readers see."""

from collections.abc import Iterable
from typing import NamedTuple

from broadsheet.blocks.tree import Tree
from broadsheet.clean.dates import date_in_url, find_date, machine_date
from broadsheet.clean.words import count_words
from broadsheet.extract.metadata_jsonld import Described, text_of

_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "date", "dc.date", "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "bt:pubdate", "citation_publication_date", "citation_online_date",
    "article.published", "published-date", "published_time", "displaydate", "iso-8601-publish-date", "last-published",
    "rnews:datepublished", "date_published", "originalpublicationdate", "news_publish_date", "created", "release_date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified", "lastmod",
    "last-modified", "dcterms.modified", "dc.date.modified", "article.updated", "modified_time", "revision_date",
)  # fmt: skip
NEAR_BLOCKS = 14
"""A visible date stands within so many blocks of the headline: guide, Metadata."""
SHORT_WORDS = 18


class Dates(NamedTuple):
    """RFC 3339 dates, or None, with their sources."""

    published: str | None
    published_source: str | None
    modified: str | None
    modified_source: str | None


def read_dates(tree: Tree, described: Described, url: str | None, heading: int | None) -> Dates:
    """Published and modified date of the page's article."""
    article = described.article or {}
    published, source = _first(
        (
            "json-ld",
            [
                text_of(article.get("datePublished")),
                text_of(article.get("dateCreated")),
                text_of(article.get("uploadDate")),
            ],
        ),
        ("meta", [tree.head.meta(name) for name in _PUBLISHED]),
        ("microdata", _props(tree, "datepublished", "datecreated", "dc:date", "schema:datepublished")),
    )
    if published is None:
        published, source = _visible(tree, heading)
    if published is None and url:
        published = date_in_url(url)
        source = "url" if published else None
    modified, changed = _first(
        ("json-ld", [text_of(article.get("dateModified"))]),
        ("meta", [tree.head.meta(name) for name in _MODIFIED]),
        ("microdata", _props(tree, "datemodified", "schema:datemodified")),
    )
    return Dates(published, source, modified, changed)


def _first(*sources: tuple[str, Iterable[str | None]]) -> tuple[str | None, str | None]:
    for name, values in sources:
        for value in values:
            found = machine_date(value) if value else None
            if found:
                return found, name
    return None, None


def _props(tree: Tree, *names: str) -> list[str | None]:
    return [prop.value or prop.element.text(deep=True) for prop in tree.head.props if prop.name in names]


def _visible(tree: Tree, heading: int | None) -> tuple[str | None, str | None]:
    """A `time` element near the headline, else a short block near it that holds a date."""
    at = heading or 0
    near = range(max(0, at - NEAR_BLOCKS // 2), at + NEAR_BLOCKS + 1)
    for time in tree.head.times:
        if time.block in near:
            found = machine_date(time.datetime or "")
            if found:
                return found, "time-element"
    for index in sorted((i for i in near if i < len(tree.blocks)), key=lambda i: (abs(i - at), i < at)):
        text = tree.blocks[index].text
        if len(text) < 200 and count_words(text) <= SHORT_WORDS:
            hit = find_date(text)
            if hit:
                return hit.day, "date-block"
    return None, None
