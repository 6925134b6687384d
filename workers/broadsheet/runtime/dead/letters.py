"""Dead letters as they stand on their topic: read, and chosen by filters."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError
from aiokafka.structs import TopicPartition

from broadsheet.decode import identify
from broadsheet.errors import Reason
from broadsheet.records import DeadLetter, RecordError, read_dead, without_dead_headers
from broadsheet.records.dead import ORIGIN
from broadsheet.runtime.kafka.connection import ConnectionSettingsError, aiokafka_arguments, reasons
from broadsheet.runtime.settings import Settings
from broadsheet.text.urls import site_domain
from broadsheet.values import RawPage

POLL_SECONDS = 0.5
"""How long to wait for a broker's records before the position is looked at."""

FETCH_BYTES = 1024 * 1024


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


async def started(client: AIOKafkaProducer | AIOKafkaConsumer, settings: Settings) -> None:
    """Start a client of ours. Raises DeadError."""
    try:
        with reasons() as said:
            await client.start()
    except UnknownTopicOrPartitionError:
        raise DeadError(f"topic {settings.topics.dead} is missing: make it with `broadsheet topics create`") from None
    except TopicAuthorizationFailedError:
        raise DeadError(f"this user has no right to topic {settings.topics.dead}: it needs Read and Describe") from None
    except KafkaError as error:
        why = said[-1] if said else line(error)
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
        await started(consumer, settings)
        yield consumer
    except KafkaError as error:
        raise DeadError(f"cannot read {settings.topics.dead}: {line(error)}") from None
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


def line(error: Exception) -> str:
    """What an error says, in one line."""
    return " ".join((str(error) or type(error).__name__).split())
