"""All that reaches into Faust and aiokafka beyond their public calls. Nothing else in Broadsheet does.

Checked against faust-streaming 0.15.3 and aiokafka 0.14.0; `tests/kafka/test_faust_hooks.py` fails when one of them
changes what is used here. Each hook says what it mends or needs, and where.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import faust
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.consumer.subscription_state import TopicPartitionState
from aiokafka.errors import (
    BrokerResponseError,
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    ProducerClosed,
    kafka_errors,
)
from aiokafka.protocol.api import Request, RequestStruct
from aiokafka.protocol.group import HeartbeatRequest, HeartbeatResponse_v1
from aiokafka.protocol.types import Int32, Schema, String
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from broadsheet.runtime.delivery.protocol import Lost

log = structlog.get_logger(__name__)

CHECKED_FAUST = "0.15.3"
CHECKED_AIOKAFKA = "0.14.0"


class _Thread(driver.AIOKafkaConsumerThread):
    async def on_start(self) -> None:
        """Starts aiokafka's consumer, which makes its coordinator then."""
        await super().on_start()
        name_heartbeats(self._ensure_consumer()._coordinator)

    async def on_thread_stop(self) -> None:
        """Stops the consumer. aiokafka cancels its own fetches, and lets that out where one of them waits for a broker
        that is gone (fetcher.py, `close`): the thread would end with a traceback."""
        with contextlib.suppress(asyncio.CancelledError):
            await super().on_thread_stop()

    def _create_worker_consumer(self, transport: Any) -> Any:
        """Reads committed records only; Faust has no setting for it outside its own exactly_once mode.

        (drivers/aiokafka.py, `_create_worker_consumer`.) Else pages of aborted transactions upstream would be read.
        """
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        return consumer


class FencedInstanceId(BrokerResponseError):  # type: ignore[misc]  # noqa: N818 - named as aiokafka names its own
    """A refusal that aiokafka has no name for."""

    errno = 82
    message = "FENCED_INSTANCE_ID"
    description = "another worker has come under this one's name"


kafka_errors[FencedInstanceId.errno] = FencedInstanceId


class _NamedHeartbeat(RequestStruct):  # type: ignore[misc]
    API_KEY = HeartbeatRequest.API_KEY
    API_VERSION = 3
    RESPONSE_TYPE = HeartbeatResponse_v1
    SCHEMA = Schema(
        ("group", String("utf-8")),
        ("generation_id", Int32),
        ("member_id", String("utf-8")),
        ("group_instance_id", String("utf-8")),
    )


class NamedHeartbeatRequest(Request[_NamedHeartbeat]):  # type: ignore[misc]
    """A heartbeat that tells the worker's name (`group.instance.id`), as Kafka has it since 2.3."""

    API_KEY = HeartbeatRequest.API_KEY

    def __init__(self, plain: HeartbeatRequest, name: str) -> None:
        self._fields = (plain._group, plain._generation_id, plain._member_id, name)

    def build(self, request_struct_class: type[_NamedHeartbeat]) -> _NamedHeartbeat:
        """The request for the wire."""
        return request_struct_class(*self._fields)


def name_heartbeats(coordinator: Any) -> None:
    """Let a member with a fixed name tell it in each heartbeat; aiokafka leaves it out (group_coordinator.py,
    `_do_heartbeat`).

    The broker then says whether the member has expired (it joins again) or another one has taken its name (its
    coordination ends, and so does the worker). Without the name both are "unknown", and of two workers with one name
    each would take it back from the other for ever.
    """
    name, send = coordinator._group_instance_id, coordinator._send_req
    if name is None:
        return

    async def send_named(request: Any) -> Any:
        return await send(NamedHeartbeatRequest(request, name) if isinstance(request, HeartbeatRequest) else request)

    coordinator._send_req = send_named


_await_reset = TopicPartitionState.await_reset


def _await_reset_and_tell(state: Any, strategy: Any) -> None:
    """aiokafka forgets why it begins a partition anew (fetcher.py): with a position it was out of the log's range,
    without one nothing was committed yet."""
    state.out_of_range = state.position if state.has_valid_position else None
    _await_reset(state, strategy)


TopicPartitionState.await_reset = _await_reset_and_tell


class Consumer(driver.Consumer):
    """Faust's consumer with three changes: it never commits by itself, it loses no first records, it can hold a
    partition back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: set[TP] = set()

    def _new_consumer_thread(self) -> Any:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Positions are committed by the publishers alone. Faust has nothing to commit (its topic has acks=False); if
        it tries, what we rest on has changed."""
        raise RuntimeError(f"Faust tried to commit {offsets}")

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek to the committed positions, and to the earliest record where nothing is committed yet.

        Mends a loss: records that arrive while the flow is stopped are thrown away and the position goes back to the
        committed one (consumer.py, `getmany`); aiokafka does nothing there for None or 0, so the position stays behind
        the records that were thrown away. A first start while a second worker joins is enough.
        """
        committed = {_tp(tp): offset for tp, offset in (await super().seek_to_committed()).items()}
        fresh = [tp for tp, offset in committed.items() if not offset]
        if not fresh:
            return committed
        begin = {_tp(tp): offset for tp, offset in (await self.earliest_offsets(*fresh)).items()}
        await self._thread.call_thread(self._seek_each, begin)
        return {**committed, **begin}

    async def _seek_each(self, positions: Mapping[TP, int]) -> None:
        for tp, offset in positions.items():  # runs in the consumer's own thread, as aiokafka asks
            self._thread.seek(TopicPartition(tp.topic, tp.partition), offset)

    def _to_message(self, tp: TP, record: Any) -> Any:
        """Let messages through whose offsets go back where the log itself did: Faust drops them without a word
        (consumer.py, `_drain_messages`), and with them all pages of a topic that was made anew. The Assignment tells
        what follows. Without that sign they are of a fetch from before the last seek, and Faust is right.

        Where the log goes on further ahead its first pages were deleted before they were read: that is said.
        """
        state = self._state(tp)
        wanted = getattr(state, "out_of_range", None)
        if wanted is not None:
            state.out_of_range = None
            self._read_offset[tp] = None
            if record.offset > wanted:
                log.error(
                    "pages deleted unread", partition=f"{tp.topic}/{tp.partition}", first=wanted, next=record.offset
                )
        return super()._to_message(tp, record)

    def _state(self, tp: TP) -> Any:
        consumer = self._thread._consumer
        if consumer is None or TopicPartition(tp.topic, tp.partition) not in consumer.assignment():
            return None
        return consumer._subscription.subscription.assignment.state_value(TopicPartition(tp.topic, tp.partition))

    def on_buffer_full(self, tp: TP) -> None:
        """Faust would stop to fetch a partition when a stream's queue is full, and then sleep a second when all are
        (consumer.py, `_wait_next_records`). The full queue blocks the fetch by itself: nothing to do."""

    def on_buffer_drop(self, tp: TP) -> None:
        """The counterpart of `on_buffer_full`."""

    def hold(self, tp: TP) -> None:
        """Fetch no more of this partition; what was fetched still comes. (`pause_partitions` would drop it.)"""
        self._held.add(tp)
        super().on_buffer_full(tp)

    def let_go(self, tp: TP) -> None:
        """Fetch the partition again."""
        if tp in self._held:
            self._held.discard(tp)
            super().on_buffer_drop(tp)

    async def acknowledge(self, tp: TP, next_offset: int) -> None:
        """Commit a position in the group's present generation. Raises Lost where the group has moved on.

        Faust's own commit path swallows the error (drivers/aiokafka.py, `_commit`).
        """
        position = {TopicPartition(tp.topic, tp.partition): OffsetAndMetadata(next_offset, "")}
        try:
            await self._thread.call_thread(self._thread._ensure_consumer().commit, position)
        except (CommitFailedError, IllegalStateError) as error:
            raise Lost(f"{tp.topic}/{tp.partition}: the group gave it to another worker") from error

    def behind(self, tp: TP) -> int:
        """Offsets between what was fetched and the end; markers count too, and what an open transaction holds back."""
        return self._left(tp, "highwater")

    def fetchable(self, tp: TP) -> int:
        """Those of them that a committed reader may see."""
        return self._left(tp, "lso")

    def held_at(self, tp: TP) -> int | None:
        """The offset from which on an open transaction holds pages back, where all before it was fetched."""
        return int(self._state(tp).lso) if self.behind(tp) and not self.fetchable(tp) else None

    def _left(self, tp: TP, end: str) -> int:
        state = self._state(tp)
        if state is None or not state.has_valid_position or getattr(state, end) is None:
            return 0
        return max(0, int(getattr(state, end)) - int(state.position))

    def ended(self) -> str | None:
        """Why this consumer will never fetch again, or None while it may.

        Faust never asks aiokafka for the error that ended its coordination (drivers/aiokafka.py, `getmany`): a worker
        is then alive and dead at once.
        """
        consumer = self._thread._consumer
        if consumer is None:
            return None
        task = getattr(consumer._coordinator, "_coordination_task", None)
        if task is None or not task.done() or task.cancelled():
            return None
        error = str(task.exception())
        if FencedInstanceId.__name__ in error or FencedInstanceId.message in error:
            return f"{FencedInstanceId.description} (setting kafka.group_instance: each worker has its own)"
        return f"the consumer's group coordination ended: {task.exception()!r}"

    def missing(self) -> set[str]:
        """Subscribed topics that the cluster no longer knows."""
        consumer = self._thread._consumer
        if consumer is None:
            return set()
        return {
            topic for topic in consumer.subscription() if consumer._client.cluster.partitions_for_topic(topic) is None
        }


def stray(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's handler of what nobody looked at: a producer's failed batch leaves a future of its own behind
    (message_accumulator.py, `MessageBatch.failure`), though its records' futures have told the fault."""
    if not isinstance(context.get("exception"), KafkaError):
        loop.default_exception_handler(context)


async def cut_off(producer: AIOKafkaProducer) -> None:
    """End a producer whose `stop` waits for a broker that is gone.

    aiokafka knows no other way (producer.py, `stop`): left alone it keeps its connections, and tries for ever to get
    rid of records that nobody wants any more. Its requests at work are only in its routine's own frame (sender.py).
    """
    routine = producer._sender.sender_task
    if routine is not None and not routine.done():
        working = {routine, *routine.get_coro().cr_frame.f_locals.get("tasks", ())}
        for task in working:
            task.cancel()
        await asyncio.wait(working)
    producer._message_accumulator.fail_all(ProducerClosed("given up with its partition"))
    await producer.client.close()


class Transport(driver.Transport):
    """Faust's transport with our consumer."""

    Consumer = Consumer


class App(faust.App):
    """Faust's app with our transport."""

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)


def _tp(tp: Any) -> TP:
    return TP(tp.topic, tp.partition)
