"""Publishers for tests of faults: one that dies at a named point, and seeded bugs that the judge must catch.

A worker takes them by the private setting `worker.publisher`; FAULT tells what to do, e.g. "sent:3" (die when the third
transaction of this process has sent its records).
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from uuid import uuid4

from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP

from broadsheet.runtime.delivery.acknowledgement import AcknowledgingPublisher
from broadsheet.runtime.delivery.producers import producer
from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.delivery.transactions import TransactionalPublisher
from broadsheet.runtime.settings import KafkaSettings

STEPS = ("begun", "sent", "positioned", "committing", "committed")
COMMITTING_SECONDS = 0.001
"""After the commit was asked for: it is then on its way, or just done."""


class Tally:
    """How often this process has reached its step."""

    count = 0


class Dying(TransactionalPublisher):
    """Kills its own process at the named point."""

    async def reached(self, step: str) -> None:
        """Die here, if it is time."""
        wanted, _, number = os.environ["FAULT"].partition(":")
        if step != ("positioned" if wanted == "committing" else wanted):
            return
        Tally.count += 1
        if Tally.count != int(number):
            return
        if wanted == "committing":
            asyncio.get_running_loop().call_later(COMMITTING_SECONDS, _die)
        else:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Slow(TransactionalPublisher):
    """Takes its time in each step, so that faults from outside meet open transactions."""

    async def reached(self, step: str) -> None:
        """Wait a little."""
        await asyncio.sleep(float(os.environ.get("FAULT", "0.1")))


START_SECONDS = 1.5
"""Longer than Faust waits for records at a time: what it asked for before it stopped the flow comes in meanwhile."""


class LateTransactions(TransactionalPublisher):
    """Takes its time to start."""

    async def start(self) -> None:
        """Later."""
        await asyncio.sleep(START_SECONDS)
        await super().start()


class LateAcknowledgements(AcknowledgingPublisher):
    """The same for at-least-once."""

    async def start(self) -> None:
        """Later."""
        await asyncio.sleep(START_SECONDS)


class AcknowledgesFirst(Slow):
    """Bug: the position is committed before the records are sent."""

    async def transact(self, outputs: Sequence[Output], next_offset: int) -> None:
        """The position in a transaction of its own, then the records in another."""
        assert self.producer is not None
        await self.producer.begin_transaction()
        position = {TopicPartition(self.tp.topic, self.tp.partition): OffsetAndMetadata(next_offset, "")}
        await self.producer.send_offsets_to_transaction(position, self.kafka.group)
        await self.producer.commit_transaction()
        await self.reached("acknowledged")
        await self.producer.begin_transaction()
        await self.send(outputs)
        await self.producer.commit_transaction()


class AcknowledgesLater(Slow):
    """Bug: the records are committed, and the position in another transaction after them."""

    async def transact(self, outputs: Sequence[Output], next_offset: int) -> None:
        """The records, then the position."""
        assert self.producer is not None
        await self.producer.begin_transaction()
        await self.send(outputs)
        await self.producer.commit_transaction()
        await self.reached("published")
        await super().transact((), next_offset)


class Unfenced(Slow):
    """Bug: a transactional id of its own, so that nobody fences anybody."""

    async def start(self) -> None:
        """Another id each time."""
        self.producer = producer(
            self.kafka, transactional_id=uuid4().hex, transaction_timeout_ms=int(self.kafka.transaction_timeout * 1000)
        )
        await self.producer.start()


class AcknowledgesTooFar(Slow):
    """Bug: acknowledges pages that are not done yet."""

    async def transact(self, outputs: Sequence[Output], next_offset: int) -> None:
        """Some pages further than published."""
        await super().transact(outputs, next_offset + 5)


class TurnsRound(TransactionalPublisher):
    """Bug: a batch is published from its end."""

    async def send(self, outputs: Sequence[Output]) -> None:
        """The last one first."""
        await super().send(outputs[::-1])


class Swallows(TransactionalPublisher):
    """Bug: a record that failed is committed past, as aiokafka's commit lets one do."""

    def __init__(self, tp: TP, kafka: KafkaSettings) -> None:
        super().__init__(tp, kafka)
        self.count = 0

    async def send(self, outputs: Sequence[Output]) -> None:
        """Every tenth record goes to a topic that is not there for it, and nobody looks."""
        assert self.producer is not None
        for output in outputs:
            self.count += 1
            value = b"x" * 12_000_000 if self.count % 10 == 0 else output.value
            with contextlib.suppress(KafkaError):
                future = await self.producer.send(output.topic, value, key=output.key, headers=list(output.headers))
                await asyncio.wait({future})
                future.exception()
