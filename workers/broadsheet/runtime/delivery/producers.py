"""Producers as Broadsheet needs them: idempotent, every record acknowledged by all replicas in sync."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.kafka.connection import aiokafka_arguments
from broadsheet.runtime.kafka.topics import DEAD_LETTER_ROOM
from broadsheet.runtime.seen import seen
from broadsheet.runtime.settings import KafkaSettings

REQUEST_SECONDS = 40
"""How long a record may wait for its broker before its send fails (aiokafka's default)."""

BATCH_BYTES = 256 * 1024
"""Records of one output partition that travel together; 16 KB (aiokafka's default) is less than many an article."""


def producer(kafka: KafkaSettings, **more: Any) -> AIOKafkaProducer:
    """A producer, not started. `more` goes to aiokafka (`transactional_id` ...)."""
    return AIOKafkaProducer(
        **aiokafka_arguments(kafka),
        enable_idempotence=True,
        acks="all",
        max_batch_size=BATCH_BYTES,
        max_request_size=kafka.max_message_bytes + DEAD_LETTER_ROOM,
        request_timeout_ms=REQUEST_SECONDS * 1000,
        **more,
    )


async def send_all(producer: AIOKafkaProducer, outputs: Sequence[Output]) -> None:
    """Send in order, then wait for each: raises the first fault of any of them, and leaves none unseen."""
    pending: list[asyncio.Future[Any]] = []
    try:
        for output in outputs:
            headers = list(output.headers)
            pending.append(await producer.send(output.topic, output.value, key=output.key, headers=headers))
        await asyncio.gather(*pending)
    except BaseException:
        for future in pending:
            future.add_done_callback(seen)
        raise
