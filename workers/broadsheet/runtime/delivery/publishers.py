"""Opens the publishers that the setting `worker.delivery` asks for, and keeps what they share."""

import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from faust.types import TP

from broadsheet.runtime.children.child import resolve
from broadsheet.runtime.delivery.acknowledgement import AcknowledgingPublisher
from broadsheet.runtime.delivery.producers import producer
from broadsheet.runtime.delivery.protocol import Output, Publisher
from broadsheet.runtime.delivery.transactions import TransactionalPublisher
from broadsheet.runtime.metrics import Metrics
from broadsheet.runtime.settings import Settings


class Publishers:
    """Opens a publisher for each input partition."""

    def __init__(self, settings: Settings, app: Any, metrics: Metrics) -> None:
        self.settings = settings
        self._app = app
        self._metrics = metrics
        self._shared: AIOKafkaProducer | None = None
        default = TransactionalPublisher if self._exactly_once else AcknowledgingPublisher
        self._kind: Any = resolve(settings.worker.publisher) if settings.worker.publisher else default

    async def start(self) -> None:
        """Start what all publishers share. Raises KafkaError where the broker cannot be reached."""
        if not self._exactly_once:
            self._shared = producer(self.settings.kafka)
            await self._shared.start()

    async def stop(self) -> None:
        """Let go of it."""
        if self._shared is not None:
            await self._shared.stop()

    def open(self, tp: TP) -> Publisher:
        """A publisher for this input partition, not started."""
        return _Measured(self._open(tp), self._metrics)

    @property
    def _exactly_once(self) -> bool:
        return self.settings.worker.delivery == "exactly-once"

    def _open(self, tp: TP) -> Publisher:
        if self._exactly_once:
            publisher: Publisher = self._kind(tp, self.settings.kafka)
        else:
            publisher = self._kind(tp, self._shared, self._app.consumer.acknowledge)
        return publisher


class _Measured:
    """A publisher whose batches are timed."""

    def __init__(self, inner: Publisher, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics
        self.start = inner.start
        self.stop = inner.stop

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        begun = time.monotonic()
        await self._inner.publish(outputs, next_offset)
        self._metrics.publish_seconds.observe(time.monotonic() - begun)
