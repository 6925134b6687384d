"""Broadsheet as a library: a page in, articles out, in this process. What `import broadsheet` offers stands here.

No Kafka, no settings, no environment. A page that never ends is not stopped here: the worker and `broadsheet extract`
read pages in processes of their own, with a deadline and a memory cap.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from broadsheet import pipeline
from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.records import article_record, outcome_record
from broadsheet.values import Article, PageResult, RawPage

__all__ = [
    "Article",
    "Options",
    "PageError",
    "PageResult",
    "RawPage",
    "extract",
    "outcome_json",
    "read_page",
    "to_dict",
    "to_json",
]

_NOTHING = b"\n"
"""An empty page: to Kafka an empty value is a tombstone, here it is a page without text."""


def extract(
    page: str | bytes, *, url: str | None = None, content_type: str | None = None, options: Options | None = None
) -> list[Article]:
    """The articles of a page, in its order; empty where it holds none (`read_page` says why).

    The arguments are those of `read_page`. Raises `PageError`, and nothing else, for a page that cannot be read.
    """
    return list(read_page(page, url=url, content_type=content_type, options=options).articles)


def read_page(
    page: str | bytes | RawPage,
    *,
    url: str | None = None,
    content_type: str | None = None,
    options: Options | None = None,
) -> PageResult:
    """What became of a page: its articles, or none and the reason; what was dropped; CPU time by stage in ms.

    `page` is HTML, Markdown or a text dump, as text or as bytes in any charset; or a message as scrapers send it, a
    `RawPage` with headers of its own. `url` is the page's address, absolute http(s). `content_type` says what text or
    bytes are ("text/html", "text/plain", "text/markdown", with a charset or not); unsaid, what begins with `<` is HTML
    and all else a dump. The same page gives the same articles. Raises `PageError`, and nothing else, for a page that
    cannot be read: its `reason` is one of a closed list, its `detail` one line.
    """
    raw = page if isinstance(page, RawPage) else _raw(page, url, content_type)
    return pipeline.read_page(raw, options or Options())


def to_dict(article: Article, *, extracted_at: datetime | None = None, cpu_ms: float = 0.0) -> dict[str, Any]:
    """The article's record as a dict, valid against `schemas/article/1.json`.

    `extracted_at` (with an offset) is now if it is not given, `cpu_ms` what reading the page has cost.
    """
    record: dict[str, Any] = orjson.loads(to_json(article, extracted_at=extracted_at, cpu_ms=cpu_ms))
    return record


def to_json(article: Article, *, extracted_at: datetime | None = None, cpu_ms: float = 0.0) -> bytes:
    """The same as JSON in UTF-8, on one line, byte for byte as a worker writes it onto `articles`."""
    return article_record(article, extracted_at=extracted_at or datetime.now(UTC), cpu_ms=cpu_ms)


def outcome_json(result: PageResult) -> bytes:
    """The record of what became of a page, as a worker writes it onto `pages.outcomes`."""
    return outcome_record(result)


def _raw(page: str | bytes, url: str | None, content_type: str | None) -> RawPage:
    """The page as the message that a scraper would send."""
    value = page.encode("utf-8", "replace") if isinstance(page, str) else bytes(page)
    headers = [("content-type", (content_type or _told(value)).encode("utf-8", "replace"))]
    if isinstance(page, str):
        headers.append(("charset", b"utf-8"))
    if url is not None:
        headers.append(("url", url.encode("utf-8", "replace")))
    return RawPage(value or _NOTHING, headers=tuple(headers))


def _told(value: bytes) -> str:
    return "text/html" if value[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else "text/plain"
