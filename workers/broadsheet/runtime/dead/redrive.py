"""Dead letters sent back to the raw topic (redriven), each exactly once.

A redriven page keeps its key, its value and its own headers, where it first stood (`dead-origin`) and how often it was
tried (`dead-attempts`). Pages and the note that they were redriven go in one transaction; a letter that was redriven is
passed over by the next redrive.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from kafka.errors import CoordinatorNotAvailableError

from broadsheet.records import without_dead_headers
from broadsheet.records.dead import ATTEMPTS, ORIGIN
from broadsheet.runtime.dead.letters import POLL_SECONDS, Choice, DeadError, Letter, letters, line, started
from broadsheet.runtime.dead.redriven import Redriven, TooScattered
from broadsheet.runtime.delivery.producers import producer, send_all
from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.delivery.transactions import transactional_id
from broadsheet.runtime.kafka.topics import ANSWER_SECONDS, admin
from broadsheet.runtime.settings import Settings

BATCH = 100
"""Pages redriven in one transaction, at most."""

BATCH_BYTES = 16 * 1024 * 1024
"""Of their values; the last page may go beyond."""


class Passed(StrEnum):
    """Why a letter that was chosen is not redriven."""

    REDRIVEN = "redriven before (--again sends them again)"
    INCOMPLETE = "without a part of their page"
    TOO_LARGE = "too large for the raw topic (kafka.max_message_bytes)"
    NOT_OURS = "no letters of ours"


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
    largest = settings.kafka.max_message_bytes
    most = BATCH if rate is None else min(BATCH, max(1, int(rate)))  # a second's at once, not a minute's
    if dry_run:
        async for batch in _batches(letters(settings, choice), redriven(settings), again, most, largest, on_passed):
            for letter in batch:
                yield letter
        return
    timeout = int(settings.kafka.transaction_timeout * 1000)
    name = transactional_id(settings.kafka.group) + "redrive"
    sender = producer(settings.kafka, transactional_id=name, transaction_timeout_ms=timeout)
    try:
        await started(sender, settings)  # fences another redrive: what is read next is final
        done = redriven(settings)
        async for batch in _batches(letters(settings, choice), done, again, most, largest, on_passed):
            begun = time.monotonic()
            await _send(settings, sender, batch, done)
            for letter in batch:
                yield letter
            if rate:
                await asyncio.sleep(max(0.0, len(batch) / rate - (time.monotonic() - begun)))
    except KafkaError as error:
        raise DeadError(f"redrive stopped, the last batch was not sent: {line(error)}") from None
    finally:
        await sender.stop()


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


async def _batches(
    found: AsyncIterator[Letter],
    done: dict[int, Redriven],
    again: bool,
    most: int,
    largest: int,
    on_passed: Callable[[Letter, Passed], None],
) -> AsyncIterator[list[Letter]]:
    batch: list[Letter] = []
    size = 0
    async for letter in found:
        if passed := _passed(letter, {} if again else done, largest):
            on_passed(letter, passed)
            continue
        batch.append(letter)
        size += len(letter.value)
        if len(batch) == most or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _passed(letter: Letter, done: Mapping[int, Redriven], largest: int) -> Passed | None:
    if letter.said is None:
        return Passed.NOT_OURS
    if letter.said.left_out:
        return Passed.INCOMPLETE
    if _page(letter, "").size > largest:  # it was compressed as it came
        return Passed.TOO_LARGE
    return Passed.REDRIVEN if is_redriven(letter, done) else None


async def _send(
    settings: Settings, sender: AIOKafkaProducer, batch: Sequence[Letter], done: dict[int, Redriven]
) -> None:
    positions = _positions(settings.topics.dead, batch, done)
    await sender.begin_transaction()
    await send_all(sender, [_page(letter, settings.topics.pages) for letter in batch])
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


def _page(letter: Letter, topic: str) -> Output:
    return Output(topic, letter.key, letter.value, tuple(_headers(letter)))


def _headers(letter: Letter) -> Iterable[tuple[str, bytes]]:
    kept = {name: value for name, value in letter.headers if name in {ORIGIN, ATTEMPTS}}
    return (*without_dead_headers(letter.headers), *kept.items())


def _group(settings: Settings) -> str:
    return f"{settings.kafka.group}.redrive"
