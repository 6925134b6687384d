"""The pipeline: each page is sent and awaited, in whatever reactor Scrapy runs."""

import logging
from concurrent.futures import Future
from typing import Any, Self

from itemadapter import ItemAdapter, is_item
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from broadsheet.runtime.kafka.connection import ConnectionSettingsError, kafka_python_arguments, reasons
from broadsheet.runtime.settings import Settings
from broadsheet.scrapy.configured import configured
from broadsheet.scrapy.pages import PageError, message
from broadsheet.scrapy.waiting import Calls, answer, refuse, start, within
from scrapy import signals

log = logging.getLogger(__name__)

DELIVERY_SECONDS = 60.0
"""How long Kafka may take for one page before the page counts as not sent, where BROADSHEET_DELIVERY_SECONDS says
nothing else."""
ANSWER_SECONDS = 10.0
"""How long Kafka may take to tell of the topic."""
_OWN_WORD = 0.9
"""The share of the time after which the client gives a page up by itself and can say why; what it never answers ends
with our own time (kafka-python 3.0 leaves pages without an answer where a large one among them waits)."""
_REQUEST_SECONDS = 30.0
_CLOSING_SECONDS = 5.0


class NotConnectedError(Exception):
    """Kafka cannot be reached, has no such topic, or takes no pages; its text is one plain line."""


class BroadsheetPipeline:
    """Puts items that have `url` and `body` on the raw topic; other items pass untouched.

    Scrapy settings: BROADSHEET_BOOTSTRAP_SERVERS and BROADSHEET_TOPIC. What they leave out, and how to log in to Kafka,
    is as for all of Broadsheet: BROADSHEET_KAFKA__* variables, .env or broadsheet.toml.
    BROADSHEET_DELIVERY_SECONDS bounds the time for one page.
    Statistics: broadsheet/pages_sent, broadsheet/pages_not_sent, broadsheet/bytes_sent.
    """

    def __init__(self, crawler: Any, settings: Settings, seconds: float = DELIVERY_SECONDS) -> None:
        self._crawler, self._settings, self._seconds = crawler, settings, seconds
        self._topic = settings.topics.pages
        self._producer: KafkaProducer | None = None
        self._given_up = False
        # one thread: pages of one URL stay in order, and no call to Kafka holds the reactor up
        self._calls = Calls("broadsheet-kafka")

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Scrapy's way to make it. Raises NotConfigured where Broadsheet's settings are wrong."""
        seconds = crawler.settings.getfloat("BROADSHEET_DELIVERY_SECONDS", DELIVERY_SECONDS)
        return cls(crawler, configured(crawler), seconds)

    async def open_spider(self, spider: Any = None) -> None:  # noqa: ARG002 - older Scrapy gives it
        """Connect. A Kafka that cannot be reached, or has no such topic, closes the spider before its first page."""
        try:
            late = NotConnectedError(f"no answer from Kafka at {self._settings.kafka.bootstrap_servers}")
            await within(3 * ANSWER_SECONDS, self._calls.submit(self._connect), late)
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
            closing = self._calls.submit(self._producer.close, 0 if self._given_up else _CLOSING_SECONDS)
            try:
                await within(2 * _CLOSING_SECONDS, closing, NotConnectedError("the connection does not close"))
            except Exception as error:  # nothing hangs on it: every page has its answer
                log.debug("Broadsheet: closing the producer: %s", error)
        self._calls.end()
        lost = self._crawler.stats.get_value("broadsheet/pages_not_sent", 0)
        if lost:
            log.error("Broadsheet: %d page%s not sent to %s", lost, " was" if lost == 1 else "s were", self._topic)

    def _connect(self) -> None:
        kafka, patience = self._settings.kafka, self._seconds * _OWN_WORD
        with reasons("kafka") as said:
            try:
                producer = KafkaProducer(
                    **kafka_python_arguments(kafka),
                    acks="all",
                    max_request_size=kafka.max_message_bytes,
                    delivery_timeout_ms=int(patience * 1000),
                    request_timeout_ms=int(min(_REQUEST_SECONDS, patience) * 1000),
                    max_block_ms=int(min(ANSWER_SECONDS, patience) * 1000),
                    bootstrap_timeout_ms=int(ANSWER_SECONDS * 1000),
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
        if self._given_up:
            raise NotConnectedError("Kafka takes no pages any more; the crawl is being closed")
        done: Future[Any] = Future()
        self._calls.submit(self._send, url, value, headers, done)
        await within(self._seconds, done, NotConnectedError(f"no answer from Kafka within {self._seconds:g} s"))

    def _send(self, url: str, value: bytes, headers: list[tuple[str, bytes]], done: "Future[Any]") -> None:
        """In the thread: hand the page to the producer, which answers `done` later; not one given up."""
        if done.done():
            return
        try:
            if self._producer is None:
                raise NotConnectedError("not connected to Kafka")
            key = url.encode("utf-8", "replace")
            sending = self._producer.send(self._topic, value=value, key=key, headers=headers)
            sending.add_callback(lambda where: answer(done, where))
            sending.add_errback(lambda error: refuse(done, error))
        except (NotConnectedError, KafkaError, OSError) as error:
            refuse(done, error)
        except Exception as error:  # what the producer's own checks say of this page
            refuse(done, PageError(f"{type(error).__name__}: {error}"))

    def _failed(self, url: Any, error: Exception) -> None:
        self._count("pages_not_sent", 1)
        log.error("Broadsheet: page not sent: %s: %s", url, str(error) or type(error).__name__)

    def _count(self, name: str, amount: int) -> None:
        self._crawler.stats.inc_value(f"broadsheet/{name}", amount)

    def _close_spider(self) -> None:
        """Ask Scrapy to end the crawl; it waits for the items at work, so this must not wait for it."""
        if not self._given_up:
            self._given_up = True
            start(self._crawler.engine.close_spider_async(reason="kafka_failed"))
