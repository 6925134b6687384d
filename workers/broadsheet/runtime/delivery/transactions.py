"""Exactly-once: outputs and the input's position in one transaction, a transactional producer for each input partition.

Why this is right. The broker knows one epoch for each transactional id, and the id is made of group, topic and
partition: whoever started a producer for a partition last owns it, and all writes and commits of others are refused.
Starting it (InitProducerId) answers only when the last owner's transaction is fully committed or aborted, so the
position that is read after it is final. Readers with `isolation.level=read_committed` see each page's records once.
Builds before this form of the id used another, which two groups could share; it is fenced as well, so that workers of
both can stand side by side while they are replaced.

The order of steps is not free (seen on Kafka 4.1 with aiokafka 0.14):
- every record's future is awaited before the offsets go: aiokafka's commit returns normally though a record failed;
- offsets go after the sends, not beside them: the broker's check of the transaction else answers NotEnoughReplicas;
- after any error the producer is useless (its sequence numbers are out of step): the worker ends and starts anew.
"""

import asyncio
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced, TransactionalIdAuthorizationFailed
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP

from broadsheet.runtime.delivery.faust_hooks import cut_off
from broadsheet.runtime.delivery.producers import producer, send_all
from broadsheet.runtime.delivery.protocol import Lost, Output
from broadsheet.runtime.settings import KafkaSettings

log = structlog.get_logger(__name__)

STARTS, START_SECONDS = 20, 0.5
"""So often a producer is started where the cluster names no brokers yet, and the seconds between."""
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
        await self._fence_earlier_build()
        self.producer = await self._started(transactional_id(self.kafka.group, self.tp))

    async def _fence_earlier_build(self) -> None:
        """The same for an owner of a build before this form of the id. Where this user may not use the earlier form
        (any more), such a worker could not publish either."""
        try:
            await _let_go(await self._started(f"{self.kafka.group}-{self.tp.topic}-{self.tp.partition}"))
        except TransactionalIdAuthorizationFailed:
            log.info("no right to the transactional ids of earlier builds", partition=self.tp)

    async def _started(self, name: str) -> AIOKafkaProducer:
        """A producer that has begun. A broker that has just come back may name no brokers at all for a while, itself
        neither; aiokafka then fails an assertion of its own instead of asking again."""
        for left in reversed(range(STARTS)):
            made = self._producer(name)
            try:
                await made.start()
            except BaseException as error:
                await _let_go(made)
                if not (isinstance(error, AssertionError) and left):
                    raise
                await asyncio.sleep(START_SECONDS)
            else:
                break
        return made

    def _producer(self, name: str) -> AIOKafkaProducer:
        timeout = int(self.kafka.transaction_timeout * 1000)
        return producer(self.kafka, transactional_id=name, transaction_timeout_ms=timeout)

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
            await _let_go(self.producer)


async def _let_go(producer: AIOKafkaProducer) -> None:
    stopping = asyncio.ensure_future(producer.stop())
    await asyncio.wait({stopping}, timeout=STOP_SECONDS)
    if not stopping.done():
        stopping.cancel()
        await cut_off(producer)


def transactional_id(group: str, tp: TP | None = None) -> str:
    """The fence: one id for each input partition of a group. Never change its form while old workers run.

    A topic's name cannot hold a slash: no two groups and topics give the same id, and a right to ids that start with
    `GROUP/` is a right to no other group's (whose own name holds no slash). Without a partition: that start.
    """
    return f"{group}/" if tp is None else f"{group}/{tp.topic}/{tp.partition}"
