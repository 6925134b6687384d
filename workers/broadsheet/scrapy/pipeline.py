"""The pipeline: each page is sent and awaited, in whatever reactor Scrapy runs."""

import asyncio
import logging
from collections.abc import Awaitable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from itemadapter import ItemAdapter, is_item
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError
from pydantic import ValidationError
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import is_asyncio_available

from broadsheet.runtime.connection import ConnectionSettingsError, kafka_python_arguments, reasons
from broadsheet.runtime.settings import Settings
from broadsheet.scrapy.pages import PageError, message
from scrapy import signals

log = logging.getLogger(__name__)

DELIVERY_SECONDS = 60
"""How long Kafka may take for one page before the page counts as not sent."""
ANSWER_SECONDS = 10
"""How long Kafka may take to tell of the topic."""


class NotConnectedError(Exception):
    """Kafka cannot be reached, or has no such topic; its text is one plain line."""


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
