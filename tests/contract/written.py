"""Values whose records are good examples: what the code writes from them must be the example, byte order and all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from broadsheet.errors import NoneReason, Reason
from broadsheet.records import article_record, dead_headers, dead_outcome_record, outcome_record
from broadsheet.values import (
    Article,
    Author,
    Block,
    ContentType,
    Dateline,
    Image,
    Kind,
    Language,
    Link,
    Origin,
    Page,
    PageResult,
    RawPage,
    Removed,
    Span,
)

NOW = datetime(2026, 3, 2, 7, 16, 1, 500_000, tzinfo=UTC)
URL = "https://harbourpost.example/ferry-back"
ORIGIN = Origin("pages.raw", 3, 1207)

PAGE = Page(
    url=URL,
    text="...",
    content_type=ContentType.HTML,
    sha256="9f" * 32,
    page_id="post-118",
    source="coast-spider",
    fetched_at=datetime(2026, 3, 2, 8, 15, 30, tzinfo=timezone(timedelta(hours=1))),
    metadata={"campaign": ["ferries", 7]},
    origin=ORIGIN,
)
BARE_PAGE = Page(url=None, text="...", content_type=ContentType.DUMP, sha256="0a" * 32)

ARTICLE = Article(
    id="a-5d41402abc4b2a76",
    url=URL,
    position=0,
    of=2,
    span=Span(120, 941),
    headline="Ferry back in service",
    subheadline="Two boats, twice an hour",
    body=(
        Block("The ferry runs again from Monday, the harbour office said.", Kind.PARAGRAPH),
        Block("Fares", Kind.HEADING, level=2),
        Block("Full table of fares", Kind.LIST_ITEM, links=(Link(f"{URL}/fares", "Full table of fares"),)),
        Block("“We missed it,” said a rower.", Kind.QUOTE, links=(Link(f"{URL}/rower", "rower"),)),
    ),
    body_text="The ferry runs again from Monday, the harbour office said.\n\nFares\n\nFull table of fares\n\n"
    "“We missed it,” said a rower.",
    authors=(Author("Ida Marlow", "https://harbourpost.example/by/ida"), Author("Tom Quill")),
    byline="By Ida Marlow and Tom Quill",
    credits=("Coastwire",),
    dateline=Dateline("Stonehaven Quay", "STONEHAVEN QUAY, March 2 (Coastwire) -"),
    published_at="2026-03-02T07:00:00+01:00",
    modified_at="2026-03-02",
    language=Language("en", 0.99),
    site_domain="harbourpost.example",
    site_name="Harbour Post",
    section="Local",
    keywords=("ferry", "harbour"),
    summary="The ferry is back.",
    images=(Image(f"{URL}.jpg", "The ferry at dawn", "Coastwire", None), Image(alt="Map")),
    links=(Link(f"{URL}/fares", "Full table of fares"), Link(f"{URL}/rower", "rower")),
    word_count=20,
    reading_minutes=1,
    content_hash="c3ab8ff13720e8ad",
    minhash=None,
    provenance={"published_at": "json-ld", "authors": "byline-block"},
    removed=(
        Removed("share-bar", "Share this story " * 10, Span(10, 180)),
        Removed("advertisement", "Advertisement"),
        Removed("share-bar", "Print"),
    ),
    pagination=(2, 5),
    page=PAGE.ref,
    metadata=PAGE.metadata,
)
BARE_ARTICLE = Article(
    id="a-0", url=None, position=0, of=1, span=None, headline=None, subheadline=None,
    body=(Block("A line.", Kind.PARAGRAPH),), body_text="A line.", authors=(), byline=None, credits=(), dateline=None,
    published_at=None, modified_at=None, language=None, site_domain=None, site_name=None, section=None, keywords=(),
    summary=None, images=(), links=(), word_count=2, reading_minutes=1, content_hash="00", minhash=None, provenance={},
    removed=(), page=BARE_PAGE.ref,
)  # fmt: skip

ARTICLES: dict[str, Callable[[], bytes]] = {
    "full": lambda: article_record(ARTICLE, extracted_at=NOW, cpu_ms=4.1234567),
    "bare": lambda: article_record(BARE_ARTICLE, extracted_at=NOW, cpu_ms=0),
}

OUTCOMES: dict[str, Callable[[], bytes]] = {
    "articles": lambda: outcome_record(
        PageResult(PAGE, (ARTICLE, BARE_ARTICLE), None, timings_ms={"decode": 0.25, "parse": 1.5, "total": 4.1234567})
    ),
    "none": lambda: outcome_record(PageResult(BARE_PAGE, (), NoneReason.LISTING, timings_ms={"total": 2.0})),
    "dead": lambda: dead_outcome_record(
        RawPage(
            b'{"url": "https://harbourpost.example/f", "body": "x", "page_id": "p-1", "fetched_at": "yesterday"}',
            origin=ORIGIN,
        ),
        Reason.INVALID_ENVELOPE,
        "fetched_at: not an RFC 3339 date-time: 'yesterday'",
        {"decode": 0.1, "total": 0.1},
    ),
    "dead-unknown": lambda: dead_outcome_record(RawPage(b""), Reason.INVALID_ENVELOPE, "value: empty"),
}

DEAD_LETTERS: dict[str, Callable[[], tuple[tuple[str, bytes], ...]]] = {
    "first": lambda: dead_headers(
        RawPage(b"...", headers=(("content-type", b"application/json"), ("traceparent", b"00-1")), origin=ORIGIN),
        Reason.TIMEOUT,
        "the page was not done\nby its deadline",
        NOW,
    ),
    "redriven": lambda: dead_headers(
        RawPage(
            b"...",
            headers=(
                ("url", URL.encode()),
                ("dead-reason", b"timeout"),
                ("dead-detail", b"..."),
                ("dead-origin", b"pages.raw/3/1207"),
                ("dead-at", b"2026-03-01T00:00:00Z"),
                ("dead-attempts", b"2"),
            ),
            origin=Origin("pages.raw", 0, 99),
        ),
        Reason.CRASHED,
        "the page's child process died, twice",
        NOW,
    ),
    "left-out": lambda: dead_headers(
        RawPage(b"...", headers=(("x", b"..."),), origin=ORIGIN),
        Reason.TOO_LARGE,
        "the message has 314,572,882 bytes, the limit is 41,943,040 (left out of this letter: value, headers)",
        NOW,
        left_out=("value", "headers"),
    ),
    "no-origin": lambda: dead_headers(RawPage(b""), Reason.INVALID_ENVELOPE, "value: empty", NOW),
}
