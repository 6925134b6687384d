"""Open transactions that hold committed readers back: found by the offsets, named as far as the brokers tell."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kafka import TopicPartition
from kafka.errors import KafkaError
from kafka.protocol.consumer.offsets import IsolationLevel, OffsetSpec

LOOK_SECONDS = 3.0
"""A transaction that is at work moves on within this time: a worker's own take some 10 ms."""

POLL_SECONDS = 0.5


class Stall(NamedTuple):
    """Readers of a partition stand at `offset`; behind it `waiting` offsets wait for an open transaction to end.

    `by` says whose it is, one plain phrase; empty where the brokers do not tell.
    """

    topic: str
    partition: int
    offset: int
    waiting: int
    by: str = ""


def stalls(client: Any, topics: Mapping[str, int]) -> list[Stall]:
    """Those of the topics (names with their numbers of partitions) whose readers do not move on.

    `client` is kafka-python's admin client. Raises KafkaError.
    """
    tps = [TopicPartition(topic, number) for topic, count in topics.items() for number in range(count)]
    held = _held(client, tps)
    end = time.monotonic() + LOOK_SECONDS
    while held and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        now = _held(client, held)
        held = {tp: now[tp] for tp, (stable, _) in held.items() if tp in now and now[tp][0] == stable}
    return [
        Stall(tp.topic, tp.partition, stable, last - stable, _by(client, tp))
        for tp, (stable, last) in sorted(held.items())
    ]


def _held(client: Any, tps: Iterable[TopicPartition]) -> dict[TopicPartition, tuple[int, int]]:
    """Last stable offset and end of those partitions where they are not the same."""
    asked = dict.fromkeys(tps, OffsetSpec.LATEST)
    stable = client.list_partition_offsets(asked, IsolationLevel.READ_COMMITTED)
    ends = client.list_partition_offsets(asked, IsolationLevel.READ_UNCOMMITTED)
    return {tp: (stable[tp].offset, ends[tp].offset) for tp in asked if stable[tp].offset < ends[tp].offset}


def _by(client: Any, tp: TopicPartition) -> str:
    try:
        return ", ".join(_producers(client, tp))
    except KafkaError:
        return ""


def _producers(client: Any, tp: TopicPartition) -> Iterator[str]:
    """The producers with an open transaction in the partition."""
    for producer in client.describe_producers([tp])[tp].active_producers:
        if producer.current_transaction_start_offset < 0:
            continue
        seconds = max(0, time.time() - producer.last_timestamp / 1000)
        name = _name(client, producer.producer_id)
        yield (
            f"transactional id {name!r}, its last record {seconds:.0f} s ago"
            if name
            else f"producer {producer.producer_id}"
        )


def _name(client: Any, producer_id: int) -> str | None:
    try:
        listed = client.list_transactions(producer_id_filters=[producer_id])
    except KafkaError:
        return None
    return next((one.transactional_id for found in listed.values() for one in found), None)
