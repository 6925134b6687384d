"""The topic on Kafka, as the feed reads it: committed records only, no consumer group, partitions chosen by itself."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from broadsheet.feed.entry import Entry
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.reading import UnreadableError, read_entry
from broadsheet.feed.sending import SLICE_SECONDS
from broadsheet.runtime.kafka.connection import ConnectionSettingsError, aiokafka_arguments, reasons
from broadsheet.runtime.settings import KafkaSettings

log = structlog.get_logger(__name__)

PATIENCE = 30.0
"""Seconds without any progress, after which a read that has an end is given up."""
ANSWER_SECONDS = 10.0
"""How long one answer about the topic may take."""
POLL_RECORDS = 500
KAFKA_FAULTS = (KafkaError, OSError, asyncio.TimeoutError)


class SourceError(Exception):
    """Kafka cannot be reached, lacks the topic or no longer answers; one plain line."""


class Source:
    """One topic of one Kafka: makes the clients that read it and the entries of its records."""

    def __init__(self, kafka: KafkaSettings, topic: str, metrics: FeedMetrics) -> None:
        self.topic = topic
        self._kafka, self._metrics = kafka, metrics

    @asynccontextmanager
    async def consumer(self, *, reset: str) -> AsyncIterator[AIOKafkaConsumer]:
        """A started consumer without partitions. `reset`: what an offset that is gone does, "earliest" or "none".

        Raises SourceError where Kafka cannot be reached.
        """
        consumer = await self._started(
            lambda arguments: AIOKafkaConsumer(
                **arguments,
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset=reset,
                metadata_max_age_ms=10_000,
            )
        )
        try:
            yield consumer
        finally:
            await _end(consumer)

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        """A started admin client, once the topic is known to be there. Raises SourceError."""
        admin = await self._started(lambda arguments: AIOKafkaAdminClient(**arguments, request_timeout_ms=10_000))
        try:
            # asked for by name, a missing topic may be created by the broker: the list of all is safe
            if self.topic not in await admin.list_topics():
                raise SourceError(f"topic {self.topic} is missing: make it with `broadsheet topics create`")
            yield admin
        finally:
            await _end(admin)

    async def partitions(self, admin: AIOKafkaAdminClient) -> set[int]:
        """The topic's partitions. Raises KafkaError, OSError or TimeoutError where Kafka does not answer."""
        async with asyncio.timeout(ANSWER_SECONDS):
            (topic,) = await admin.describe_topics([self.topic])
        return {partition["partition"] for partition in topic["partitions"]}

    def at(self, partition: int) -> TopicPartition:
        """The name of a partition for the client."""
        return TopicPartition(self.topic, partition)

    async def entries(self, records: Iterable[Any]) -> list[Entry]:
        """The entries of the client's records; one that cannot be read is logged, counted and left out.

        Reading a large record takes some 20 ms: others have their turn in between.
        """
        found, began = [], time.monotonic()
        for record in records:
            if (entry := self._entry(record)) is not None:
                found.append(entry)
            if time.monotonic() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.monotonic()
        return found

    def _entry(self, record: Any) -> Entry | None:
        try:
            entry = read_entry(record.partition, record.offset, record.timestamp, record.key, record.value)
        except UnreadableError as error:
            self._metrics.records.labels("unreadable").inc()
            place = {"topic": self.topic, "partition": record.partition, "offset": record.offset}
            log.warning("record skipped: it is no article", why=str(error), **place)
            return None
        self._metrics.records.labels("withdrawal" if entry.value is None else "article").inc()
        return entry

    async def ends(self, consumer: AIOKafkaConsumer, partitions: Iterable[int]) -> dict[int, tuple[int, int]]:
        """First offset and end of the committed log, by partition. Raises SourceError."""
        names = [self.at(partition) for partition in partitions]
        try:
            first, end = await consumer.beginning_offsets(names), await consumer.end_offsets(names)
        except KAFKA_FAULTS as error:
            raise SourceError(f"Kafka does not answer: {error or type(error).__name__}") from None
        return {name.partition: (first[name], end[name]) for name in names}

    async def read(
        self, consumer: AIOKafkaConsumer, ranges: Mapping[int, tuple[int, int]]
    ) -> AsyncGenerator[list[Entry], None]:
        """All entries of the offsets [start, end) of partitions, each partition in its order.

        An empty list is given where a moment passed without records. Raises SourceError where Kafka falls silent.
        """
        open_ends = {self.at(p): end for p, (start, end) in ranges.items() if start < end}
        if not open_ends:
            return
        consumer.assign(list(open_ends))
        for name in open_ends:
            consumer.seek(name, ranges[name.partition][0])
        moved = time.monotonic()
        while open_ends:
            if time.monotonic() - moved > PATIENCE:
                raise SourceError(f"Kafka gave nothing for {PATIENCE:.0f} seconds")
            polled = await _poll(consumer, list(open_ends))
            records = [r for name, found in polled.items() for r in found if r.offset < open_ends[name]]
            yield await self.entries(records)
            moved = time.monotonic() if polled else moved  # after the yield: its taker's time is not Kafka's
            for name in list(open_ends):
                if await consumer.position(name) >= open_ends[name]:
                    consumer.pause(name)
                    del open_ends[name]

    async def _started(self, make: Any) -> Any:
        servers = self._kafka.bootstrap_servers
        try:
            client = make(aiokafka_arguments(self._kafka))
        except ConnectionSettingsError as error:
            raise SourceError(str(error)) from None
        try:
            # asyncio.timeout, not wait_for: in Python 3.11 that one can swallow a cancellation
            with reasons() as said:
                async with asyncio.timeout(PATIENCE):
                    await client.start()
        except asyncio.CancelledError:
            await _end(client)
            raise
        except (*KAFKA_FAULTS, ValueError) as error:
            await _end(client)
            why = said[-1] if said else str(error) or type(error).__name__
            raise SourceError(f"cannot reach Kafka at {servers}: {' '.join(why.split())}") from None
        return client


async def _end(client: Any) -> None:
    """Stop a consumer or close an admin client, whatever state its connections are in."""
    stops = isinstance(client, AIOKafkaConsumer)
    stopping = asyncio.ensure_future(client.stop() if stops else client.close())
    await asyncio.wait({stopping}, timeout=ANSWER_SECONDS)
    if stopping.done() and not stopping.cancelled() and stopping.exception() is None:
        return
    # aiokafka 0.14: while a broker is away, stop() can fail with the CancelledError of its own fetch
    # (consumer/fetcher.py, close) and leaves its client at work
    stopping.cancel()
    await client._client.close()


async def _poll(consumer: AIOKafkaConsumer, names: list[TopicPartition]) -> Mapping[TopicPartition, list[Any]]:
    try:
        polled: Mapping[TopicPartition, list[Any]] = await consumer.getmany(
            *names, timeout_ms=500, max_records=POLL_RECORDS
        )
    except KafkaError as error:
        raise SourceError(f"Kafka does not answer: {error}") from None
    return polled
