"""Exactly-once: outputs and the input's position in one transaction, a transactional producer for each input partition.

Why this is right. The broker knows one epoch for each transactional id, and the id is made of group, topic and
partition: whoever started a producer for a partition last owns it, and all writes and commits of others are refused.
Starting it (InitProducerId) answers only when the last owner's transaction is fully committed or aborted, so the
position that is read after it is final. Readers with `isolation.level=read_committed` see each page's records once.

The order of steps is not free (seen on Kafka 4.1 with aiokafka 0.14):
- every record's future is awaited before the offsets go: aiokafka's commit returns normally though a record failed;
- offsets go after the sends, not beside them: the broker's check of the transaction else answers NotEnoughReplicas;
- after any error the producer is useless (its sequence numbers are out of step): the worker ends and starts anew.
"""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP

from broadsheet.runtime.delivery import Lost, Output
from broadsheet.runtime.faust_hooks import cut_off
from broadsheet.runtime.producers import producer, send_all
from broadsheet.runtime.settings import KafkaSettings

STOP_SECONDS = 3.0
"""A producer without its broker would wait for ever."""


class TransactionalPublisher:
    """The publisher of one input partition, by transactions."""

    def __init__(self, tp: TP, kafka: KafkaSettings) -> None:
        self.tp = tp
        self.kafka = kafka
        self.producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Fences the last owner, and ends the transaction that it may have left open."""
        self.producer = producer(
            self.kafka,
            transactional_id=transactional_id(self.kafka.group, self.tp),
            transaction_timeout_ms=int(self.kafka.transaction_timeout * 1000),
        )
        await self.producer.start()

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        """One transaction: all outputs, then the position, then the commit."""
        try:
            await self.transact(outputs, next_offset)
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise Lost(f"{self.tp.topic}/{self.tp.partition}: another worker owns it ({error!r})") from error

    async def transact(self, outputs: Sequence[Output], next_offset: int) -> None:
        """The steps. A fault at any of them leaves nothing that a read_committed reader sees."""
        assert self.producer is not None
        await self.producer.begin_transaction()
        await self.reached("begun")
        await self.send(outputs)
        await self.reached("sent")
        position = {TopicPartition(self.tp.topic, self.tp.partition): OffsetAndMetadata(next_offset, "")}
        await self.producer.send_offsets_to_transaction(position, self.kafka.group)
        await self.reached("positioned")
        await self.producer.commit_transaction()
        await self.reached("committed")

    async def send(self, outputs: Sequence[Output]) -> None:
        """Send in order, then wait for each: a record that failed must never be committed past."""
        assert self.producer is not None
        await send_all(self.producer, outputs)

    async def reached(self, step: str) -> None:
        """A named point of the transaction; tests of faults stop here."""

    async def stop(self) -> None:
        """Close the connections, with a bound: the broker may be gone."""
        if self.producer is not None:
            stopping = asyncio.ensure_future(self.producer.stop())
            await asyncio.wait({stopping}, timeout=STOP_SECONDS)
            if not stopping.done():
                stopping.cancel()
                await cut_off(self.producer)


def transactional_id(group: str, tp: TP) -> str:
    """The fence: one id for each input partition of a group. Never change its form while old workers run."""
    return f"{group}-{tp.topic}-{tp.partition}"
