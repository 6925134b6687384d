"""Puts pages on the raw topic: each send is idempotent, on all replicas, and its answer is waited for."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from broadsheet.inputs import Input
from broadsheet.inputs.keys import page_key
from broadsheet.options import MEBIBYTE
from broadsheet.runtime.kafka.connection import aiokafka_arguments, reasons
from broadsheet.runtime.settings import KafkaSettings
from broadsheet.values import Origin

_WINDOW_PAGES = 2_000
_WINDOW_BYTES = 64 * MEBIBYTE
_BATCH_BYTES = 256 * 1024
_RECORD_OVERHEAD = 512
"""Bytes of a record batch around one record's key, value and headers; generous."""
_LAST_ANSWERS = 1.0
"""Seconds in which pages that are on their way may still be answered when the command is stopped."""
_ANSWER_TIMEOUT = 60.0
"""Seconds without any answer from the broker, after which nothing more is expected of it."""


class SendError(Exception):
    """The broker cannot be reached, lacks the topic or no longer answers; one plain line."""


@dataclass
class Sent:
    """What became of the pages so far. `size` is the bytes of the acknowledged values."""

    pages: int = 0
    size: int = 0
    refused: int = 0


class PageSender:
    """An open producer for one topic. `refuse` is called with a page and why it was not sent, `confirmed` with
    a page and where it stands now.

    Memory is bounded: `send` waits while too much is unanswered. Leaving the context waits for all answers.
    """

    def __init__(
        self,
        kafka: KafkaSettings,
        topic: str,
        refuse: Callable[[Input, str], None],
        confirmed: Callable[[Input, Origin], None] = lambda _, __: None,
    ) -> None:
        self.sent = Sent()
        self._kafka, self._topic, self._refuse, self._confirmed = kafka, topic, refuse, confirmed
        self._waiting: deque[tuple[Input, asyncio.Future[Any]]] = deque()
        self._waiting_bytes = 0
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        """Raises SendError where the broker cannot be reached or has no such topic."""
        self._producer = AIOKafkaProducer(
            **aiokafka_arguments(self._kafka),
            acks="all",
            enable_idempotence=True,
            linger_ms=10,
            max_batch_size=_BATCH_BYTES,
            max_request_size=self._kafka.max_message_bytes + _RECORD_OVERHEAD,
        )
        try:
            await self._connect(self._producer)
        except BaseException:
            await self._producer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._producer is not None
        if kind is None:
            try:
                while self._waiting:
                    await self._answer()
            except SendError:
                await self._abandon()
                raise
            await self._producer.stop()
        else:
            await self._abandon()

    async def _connect(self, producer: AIOKafkaProducer) -> None:
        servers = self._kafka.bootstrap_servers
        with reasons() as logged:
            try:
                await producer.start()
                topics = (await producer.client.fetch_all_metadata()).topics()
            except (KafkaError, OSError) as error:
                raise SendError(f"no Kafka at {servers}: {logged[-1] if logged else error}") from None
        if self._topic not in topics:
            raise SendError(f"no topic {self._topic} at {servers}; `broadsheet topics create` makes it")

    async def send(self, page: Input) -> None:
        """Send a page on its way, or refuse it with a line if no message can hold it.

        Raises SendError when the broker no longer answers.
        """
        if page.fault is not None:
            return self._refused(page, str(page.fault))
        key = page_key(page.raw)
        size = _size(page, key)
        if size > self._kafka.max_message_bytes:
            limit = f"the setting kafka.max_message_bytes ({self._kafka.max_message_bytes})"
            return self._refused(page, f"too-large: a message of {size} bytes, above {limit}")
        while self._waiting and (
            len(self._waiting) >= _WINDOW_PAGES
            or self._waiting_bytes + size > _WINDOW_BYTES
            or self._waiting[0][1].done()
        ):
            await self._answer()
        assert self._producer is not None
        try:
            answer = await self._producer.send(self._topic, page.raw.value, key, headers=list(page.raw.headers))
        except KafkaError as error:
            return self._refused(page, _why(error, page, self._topic))
        self._waiting.append((page, answer))
        self._waiting_bytes += len(page.raw.value)
        return None

    async def _answer(self) -> None:
        """Wait for the broker's answer on the oldest page."""
        page, answer = self._waiting[0]
        done, _ = await asyncio.wait([answer], timeout=_ANSWER_TIMEOUT)
        if not done:
            raise SendError(f"no answer from Kafka for {_ANSWER_TIMEOUT:.0f} s; {len(self._waiting)} pages unconfirmed")
        self._waiting.popleft()
        self._waiting_bytes -= len(page.raw.value)
        self._take(page, answer)

    def _take(self, page: Input, answer: "asyncio.Future[Any]") -> None:
        """Count what the broker said of a page."""
        if (error := answer.exception()) is not None:
            return self._refused(page, _why(error, page, self._topic))
        where = answer.result()
        self._confirmed(page, Origin(where.topic, where.partition, where.offset))
        self.sent.pages += 1
        self.sent.size += len(page.raw.value)
        return None

    def _refused(self, page: Input, why: str) -> None:
        self.sent.refused += 1
        self._refuse(page, why)

    async def _abandon(self) -> None:
        """Stop without waiting long for answers that may never come; those that come count."""
        assert self._producer is not None
        if self._waiting:
            await asyncio.wait([answer for _, answer in self._waiting], timeout=_LAST_ANSWERS)
        for page, answer in self._waiting:
            if answer.done() and not answer.cancelled():
                self._take(page, answer)
            else:
                answer.cancel()
        stopping = asyncio.ensure_future(self._producer.stop())
        done, _ = await asyncio.wait([stopping], timeout=1.0)
        if not done:
            stopping.cancel()


def _size(page: Input, key: bytes | None) -> int:
    headers = sum(len(name) + len(value) for name, value in page.raw.headers)
    return len(page.raw.value) + len(key or b"") + headers + _RECORD_OVERHEAD


def _why(error: BaseException, page: Input, topic: str) -> str:
    if isinstance(error, MessageSizeTooLargeError):
        size = _size(page, page_key(page.raw))
        return f"too-large: the broker takes no message of {size} bytes: raise max.message.bytes of the topic {topic}"
    return " ".join(f"{type(error).__name__}: {error}".split())
