"""At-least-once, for brokers without transactions: records first, each awaited; then the input is acknowledged.

A worker that dies between the two leaves pages that the next owner does again: their records come twice, with the same
keys. Nothing is lost. Acknowledgements go strictly in the input's order, since batches do.
"""

from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from faust.types import TP

from broadsheet.runtime.delivery.producers import send_all
from broadsheet.runtime.delivery.protocol import Acknowledge, Output


class AcknowledgingPublisher:
    """The publisher of one input partition; all of a worker share one idempotent producer, which is not theirs."""

    def __init__(self, tp: TP, producer: AIOKafkaProducer, acknowledge: Acknowledge) -> None:
        self.tp = tp
        self.producer = producer
        self.acknowledge = acknowledge

    async def start(self) -> None:
        """Nothing to fence: the group's generation guards the acknowledgements."""

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        """Send in order, wait for each, then acknowledge."""
        await send_all(self.producer, outputs)
        await self.reached("sent")
        await self.acknowledge(self.tp, next_offset)
        await self.reached("committed")

    async def reached(self, step: str) -> None:
        """A named point between the steps; tests of faults stop here."""

    async def stop(self) -> None:
        """The producer goes on for the other partitions."""
