"""What a page becomes on its way: RawPage, Page, Block, Story, Article. Frozen values, no behaviour beyond reading.

The names are the contract between the modules of the core; the records that leave on Kafka are built from them
in `records.py` and described in `schemas/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from broadsheet.errors import NoneReason


class Origin(NamedTuple):
    """Where a page stood on Kafka."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """A message of `pages.raw` as it came: nothing decoded yet.

    `headers` keep their order and may repeat. `origin` is None for pages that did not come from Kafka.
    """

    value: bytes
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    origin: Origin | None = None


class ContentType(StrEnum):
    """The forms of page that are read; a dump may be plain text, or Markdown (RFC 7763)."""

    HTML = "text/html"
    DUMP = "text/plain"
    MARKDOWN = "text/markdown"


class PageRef(NamedTuple):
    """What names a page in a record: its address, its scraper's words for it, and where it stood on Kafka.

    Any of them may be unknown. `sha256` is known only for a page that was decoded.
    """

    url: str | None = None
    page_id: str | None = None
    source: str | None = None
    fetched_at: datetime | None = None
    sha256: str | None = None
    origin: Origin | None = None


NO_PAGE = PageRef()
"""A page of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page decoded: its text, what it is, and what its scraper said about it.

    `url` is absolute http(s), or None for a dump of unknown origin. `fetched_at` has an offset. `sha256` is the hex
    digest of the body's bytes after decompression and before charset decoding. `metadata` is the scraper's own,
    passed through untouched. `left_out` says of its words what could not be read, a line each. `utf8` is `text` in
    UTF-8 where those bytes were at hand, which saves to encode it again; it says nothing more than `text` does.
    """

    url: str | None
    text: str
    content_type: ContentType
    sha256: str
    charset: str = "utf-8"
    page_id: str | None = None
    source: str | None = None
    fetched_at: datetime | None = None
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    metadata: Any = None
    traceparent: str | None = None
    origin: Origin | None = None
    left_out: tuple[str, ...] = ()
    utf8: bytes | None = field(default=None, repr=False, compare=False)

    @property
    def ref(self) -> PageRef:
        """What names the page in its records."""
        return PageRef(self.url, self.page_id, self.source, self.fetched_at, self.sha256, self.origin)


class Kind(StrEnum):
    """What a block is. The first group is body; the second goes to fields; the last is dropped."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CODE = "code"
    PREFORMATTED = "preformatted"
    TABLE_ROW = "table-row"

    HEADLINE = "headline"
    SUBHEADLINE = "subheadline"
    CAPTION = "caption"
    BYLINE = "byline"
    DATE = "date"

    FURNITURE = "furniture"


BODY_KINDS = frozenset(
    {Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM, Kind.QUOTE, Kind.CODE, Kind.PREFORMATTED, Kind.TABLE_ROW}
)


class Span(NamedTuple):
    """Characters of the decoded page: start included, end not."""

    start: int
    end: int


class Link(NamedTuple):
    """A link as it stood: `url` absolute where the page's address is known."""

    url: str
    text: str


class Block(NamedTuple):
    """The one unit of HTML and dumps alike: a run of text with what it is and where it stood.

    `where` is the tag path (HTML, e.g. "body/main/article/p") or the line ("line 12"). `level` is 1-6 for headings.
    `span` is None where the place in the source is not told: `audit` finds it for HTML. `at` numbers an HTML page's
    blocks in its order, from 0; with several in one (cells of a row) it is the first's.
    """

    text: str
    kind: Kind
    where: str = ""
    level: int | None = None
    span: Span | None = None
    links: tuple[Link, ...] = ()
    at: int | None = None


class Removed(NamedTuple):
    """A block that was dropped: the audit's unit. `kind` names the reason ("text-size-toggle"); `at` as a block's."""

    kind: str
    text: str
    span: Span | None = None
    where: str = ""
    at: int | None = None

    def __repr__(self) -> str:
        return f"Removed(kind={self.kind!r}, text={self.text!r}, span={self.span!r}, where={self.where!r})"


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article; any of the fields may be unknown, not all of them."""

    url: str | None = None
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A person or body that wrote the article."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it stands on its page: what splitting and extraction hand to enrichment.

    `body` holds only `BODY_KINDS`, in order. Dates are RFC 3339 strings with offset where the page names one, else a
    plain date. `provenance` names, for each field that was found, where it came from.
    """

    headline: str | None
    body: tuple[Block, ...]
    subheadline: str | None = None
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    summary: str | None = None
    permalink: str | None = None
    site: str | None = None
    images: tuple[Image, ...] = ()
    removed: tuple[Removed, ...] = ()
    span: Span | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself as a whole, for all its stories: from the head, or null for a dump."""

    canonical_url: str | None = None
    site_name: str | None = None
    language: str | None = None
    pagination: tuple[int, int] | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """A page taken apart: its stories in order, or none of them and why; all that was dropped from the page.

    `removed` holds what belongs to no story; each story carries what was dropped within it.
    `timings_ms` is CPU time by stage ("parse", "blocks", ...). `confidence` is how likely it is (0-1) that the page
    holds none, where that was weighed. `page_type` is why it would have been refused, where refusing was not wanted.
    """

    stories: tuple[Story, ...]
    facts: PageFacts = PageFacts()
    reason: NoneReason | None = None
    removed: tuple[Removed, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None
    page_type: NoneReason | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is BCP 47 (usually two letters); `confidence` 0-1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place an agency story opens with: `text` as printed, `place` the name alone."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it leaves: the `articles` record but for `pipeline`. Null where unknown, never guessed silently."""

    id: str
    url: str | None
    position: int
    of: int
    span: Span | None
    headline: str | None
    subheadline: str | None
    body: tuple[Block, ...]
    body_text: str
    authors: tuple[Author, ...]
    byline: str | None
    credits: tuple[str, ...]
    dateline: Dateline | None
    published_at: str | None
    modified_at: str | None
    language: Language | None
    site_domain: str | None
    site_name: str | None
    section: str | None
    keywords: tuple[str, ...]
    summary: str | None
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    word_count: int
    reading_minutes: int
    content_hash: str
    minhash: str | None
    provenance: Mapping[str, str]
    removed: tuple[Removed, ...]
    pagination: tuple[int, int] | None = None
    """(page, pages) where the article's page says that it is one of several of its text."""
    page: PageRef = NO_PAGE
    metadata: Any = None
    """The scraper's own words about the page, passed through untouched."""
    page_type: NoneReason | None = None
    """What its page looks like rather than an article, where it is published all the same."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of a page that could be read: articles in the page's order, or none and the reason.

    `timings_ms` is CPU time by stage with "total" among them; never part of what must be the same twice. `confidence`
    is how likely it is (0-1) that the page holds no article; None where a rule alone said so, or it holds some.
    """

    page: Page
    articles: tuple[Article, ...]
    reason: NoneReason | None
    removed: tuple[Removed, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None
