"""The partitions that a worker holds, through rebalances: opened when they are assigned, closed when they are revoked.

The order matters, and follows Faust's signals (0.15.3):
- `opened` runs in `on_rebalance_complete`, which Faust awaits before it seeks and resumes: first every publisher is
  started (which fences the last owner), only then the committed positions are read, so that they are final.
- `revoked` runs in `on_partitions_revoked`, before this worker joins the group again; the generation still holds, so
  what is finished can be published and acknowledged.
- `drained` runs in `on_before_shutdown`: Faust has stopped the flow, the group membership still lives.
Messages carry the generation they were fetched in; those of an old one are dropped, their next owner has them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Protocol

import structlog
from faust.types import TP

from broadsheet.runtime.delivery.messages import message_size
from broadsheet.runtime.delivery.partition import Batching, Outputs, Partition, Slot
from broadsheet.runtime.delivery.protocol import OpenPublisher, Output, Publisher
from broadsheet.runtime.delivery.room import Room
from broadsheet.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

OPEN_SECONDS = 60.0
"""All publishers start side by side; 64 took 0.8 s on one broker (the last owner's open transaction is aborted)."""

REVOKE_SECONDS = 5.0
"""For pages that a child has begun; the other workers of the group wait for us."""

Work = Callable[[Any, Callable[[], None]], Awaitable[tuple[Output, ...]]]
"""A message's records; the second argument is called when a child takes the page."""


class Group(Protocol):
    """What is asked of the consumer."""

    def generation(self) -> int: ...
    def assigned(self) -> set[TP]: ...
    async def positions(self) -> dict[TP, int]: ...
    def hold(self, tp: TP) -> None: ...
    def let_go(self, tp: TP) -> None: ...


class WentBack(Exception):  # noqa: N818 - says what its input did
    """Offsets of an input partition stand for other pages now. What was not published will be done from the start."""


class Assignment:
    """The worker's partitions and the pages in them."""

    def __init__(
        self,
        group: Group,
        open_publisher: OpenPublisher,
        work: Work,
        *,
        room: Room,
        batching: Batching,
        metrics: Metrics,
        on_fault: Callable[[BaseException], None],
        may_take: Callable[[], Awaitable[None]],
    ) -> None:
        """`may_take` returns when the next page may be taken; `on_fault` is told what ends the worker."""
        self.partitions: dict[TP, Partition] = {}
        self.ready = False
        self.changing_since: float | None = time.monotonic()
        self.started_at = time.monotonic()
        self._group = group
        self._open_publisher = open_publisher
        self._work = work
        self._room = room
        self._batching = batching
        self._metrics = metrics
        self._on_fault = on_fault
        self._may_take = may_take
        self._epoch = 0

    async def opened(self) -> None:
        """Take the partitions that the group has given us. A fault here ends the worker, and loses nothing."""
        epoch, generation = self._epoch, self._group.generation()
        try:
            await self._open(lambda: self._epoch == epoch and self._group.generation() == generation)
        except Exception as error:
            if self._epoch == epoch:
                self._on_fault(error)
            else:
                log.info("partitions were taken back while they were opened", why=repr(error))

    async def revoked(self) -> None:
        """Give all partitions back: publish what is done, leave the rest."""
        await self._close(REVOKE_SECONDS, finish=False)

    async def drained(self, seconds: float) -> None:
        """The worker stops: finish the pages at work within `seconds`, publish them, leave the rest."""
        await self._close(seconds, finish=True)

    def abandon(self) -> None:
        """The worker fails: stop at once."""
        for part in self.partitions.values():
            part.abandon()

    async def submit(self, message: Any) -> None:
        """Take a message in, as soon as there is room for it."""
        if self._partition(message) is None:
            return
        size = message_size(message)
        await self._may_take()
        await self._room.enter(size)
        part = self._partition(message)
        if part is None:
            self._room.leave(size)
            return
        part.add(message.offset, partial(self._begin, message, size))
        self._metrics.pages_taken.inc()
        if self._crowded(part) and len(self.partitions) > 1:
            self._group.hold(part.tp)

    def _partition(self, message: Any) -> Partition | None:
        part = self.partitions.get(message.tp)
        if part is not None and part.goes_back(message.generation_id, message.offset):
            self._go_back(part, message.offset)
        return part if part is not None and part.wants(message.generation_id, message.offset) else None

    def _go_back(self, part: Partition, offset: int) -> None:
        """The fetch found nothing at its position and began anew. What is behind may be pages that no one has seen, so
        a partition that was just opened follows; one in full work ends the worker, whose successor is just opened."""
        place = f"{part.tp.topic}/{part.tp.partition}"
        told = f"{place} goes on at offset {offset} where {part.next} was next: it was cut, or deleted and made anew"
        if part.begin_at(offset):
            log.error("input went back", why=told)
        else:
            part.abandon()
            self._on_fault(WentBack(told))

    def _begin(self, message: Any, size: int, slot: Slot) -> "asyncio.Task[Outputs]":
        task = asyncio.create_task(self._finish(message, slot))
        task.add_done_callback(lambda _: self._room.leave(size))
        return task

    async def _finish(self, message: Any, slot: Slot) -> Outputs:
        outputs = await self._work(message, partial(self._started, slot))
        slot.size = sum(output.size for output in outputs)
        self._room.keep(slot.size)
        return outputs

    def _started(self, slot: Slot) -> None:
        slot.started = self.started_at = time.monotonic()

    def _crowded(self, part: Partition) -> bool:
        """More pages than the window of a worker stand in this partition: they wait for a slow one before them."""
        return len(part.slots) > self._room.pages_bound

    def _published(self, part: Partition, batch: Iterable[Slot]) -> None:
        now = time.monotonic()
        for slot in batch:
            self._metrics.page_seconds.observe(now - slot.taken)
        if len(part.slots) <= self._room.pages_bound // 2:
            self._group.let_go(part.tp)

    async def _open(self, still_ours: Callable[[], bool]) -> None:
        generation, tps = self._group.generation(), self._group.assigned()
        publishers = {tp: self._open_publisher(tp) for tp in tps}
        try:
            positions = await self._fenced_positions(publishers)
        except BaseException:
            await _stop_all(publishers)
            raise
        if not still_ours():
            await _stop_all(publishers)
            return
        self.partitions = {tp: self._new(tp, generation, positions[tp], publishers[tp]) for tp in tps}
        self.ready, self.changing_since = True, None
        self._metrics.partitions.set(len(tps))
        log.info("partitions assigned", generation=generation, partitions=len(tps))

    async def _fenced_positions(self, publishers: dict[TP, Publisher]) -> dict[TP, int]:
        """The committed positions, read when no earlier owner can move them any more. Where one publisher cannot start
        the others are not let start later, when they would fence whoever owns their partitions then."""
        async with asyncio.timeout(OPEN_SECONDS):
            try:
                async with asyncio.TaskGroup() as starts:
                    for publisher in publishers.values():
                        starts.create_task(publisher.start())
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
            return await self._group.positions() if publishers else {}

    def _new(self, tp: TP, generation: int, position: int, publisher: Publisher) -> Partition:
        return Partition(
            tp,
            generation,
            position,
            publisher,
            batching=self._batching,
            room=self._room,
            on_fault=self._on_fault,
            on_published=self._published,
        )

    async def _close(self, seconds: float, *, finish: bool) -> None:
        self._epoch += 1
        self.ready, self.changing_since = False, time.monotonic()
        partitions, self.partitions = self.partitions, {}
        await asyncio.gather(*[part.close(seconds, finish=finish) for part in partitions.values()])
        for tp in partitions:
            self._group.let_go(tp)
        self._metrics.partitions.set(0)


async def _stop_all(publishers: dict[TP, Publisher]) -> None:
    await asyncio.gather(*[publisher.stop() for publisher in publishers.values()])
