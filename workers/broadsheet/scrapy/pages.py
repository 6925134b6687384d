"""What makes a page for the raw topic: an item, a response, and the record that they become."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import orjson
from scrapy.http import Response, TextResponse

from broadsheet.decode.envelope import quoted

READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
"""What Broadsheet reads; `PagesMiddleware` leaves other responses alone."""

_TEXT_FIELDS = ("page_id", "source")


class PageError(ValueError):
    """An item that is no page; its text is one plain line."""


@dataclass
class PageItem:
    """A scraped page. Only `url` (absolute http(s)) and `body` must be there.

    `body` is the page's bytes without content encoding, or its text. `content_type` is the server's, with its charset;
    `text/plain` marks a text dump. `metadata` is anything that JSON can say: it comes out with each article.
    A dict or another item with these names does as well.
    """

    url: str
    body: bytes | str
    content_type: str = "text/html"
    charset: str | None = None
    fetched_at: datetime | None = None
    status: int | None = None
    response_headers: Mapping[str, str] | None = None
    page_id: str | None = None
    source: str | None = None
    metadata: Any = None

    @classmethod
    def from_response(cls, response: Response, *, page_id: str | None = None, metadata: Any = None) -> Self:
        """The page of a response, fetched now."""
        headers = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in _all(response)}
        return cls(
            url=response.url,
            body=response.body,
            content_type=headers.get("Content-Type", "text/html"),
            fetched_at=datetime.now(UTC),
            status=response.status,
            response_headers=headers,
            page_id=page_id,
            source="scrapy",
            metadata=metadata,
        )


class PagesMiddleware:
    """A spider middleware: every HTML or text response that reaches a callback is a page, before its own results.

    SPIDER_MIDDLEWARES = {"broadsheet.scrapy.PagesMiddleware": 900}
    """

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterable[Any]:
        """The page, then what the callback gave."""
        yield from self._page(response)
        yield from result

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The same for callbacks that are asynchronous generators."""
        for page in self._page(response):
            yield page
        async for one in result:
            yield one

    def _page(self, response: Response) -> Iterable[PageItem]:
        served = (response.headers.get("Content-Type") or b"text/html").partition(b";")[0].strip().lower()
        if isinstance(response, TextResponse) and served.decode("latin-1") in READ_TYPES:
            yield PageItem.from_response(response)


def message(fields: Any) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A page as Kafka takes it: its bytes, and its fields as headers. Raises PageError naming what is wrong."""
    url, body, charset = fields["url"], fields["body"], fields.get("charset")
    if not isinstance(url, str) or not url.strip():
        # without it the message's form would be told by what was scraped: a site's JSON would pass for an envelope
        raise PageError(f"url is {quoted(url)}: a page needs its address")
    if isinstance(body, str):
        body, charset = body.encode("utf-8", "replace"), "utf-8"
    if not isinstance(body, bytes | bytearray):
        raise PageError(f"body is {type(body).__name__}, not bytes or text")
    given: dict[str, Any] = {"url": url, "content-type": fields.get("content_type") or "text/html"}
    given |= {name.replace("_", "-"): fields.get(name) for name in _TEXT_FIELDS}
    given |= {"charset": charset, "fetched-at": _moment(fields.get("fetched_at")), "status": fields.get("status")}
    headers = [(name, str(value).encode("utf-8", "replace")) for name, value in given.items() if value is not None]
    said = {name: fields.get(name) for name in ("response_headers", "metadata")}
    headers += [(name.replace("_", "-"), _json(name, value)) for name, value in said.items() if value is not None]
    return bytes(body), headers


def _moment(value: Any) -> str | None:
    """RFC 3339. A time without an offset is taken as UTC, which Scrapy's own times are."""
    if not isinstance(value, datetime):
        return None if value is None else str(value)
    return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).isoformat()


def _json(name: str, value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise PageError(f"{name}: {error}") from None


def _all(response: Response) -> Iterable[tuple[bytes, list[bytes]]]:
    items: Iterable[tuple[bytes, list[bytes]]] = response.headers.items()
    return items
