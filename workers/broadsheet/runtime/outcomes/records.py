"""`pages.outcomes` as it stands and as it goes on: committed records, by kafka-python, without a consumer group."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from broadsheet.records import RecordError, read_outcome
from broadsheet.runtime.kafka.connection import kafka_python_arguments, reasons
from broadsheet.runtime.settings import Settings

POLL_SECONDS = 0.5
PATIENCE = 30.0
"""Seconds without any progress, after which a read that has an end is given up."""


class OutcomesError(Exception):
    """The outcomes cannot be read; one plain line."""


class Seen(NamedTuple):
    """A record of the topic: when it was written (milliseconds since 1970), and the outcome, or why it is none."""

    at: int
    outcome: dict[str, Any] | None
    fault: str = ""


def outcomes(
    settings: Settings, since: int, *, follow: bool = False, ended: Callable[[], bool] = lambda: False
) -> Iterator[Seen | None]:
    """The outcomes written since a time in milliseconds, up to what was last at the start; then None, and with
    `follow` those that come, with None whenever none came for a moment, until `ended`.

    Raises OutcomesError and ConnectionSettingsError.
    """
    topic = settings.topics.outcomes
    try:
        with reasons("kafka") as said, closing(_consumer(settings, said)) as consumer:
            numbers = consumer.partitions_for_topic(topic)
            if not numbers:
                raise OutcomesError(f"topic {topic} is missing: make it with `broadsheet topics create`")
            tps = [TopicPartition(topic, number) for number in numbers]
            ends = consumer.end_offsets(tps)
            consumer.assign(tps)
            for tp, found in consumer.offsets_for_times(dict.fromkeys(tps, since)).items():
                consumer.seek(tp, ends[tp] if found is None else found.offset)
            yield from _until(consumer, ends)
            yield None
            while follow and not ended():
                yield from _polled(consumer)
                yield None
    except TopicAuthorizationFailedError:
        raise OutcomesError(f"this user has no right to topic {topic}: it needs Read and Describe") from None
    except KafkaError as error:
        raise OutcomesError(f"cannot read {topic}: {' '.join(f'{type(error).__name__}: {error}'.split())}") from None


def _consumer(settings: Settings, said: list[str]) -> Any:
    kafka = settings.kafka
    try:
        return KafkaConsumer(
            **kafka_python_arguments(kafka),
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            group_id=None,
            allow_auto_create_topics=False,
        )
    except KafkaError as error:
        why = said[-1] if said else str(error)
        raise OutcomesError(f"cannot reach Kafka at {kafka.bootstrap_servers}: {why}") from None


def _until(consumer: Any, ends: dict[TopicPartition, int]) -> Iterator[Seen]:
    """The last offsets may be markers, which no message shows: the position tells."""
    moved, places = time.monotonic(), dict[TopicPartition, int]()
    while True:
        yield from _polled(consumer)
        now = {tp: consumer.position(tp) for tp in ends}
        if all(now[tp] >= end for tp, end in ends.items()):
            return
        if now != places:
            moved, places = time.monotonic(), now
        elif time.monotonic() - moved > PATIENCE:
            raise OutcomesError(
                f"Kafka gave nothing for {PATIENCE:.0f} s: is a transaction open? `broadsheet doctor` looks for one"
            )


def _polled(consumer: Any) -> Iterator[Seen]:
    for records in consumer.poll(timeout_ms=int(POLL_SECONDS * 1000)).values():
        for record in records:
            try:
                yield Seen(record.timestamp, read_outcome(record.value or b""))
            except RecordError as error:
                yield Seen(record.timestamp, None, f"{record.topic}/{record.partition}/{record.offset}: {error}")
