"""Producers as Broadsheet needs them: idempotent, every record acknowledged by all replicas in sync."""

from typing import Any

from aiokafka import AIOKafkaProducer

from broadsheet.runtime.connection import aiokafka_arguments
from broadsheet.runtime.settings import KafkaSettings
from broadsheet.runtime.topics import DEAD_LETTER_ROOM

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
