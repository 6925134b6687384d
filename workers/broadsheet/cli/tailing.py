"""Follows a topic for a person at a terminal: all partitions, committed records, from now or from the beginning."""

import heapq
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import click
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from rich.console import Console

from broadsheet.cli.lines import LineError, forms
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.source import KAFKA_FAULTS, Source, SourceError
from broadsheet.runtime.kafka.connection import reasons
from broadsheet.runtime.settings import Settings

LOOK_SECONDS = 3.0
"""How often it is looked for new partitions, and whether Kafka is there."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What is to be shown: a topic's name, from where, how many records (None: no end), and in which form."""

    topic: str
    from_beginning: bool
    count: int | None
    as_json: bool


async def tail(settings: Settings, wish: Tail) -> None:
    """Print the records until `count` are shown. Raises SourceError where Kafka or the topic is not there."""
    shown, said = forms(settings.topics, wish.topic)
    console = Console(emoji=False, highlight=False, soft_wrap=True)
    left = wish.count
    async with aclosing(_records(settings, wish)) as records:
        async for record in records:
            try:
                line: Any = said(record) if wish.as_json else shown(record)
            except LineError as error:
                place = f"{record.topic} partition {record.partition} offset {record.offset}"
                click.echo(f"skipped: {place}: {error}", err=True)
                continue
            (click.echo if wish.as_json else console.print)(line)
            left = left - 1 if left is not None else None
            if left == 0:
                return


async def _records(settings: Settings, wish: Tail) -> AsyncGenerator[Any, None]:
    source = Source(settings.kafka, wish.topic, FeedMetrics())
    with reasons():
        async with source.admin() as admin, source.consumer(reset="earliest") as consumer:
            partitions = await _partitions(source, admin)
            bounds = await source.ends(consumer, partitions)
            places = {p: first if wish.from_beginning else end for p, (first, end) in bounds.items()}
            _assign(source, consumer, places)
            looked, away = time.monotonic(), False
            while True:
                for record in await _poll(consumer):
                    places[record.partition] = record.offset + 1
                    yield record
                if time.monotonic() - looked > LOOK_SECONDS:
                    away = await _look(source, admin, consumer, places, away)
                    looked = time.monotonic()


async def _partitions(source: Source, admin: AIOKafkaAdminClient) -> set[int]:
    try:
        return await source.partitions(admin)
    except KAFKA_FAULTS as error:
        raise SourceError(f"Kafka does not answer: {error}") from None


async def _poll(consumer: AIOKafkaConsumer) -> list[Any]:
    """The next records, the oldest first; a partition's stay in its order."""
    try:
        polled = await consumer.getmany(timeout_ms=500, max_records=200)
    except KafkaError as error:
        raise SourceError(f"Kafka does not answer: {error}") from None
    return list(heapq.merge(*polled.values(), key=lambda record: record.timestamp))


async def _look(
    source: Source, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, places: dict[int, int], away: bool
) -> bool:
    """Take new partitions in, from their start; say when Kafka goes away and comes back. Whether it is away."""
    try:
        partitions = await source.partitions(admin)
    except KAFKA_FAULTS:
        if not away:
            click.echo("Kafka is away; waiting for it", err=True)
        return True
    if away:
        click.echo("Kafka is back", err=True)
    if new := partitions - set(places):
        places.update(dict.fromkeys(new, 0))
        _assign(source, consumer, places)
    return False


def _assign(source: Source, consumer: AIOKafkaConsumer, places: dict[int, int]) -> None:
    consumer.assign([source.at(partition) for partition in places])
    for partition, place in places.items():
        consumer.seek(source.at(partition), place)
