"""Keeps the window at the end of the topic: built from the tail of each partition at the start, then followed live."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from broadsheet.feed.entry import Entry
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.source import KAFKA_FAULTS, POLL_RECORDS, Source, SourceError
from broadsheet.feed.window import Window
from broadsheet.options import MEBIBYTE

log = structlog.get_logger(__name__)

WATCH_SECONDS = 3.0
"""How often the partitions are asked for: how soon a new one, or a lost broker, is noticed."""
RETRY_SECONDS = 1.0
PUT_BYTES = MEBIBYTE
"""Of records that the window takes at once."""
ASK_AGAIN_SECONDS = 1.0
"""How often readers that name unknown partitions can make us ask Kafka for them."""


class Bell:
    """Wakes whoever waits for the window to change. Take `next` before looking at the window, then wait for it."""

    def __init__(self) -> None:
        self.next = asyncio.Event()

    def ring(self) -> None:
        """Wake all that wait."""
        self.next.set()
        self.next = asyncio.Event()


class Follower:
    """Fills `window` and rings `bell` at each change.

    `generation` changes when a partition's log was made anew and positions in the old one mean nothing.
    """

    def __init__(self, source: Source, window: Window, bell: Bell, metrics: FeedMetrics) -> None:
        self.source, self.window, self.bell = source, window, bell
        self.connected = False
        self.generation = 0
        self.alive_at = time.monotonic()
        self._metrics = metrics
        self._partitions: set[int] = set()
        self._admin: AIOKafkaAdminClient | None = None
        self._asking, self._asked_at = asyncio.Lock(), 0.0

    @asynccontextmanager
    async def connected_to(self) -> AsyncIterator[AIOKafkaAdminClient]:
        """The way to Kafka, with the topic there. Raises SourceError."""
        async with self.source.admin() as admin:
            try:
                self._partitions = await self.source.partitions(admin)
            except KAFKA_FAULTS as error:
                raise SourceError(f"Kafka does not answer: {error}") from None
            self._say_connected(True)
            self._admin = admin
            yield admin

    async def partitions(self, wanted: Iterable[int]) -> set[int]:
        """The partitions that there are, of the topic; asked for where one is wanted that is not known yet."""
        if self._admin is not None and not self._partitions.issuperset(wanted):
            async with self._asking:
                if time.monotonic() - self._asked_at > ASK_AGAIN_SECONDS:
                    self._asked_at = time.monotonic()
                    with contextlib.suppress(*KAFKA_FAULTS):
                        self._partitions |= await self.source.partitions(self._admin)
        return self._partitions

    async def rebuild(self) -> None:
        """Fill the window from the tail of each partition. Raises SourceError."""
        async with self.source.consumer(reset="earliest") as consumer:
            bounds = await self.source.ends(consumer, self._partitions)
            starts = {partition: end for partition, (_, end) in bounds.items()}
            span = 1 + 2 * self.window.articles // len(bounds)
            while starts:
                ranges = {p: (max(bounds[p][0], upto - span), upto) for p, upto in starts.items()}
                oldest = await self._take_back(consumer, ranges)
                cutoff = self.window.cutoff()
                starts = {
                    p: start
                    for p, (start, _) in ranges.items()
                    if start > bounds[p][0] and (cutoff is None or oldest.get(p, cutoff) >= cutoff)
                }
                span *= 2
        self.window.position.update({partition: end for partition, (_, end) in bounds.items()})
        log.info("window built", articles=self.window.count(), partitions=len(bounds), topic=self.source.topic)

    async def run(self, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        """Follow the topic until cancelled. A lost broker is waited for; the window stays as it is.

        `consumer` is one whose lost offsets raise (reset "none").
        """
        watching = asyncio.create_task(self._watch(admin))
        try:
            await self._follow(consumer)
        finally:
            watching.cancel()

    async def _take_back(self, consumer: AIOKafkaConsumer, ranges: dict[int, tuple[int, int]]) -> dict[int, int]:
        """Read older pieces into the window; the time of the oldest entry of each partition."""
        oldest: dict[int, int] = {}
        self.window.floor.update({p: start for p, (start, _) in ranges.items()})
        async for entries in self.source.read(consumer, ranges):
            self.alive_at = time.monotonic()
            await self._put(entries, live=False)
            for entry in entries:
                oldest[entry.partition] = min(entry.at, oldest.get(entry.partition, entry.at))
        return oldest

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        assigned: set[int] = set()
        while True:
            if assigned != self._partitions:
                assigned = set(self._partitions)
                self._assign(consumer, assigned)
            try:
                await self._take(consumer)
            except OffsetOutOfRangeError:
                await self._find_lost_place(consumer, assigned)
                self._assign(consumer, assigned)
            except KafkaError as error:
                log.warning("Kafka gave an error; trying again", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)

    def _assign(self, consumer: AIOKafkaConsumer, partitions: set[int]) -> None:
        consumer.assign([self.source.at(partition) for partition in partitions])
        for partition in partitions:  # a partition not known before is new: it is read from its first record
            self.window.floor.setdefault(partition, 0)
            place = self.window.position.setdefault(partition, 0)
            consumer.seek(self.source.at(partition), place)

    async def _take(self, consumer: AIOKafkaConsumer) -> None:
        self.alive_at = time.monotonic()
        polled = await consumer.getmany(timeout_ms=1000, max_records=POLL_RECORDS)
        records = [record for found in polled.values() for record in found]
        await self._put(await self.source.entries(records), live=True)
        places = {name.partition: await consumer.position(name) for name in consumer.assignment()}
        if places != self.window.position:
            self.window.position.update(places)
            self.bell.ring()

    async def _find_lost_place(self, consumer: AIOKafkaConsumer, partitions: set[int]) -> None:
        """Records were deleted under us, or the topic was made anew: go on at the first that is there."""
        try:
            bounds = await self.source.ends(consumer, partitions)
        except SourceError:
            await asyncio.sleep(RETRY_SECONDS)
            return
        for partition, (first, end) in bounds.items():
            place = self.window.position[partition]
            if first <= place <= end:
                continue
            log.warning("place in the log is gone", partition=partition, place=place, first=first, end=end)
            if place > end:
                self.window.forget(partition)
                self.generation += 1
            self.window.position[partition] = self.window.floor[partition] = first
        self.bell.ring()

    async def _put(self, entries: list[Entry], *, live: bool) -> None:
        """Large records one by one: it takes 5 ms for 4 MB, and others have their turn in between."""
        while entries:
            taken, size = 0, 0
            while taken < len(entries) and size < PUT_BYTES:
                size += entries[taken].size
                taken += 1
            self.window.put(entries[:taken], live=live)
            entries = entries[taken:]
            self._metrics.articles.set(self.window.count())
            await asyncio.sleep(0)

    async def _watch(self, admin: AIOKafkaAdminClient) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                self._partitions |= await self.source.partitions(admin)
            except KAFKA_FAULTS as error:
                self._say_connected(False, repr(error))
            else:
                self._say_connected(True)

    def _say_connected(self, connected: bool, why: str | None = None) -> None:
        if connected != self.connected:
            self.connected = connected
            self._metrics.connected.set(connected)
            log.info("Kafka answers") if connected else log.warning("Kafka is away; the window stays", why=why)
