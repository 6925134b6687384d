"""For Scrapy: a pipeline that puts scraped pages on the raw topic, and what makes a page of a response.

    ITEM_PIPELINES = {"broadsheet.scrapy.BroadsheetPipeline": 900}
    BROADSHEET_BOOTSTRAP_SERVERS = "127.0.0.1:9092"

A spider yields `PageItem.from_response(response)`, or `PagesMiddleware` does so for every page that reaches the spider.
Each page is awaited: its item leaves the pipeline once Kafka has it, and Scrapy's own limits hold the crawl back while
Kafka is slow. A page that could not be sent is an error in the log, is counted, and a Kafka that fails closes the
spider, with the reason in `finish_reason`. Works with Scrapy's asyncio and other reactors; none is blocked.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import orjson
from itemadapter import ItemAdapter, is_item
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError
from pydantic import ValidationError
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from scrapy.utils.asyncio import is_asyncio_available

from broadsheet.runtime.connection import ConnectionSettingsError, kafka_python_arguments, reasons
from broadsheet.runtime.settings import Settings
from scrapy import signals

log = logging.getLogger(__name__)

DELIVERY_SECONDS = 60
"""How long Kafka may take for one page before the page counts as not sent."""
ANSWER_SECONDS = 10
"""How long Kafka may take to tell of the topic."""
READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
"""What Broadsheet reads; `PagesMiddleware` leaves other responses alone."""

_TEXT_FIELDS = ("page_id", "source")


class PageError(ValueError):
    """An item that is no page; its text is one plain line."""


class NotConnectedError(Exception):
    """Kafka cannot be reached, or has no such topic; its text is one plain line."""


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


class BroadsheetPipeline:
    """Puts items that have `url` and `body` on the raw topic; other items pass untouched.

    Scrapy settings: BROADSHEET_BOOTSTRAP_SERVERS and BROADSHEET_TOPIC. What they leave out, and how to log in to Kafka,
    is as for all of Broadsheet: BROADSHEET_KAFKA__* variables, .env or broadsheet.toml.
    Statistics: broadsheet/pages_sent, broadsheet/pages_not_sent, broadsheet/bytes_sent.
    """

    def __init__(self, crawler: Any, settings: Settings) -> None:
        self._crawler, self._settings = crawler, settings
        self._topic = settings.topics.pages
        self._producer: KafkaProducer | None = None
        self._given_up = False
        # one thread: pages of one URL stay in order, and no call to Kafka holds the reactor up
        self._thread = ThreadPoolExecutor(1, "broadsheet-kafka")

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Scrapy's way to make it. Raises NotConfigured where Broadsheet's settings are wrong."""
        try:
            settings = Settings()
        except ValidationError as error:
            first = error.errors()[0]
            raise NotConfigured(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        servers = crawler.settings.get("BROADSHEET_BOOTSTRAP_SERVERS") or settings.kafka.bootstrap_servers
        topic = crawler.settings.get("BROADSHEET_TOPIC") or settings.topics.pages
        kafka = settings.kafka.model_copy(update={"bootstrap_servers": servers})
        topics = settings.topics.model_copy(update={"pages": topic})
        return cls(crawler, settings.model_copy(update={"kafka": kafka, "topics": topics}))

    async def open_spider(self, spider: Any = None) -> None:  # noqa: ARG002 - older Scrapy gives it
        """Connect. A Kafka that cannot be reached, or has no such topic, closes the spider before its first page."""
        try:
            await _awaitable(self._thread.submit(self._connect))
        except (NotConnectedError, ConnectionSettingsError, KafkaError, OSError) as error:
            log.error("Broadsheet: %s", error)
            self._crawler.signals.connect(self._close_spider, signals.spider_opened)

    async def process_item(self, item: Any, spider: Any = None) -> Any:  # noqa: ARG002 - older Scrapy gives it
        """Send the page and wait until Kafka has it."""
        fields = ItemAdapter(item) if is_item(item) else {}
        if "url" not in fields or "body" not in fields:
            return item
        try:
            value, headers = message(fields)
            await self._sent(str(fields["url"]), value, headers)
        except (PageError, MessageSizeTooLargeError) as error:
            self._failed(fields["url"], error)  # this page's own fault: the crawl goes on
        except (NotConnectedError, KafkaError, OSError) as error:
            self._failed(fields["url"], error)
            self._close_spider()
        else:
            self._count("pages_sent", 1)
            self._count("bytes_sent", len(value))
        return item

    async def close_spider(self, spider: Any = None) -> None:  # noqa: ARG002 - older Scrapy gives it
        """Leave when all is sent. Every page has been awaited; this closes the connections."""
        if self._producer is not None:
            await _awaitable(self._thread.submit(self._producer.close, DELIVERY_SECONDS))
        self._thread.shutdown(wait=False)
        lost = self._crawler.stats.get_value("broadsheet/pages_not_sent", 0)
        if lost:
            log.error("Broadsheet: %d page%s not sent to %s", lost, " was" if lost == 1 else "s were", self._topic)

    def _connect(self) -> None:
        kafka = self._settings.kafka
        with reasons("kafka") as said:
            try:
                producer = KafkaProducer(
                    **kafka_python_arguments(kafka),
                    acks="all",
                    max_request_size=kafka.max_message_bytes,
                    delivery_timeout_ms=DELIVERY_SECONDS * 1000,
                    max_block_ms=ANSWER_SECONDS * 1000,
                    bootstrap_timeout_ms=ANSWER_SECONDS * 1000,
                    allow_auto_create_topics=False,
                )
            except KafkaError as error:
                why = said[-1] if said else str(error)
                raise NotConnectedError(f"cannot reach Kafka at {kafka.bootstrap_servers}: {why}") from None
        self._producer = producer
        try:
            producer.partitions_for(self._topic)
        except KafkaTimeoutError:
            raise NotConnectedError(
                f"topic {self._topic} is missing: make it with `broadsheet topics create`"
            ) from None

    async def _sent(self, url: str, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        done: Future[Any] = Future()
        self._thread.submit(self._send, url, value, headers, done)
        await _awaitable(done)

    def _send(self, url: str, value: bytes, headers: list[tuple[str, bytes]], done: "Future[Any]") -> None:
        """In the thread: hand the page to the producer, which answers `done` later."""
        try:
            if self._producer is None:
                raise NotConnectedError("not connected to Kafka")
            key = url.encode("utf-8", "replace")
            sending = self._producer.send(self._topic, value=value, key=key, headers=headers)
            sending.add_callback(done.set_result)
            sending.add_errback(done.set_exception)
        except (NotConnectedError, KafkaError, OSError) as error:
            done.set_exception(error)
        except Exception as error:  # what the producer's own checks say of this page
            done.set_exception(PageError(f"{type(error).__name__}: {error}"))

    def _failed(self, url: Any, error: Exception) -> None:
        self._count("pages_not_sent", 1)
        log.error("Broadsheet: page not sent: %s: %s", url, str(error) or type(error).__name__)

    def _count(self, name: str, amount: int) -> None:
        self._crawler.stats.inc_value(f"broadsheet/{name}", amount)

    def _close_spider(self) -> None:
        """Ask Scrapy to end the crawl; it waits for the items at work, so this must not wait for it."""
        if not self._given_up:
            self._given_up = True
            _start(self._crawler.engine.close_spider_async(reason="kafka_failed"))


def message(fields: Any) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A page as Kafka takes it: its bytes, and its fields as headers. Raises PageError naming what is wrong."""
    body, charset = fields["body"], fields.get("charset")
    if isinstance(body, str):
        body, charset = body.encode("utf-8", "replace"), "utf-8"
    if not isinstance(body, bytes | bytearray):
        raise PageError(f"body is {type(body).__name__}, not bytes or text")
    given: dict[str, Any] = {"url": fields["url"], "content-type": fields.get("content_type") or "text/html"}
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


def _awaitable(future: "Future[Any]") -> Awaitable[Any]:
    """What a coroutine of this crawl may await: it depends on the reactor."""
    if is_asyncio_available():
        return asyncio.wrap_future(future)
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    deferred: Deferred[Any] = Deferred()

    def answer(done: "Future[Any]") -> None:
        error = done.exception()
        if error is None:
            deferred.callback(done.result())
        else:
            deferred.errback(error)

    future.add_done_callback(lambda done: reactor.callFromThread(answer, done))
    return deferred


def _start(coroutine: Any) -> None:
    """Let a coroutine run by itself."""
    if is_asyncio_available():
        task = asyncio.ensure_future(coroutine)
        _STARTED.add(task)
        task.add_done_callback(_STARTED.discard)
        return
    from twisted.internet.defer import Deferred

    Deferred.fromCoroutine(coroutine)


_STARTED: set["asyncio.Future[Any]"] = set()
"""The loop keeps only weak references to its tasks."""
