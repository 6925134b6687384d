"""Dead letters: read, chosen by filters, and sent back to the raw topic (redriven) exactly once.

A redriven page keeps its key, its value and its own headers, where it first stood (`dead-origin`) and how often it was
tried (`dead-attempts`). Pages and the note that they were redriven go in one transaction; a letter that was redriven is
passed over by the next redrive.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from kafka.errors import CoordinatorNotAvailableError

from broadsheet.decode import identify
from broadsheet.errors import Reason
from broadsheet.records import DeadLetter, RecordError, read_dead, without_dead_headers
from broadsheet.records.dead import ATTEMPTS, ORIGIN
from broadsheet.runtime.connection import ConnectionSettingsError, aiokafka_arguments, reasons
from broadsheet.runtime.delivery import Output
from broadsheet.runtime.producers import producer, send_all
from broadsheet.runtime.redriven import Redriven, TooScattered
from broadsheet.runtime.settings import Settings
from broadsheet.runtime.topics import ANSWER_SECONDS, admin
from broadsheet.runtime.transactions import transactional_id
from broadsheet.text.urls import site_domain
from broadsheet.values import RawPage

BATCH = 100
"""Pages redriven in one transaction, at most."""

BATCH_BYTES = 16 * 1024 * 1024
"""Of their values; the last page may go beyond."""

POLL_SECONDS = 0.5
"""How long to wait for a broker's records before the position is looked at."""

FETCH_BYTES = 1024 * 1024


class Passed(StrEnum):
    """Why a letter that was chosen is not redriven."""

    REDRIVEN = "redriven before (--again sends them again)"
    INCOMPLETE = "without a part of their page"
    NOT_OURS = "no letters of ours"


class DeadError(Exception):
    """Dead letters cannot be read or redriven; the text is one plain line."""


class Place(NamedTuple):
    """Where a letter stands on the dead topic."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `said` is None for a message whose `dead-` headers cannot be read: not one of ours."""

    place: Place
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    said: DeadLetter | None

    @property
    def url(self) -> str | None:
        """The page's address, as far as it can be told without reading the page."""
        return identify(RawPage(self.value, self.key, without_dead_headers(self.headers))).url

    @property
    def site(self) -> str | None:
        """The registrable domain of the page's address."""
        return site_domain(self.url) if self.url else None

    @property
    def stands_at(self) -> str:
        """Where its page stood when it died, as `topic/partition/offset`; a question mark where that is not known."""
        origin = self.said and (self.said.last_origin or self.said.origin)
        return "/".join(map(str, origin)) if origin else "?"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters are meant: all that hold to every filter given. `since` is included, `until` is not."""

    reasons: frozenset[Reason] = frozenset()
    sites: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    places: frozenset[Place] = frozenset()

    def takes(self, letter: Letter) -> bool:
        """Whether the letter is meant. One without readable headers is only where nothing was asked of them."""
        if self.places and letter.place not in self.places:
            return False
        said = letter.said
        if said is None:
            return not (self.reasons or self.sites or self.since or self.until)
        if self.reasons and said.reason not in self.reasons:
            return False
        if (self.since and said.at < self.since) or (self.until and said.at >= self.until):
            return False
        return not self.sites or letter.site in self.sites


async def letters(settings: Settings, choice: Choice) -> AsyncIterator[Letter]:
    """The letters chosen, in the order of each partition, from the first to what was last at the start.

    Raises DeadError where the topic cannot be read.
    """
    async with _consumer(settings) as consumer:
        async for message in _until(consumer, await consumer.end_offsets(consumer.assignment())):
            letter = _letter(message)
            if choice.takes(letter):
                yield letter


def redriven(settings: Settings) -> dict[int, Redriven]:
    """Which letters were redriven, by the partition of the dead topic. Raises TopicError."""
    with admin(settings.kafka) as client:
        offsets = _offsets(client, _group(settings))
    return {
        tp.partition: Redriven.read(position.offset, position.metadata or "")
        for tp, position in offsets.items()
        if tp.topic == settings.topics.dead
    }


def _offsets(client: Any, group: str) -> Mapping[Any, Any]:
    """A group's positions. A cluster that has seen no group yet makes the topic of these first."""
    end = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            found: Mapping[Any, Any] = client.list_group_offsets({group: None})[group]
            return found
        except CoordinatorNotAvailableError:
            if time.monotonic() > end:
                raise
            time.sleep(POLL_SECONDS)


def is_redriven(letter: Letter, done: Mapping[int, Redriven]) -> bool:
    """Whether a letter is among those."""
    return letter.place.offset in done.get(letter.place.partition, ())


async def redrive(
    settings: Settings,
    choice: Choice,
    *,
    rate: float | None = None,
    again: bool = False,
    dry_run: bool = False,
    on_passed: Callable[[Letter, Passed], None] = lambda *_: None,
) -> AsyncIterator[Letter]:
    """Send the letters chosen back to the raw topic, and yield each once it is there; `rate` in pages a second.

    Letters that were redriven before are passed over, unless `again`; so are those that have not all of their page any
    more: `on_passed` is told. With `dry_run` nothing is sent. Raises DeadError.
    """
    most = BATCH if rate is None else min(BATCH, max(1, int(rate)))  # a second's at once, not a minute's
    if dry_run:
        async for batch in _batches(letters(settings, choice), redriven(settings), again, most, on_passed):
            for letter in batch:
                yield letter
        return
    timeout = int(settings.kafka.transaction_timeout * 1000)
    name = transactional_id(settings.kafka.group) + "redrive"
    sender = producer(settings.kafka, transactional_id=name, transaction_timeout_ms=timeout)
    try:
        await _started(sender, settings)  # fences another redrive: what is read next is final
        done = redriven(settings)
        async for batch in _batches(letters(settings, choice), done, again, most, on_passed):
            begun = time.monotonic()
            await _send(settings, sender, batch, done)
            for letter in batch:
                yield letter
            if rate:
                await asyncio.sleep(max(0.0, len(batch) / rate - (time.monotonic() - begun)))
    except KafkaError as error:
        raise DeadError(f"redrive stopped, the last batch was not sent: {_line(error)}") from None
    finally:
        await sender.stop()


async def _batches(
    found: AsyncIterator[Letter],
    done: dict[int, Redriven],
    again: bool,
    most: int,
    on_passed: Callable[[Letter, Passed], None],
) -> AsyncIterator[list[Letter]]:
    batch: list[Letter] = []
    size = 0
    async for letter in found:
        if passed := _passed(letter, {} if again else done):
            on_passed(letter, passed)
            continue
        batch.append(letter)
        size += len(letter.value)
        if len(batch) == most or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _passed(letter: Letter, done: Mapping[int, Redriven]) -> Passed | None:
    if letter.said is None:
        return Passed.NOT_OURS
    if letter.said.left_out:
        return Passed.INCOMPLETE
    return Passed.REDRIVEN if is_redriven(letter, done) else None


async def _send(
    settings: Settings, sender: AIOKafkaProducer, batch: Sequence[Letter], done: dict[int, Redriven]
) -> None:
    positions = _positions(settings.topics.dead, batch, done)
    await sender.begin_transaction()
    outputs = [Output(settings.topics.pages, letter.key, letter.value, tuple(_headers(letter))) for letter in batch]
    await send_all(sender, outputs)
    await sender.send_offsets_to_transaction(positions, _group(settings))
    await sender.commit_transaction()


def _positions(topic: str, batch: Iterable[Letter], done: dict[int, Redriven]) -> dict[Any, Any]:
    for letter in batch:
        place = letter.place
        done[place.partition] = done.get(place.partition, Redriven()).add(place.offset)
    try:
        return {
            TopicPartition(topic, letter.place.partition): OffsetAndMetadata(*done[letter.place.partition].committed())
            for letter in batch
        }
    except TooScattered as error:
        raise DeadError(str(error)) from None


def _headers(letter: Letter) -> Iterable[tuple[str, bytes]]:
    kept = {name: value for name, value in letter.headers if name in {ORIGIN, ATTEMPTS}}
    return (*without_dead_headers(letter.headers), *kept.items())


def _group(settings: Settings) -> str:
    return f"{settings.kafka.group}.redrive"


async def _started(client: AIOKafkaProducer | AIOKafkaConsumer, settings: Settings) -> None:
    try:
        with reasons() as said:
            await client.start()
    except UnknownTopicOrPartitionError:
        raise DeadError(f"topic {settings.topics.dead} is missing: make it with `broadsheet topics create`") from None
    except TopicAuthorizationFailedError:
        raise DeadError(f"this user has no right to topic {settings.topics.dead}: it needs Read and Describe") from None
    except KafkaError as error:
        why = said[-1] if said else _line(error)
        raise DeadError(f"cannot reach Kafka at {settings.kafka.bootstrap_servers}: {why}") from None


@asynccontextmanager
async def _consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    try:
        consumer = AIOKafkaConsumer(
            settings.topics.dead,  # without a group: all partitions, from their first record
            auto_offset_reset="earliest",
            **aiokafka_arguments(settings.kafka),
            isolation_level="read_committed",
            max_partition_fetch_bytes=FETCH_BYTES,
        )
    except ConnectionSettingsError as error:
        raise DeadError(str(error)) from None
    try:
        await _started(consumer, settings)
        yield consumer
    except KafkaError as error:
        raise DeadError(f"cannot read {settings.topics.dead}: {_line(error)}") from None
    finally:
        await consumer.stop()


async def _until(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> AsyncIterator[Any]:
    """All messages before the ends. The last offsets may be markers, which no message shows: the position tells."""
    left = {tp: end for tp, end in ends.items() if end}
    while left:
        records = await consumer.getmany(*left, timeout_ms=int(POLL_SECONDS * 1000))
        for tp, messages in records.items():
            for message in messages:
                if message.offset < left[tp]:
                    yield message
        left = {tp: end for tp, end in left.items() if await consumer.position(tp) < end}


def _letter(message: Any) -> Letter:
    headers = tuple((name, value or b"") for name, value in message.headers)
    place = Place(message.partition, message.offset)
    return Letter(place, message.key, message.value or b"", headers, _said(headers))


def _said(headers: Sequence[tuple[str, bytes]]) -> DeadLetter | None:
    """What it says of its death. Builds before this one took a page's own `dead-origin` over, whatever it was."""
    for kept in (headers, [one for one in headers if one[0] != ORIGIN]):
        with suppress(RecordError):
            return read_dead(kept)
    return None


def _line(error: Exception) -> str:
    return " ".join((str(error) or type(error).__name__).split())
