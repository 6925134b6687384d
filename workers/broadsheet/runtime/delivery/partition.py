"""One input partition of a worker: its pages in order, and the loop that publishes the finished ones at the head.

Pages are worked on in any order; they are published and acknowledged strictly in the input's order. A page that takes
long holds back what follows it in its own partition only.
"""

import asyncio
import contextlib
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import structlog
from faust.types import TP

from broadsheet.runtime.delivery.protocol import Lost, Output, Publisher
from broadsheet.runtime.delivery.room import Room

log = structlog.get_logger(__name__)

LAST_STEP_SECONDS = 10.0
"""How long a publishing that has begun may take when the partition is given up; then its outcome is left open."""

Outputs = tuple[Output, ...]


CROWDED_INTERVALS = 10
"""Where a worker has more pages than it can work on soon, a page waits behind others for longer than for company: so
many intervals then. A transaction costs 4 ms of CPU, whether of one page or of ten (measured at 18 pages a second)."""


@dataclass(frozen=True, slots=True)
class Batching:
    """When finished pages are published together: after `interval` seconds, or at so many pages or bytes."""

    interval: float
    pages: int
    size: int

    def due(self, now: float, last: float, *, company: bool, crowded: bool) -> float:
        """When a page that finished `now` goes out, the last batch having gone at `last`.

        At once after a quiet time; an interval after the last batch in a busy one; an interval from now where more of
        its partition is at work (`company`), several where the worker is `crowded`.
        """
        if crowded:
            return now + CROWDED_INTERVALS * self.interval
        return now + self.interval if company else max(now, last + self.interval)


@dataclass(slots=True, eq=False)
class Slot:
    """A page's place in the order. `started`: when a child took it; `size`: of its outputs in bytes, once finished."""

    offset: int
    taken: float
    started: float | None = None
    size: int = 0
    task: "asyncio.Task[Outputs]" = field(init=False)

    @property
    def finished(self) -> bool:
        """Its outputs are ready (or its work failed, which `task` tells)."""
        return self.task.done()


class Partition:
    """A partition as this worker has it in one generation of its group."""

    def __init__(
        self,
        tp: TP,
        generation: int,
        next_offset: int,
        publisher: Publisher,
        *,
        batching: Batching,
        room: Room,
        on_fault: Callable[[BaseException], None],
        on_published: Callable[["Partition", Sequence[Slot]], None] = lambda *_: None,
    ) -> None:
        self.tp = tp
        self.generation = generation
        self.next = next_offset
        self._begun_at = next_offset
        self.publisher = publisher
        self.slots: deque[Slot] = deque()
        self.closed = False
        self.lost_at: float | None = None
        self.progress_at = time.monotonic()
        self._last_batch = -math.inf
        self._batching = batching
        self._room = room
        self._on_fault = on_fault
        self._on_published = on_published
        self._changed = asyncio.Event()
        self._draining = False
        self._stopping = asyncio.Event()
        self._loop = asyncio.create_task(self._publish_all(), name=f"publish {tp.topic}/{tp.partition}")

    def wants(self, generation: int, offset: int) -> bool:
        """Whether a message is this partition's next; old generations and what was seen before are not.

        Offsets may have gaps: markers of transactions, aborted records, records that were compacted away.
        """
        return not self.closed and generation == self.generation and offset >= self.next

    def goes_back(self, generation: int, offset: int) -> bool:
        """Whether a message stands before what was taken already: its topic was cut, or deleted and made anew."""
        return not self.closed and generation == self.generation and offset < self.next

    def begin_at(self, offset: int) -> bool:
        """Go back to `offset`; False where pages were taken already, whose offsets would stand for others then."""
        if self.next != self._begun_at:
            return False
        self.next = self._begun_at = offset
        return True

    def add(self, offset: int, begin: Callable[[Slot], "asyncio.Task[Outputs]"]) -> None:
        """Take the page at `offset` in; `begin` starts its work."""
        slot = Slot(offset, time.monotonic())
        self.next = offset + 1
        if not self.slots:
            self.progress_at = slot.taken
        slot.task = begin(slot)
        slot.task.add_done_callback(self._finished)
        self.slots.append(slot)

    async def close(self, seconds: float, *, finish: bool) -> None:
        """Publish what can be published within `seconds`, then let go.

        With `finish` all pages are waited for (a worker that stops); without, those that no child has begun are left to
        the next owner at once (a rebalance, where others wait for us).
        """
        self.closed = True
        if not finish:
            self._leave_unstarted()
        self._draining = True
        self._changed.set()
        await asyncio.wait({self._loop}, timeout=seconds)
        self._stopping.set()
        self._changed.set()
        await asyncio.wait({self._loop}, timeout=LAST_STEP_SECONDS)
        self.abandon()
        await self.publisher.stop()

    def abandon(self) -> None:
        """Stop at once; whatever is not committed will be done again by the next owner."""
        self.closed = True
        self._loop.cancel()
        for slot in self._take(len(self.slots)):
            self._drop(slot)

    def _leave_unstarted(self) -> None:
        started = next((i for i, slot in enumerate(self.slots) if slot.started is None), len(self.slots))
        kept = self._take(started)
        for slot in self._take(len(self.slots)):
            self._drop(slot)
        self.slots.extend(kept)

    def _drop(self, slot: Slot) -> None:
        slot.task.cancel()
        self._room.clear(slot.size)

    def _take(self, count: int) -> list[Slot]:
        return [self.slots.popleft() for _ in range(count)]

    def _finished(self, task: "asyncio.Task[Outputs]") -> None:
        if self.slots and self.slots[0].task is task:
            self._changed.set()

    async def _publish_all(self) -> None:
        try:
            while await self._head_finished():
                await self._linger()
                await self._publish(self._batch())
        except Lost as error:
            self._lose(error)
        except Exception as error:
            if self.closed:
                log.warning("publishing ended while the partition was given up", partition=self.tp, why=repr(error))
            else:
                self._on_fault(error)

    async def _head_finished(self) -> bool:
        """Wait for the head; False when the partition is closing and there is nothing left to publish."""
        while not (self.slots and self.slots[0].finished):
            if self._stopping.is_set() or (self._draining and not self.slots):
                return False
            self._changed.clear()
            await self._changed.wait()
        return True

    async def _linger(self) -> None:
        """Wait for company, as long as that is worth it."""
        begun, interval = time.monotonic(), self._batching.interval
        while not (self._draining or self._is_full()):
            company = not all(slot.finished for slot in self.slots)
            due = self._batching.due(begun, self._last_batch, company=company, crowded=self._room.is_crowded())
            left = min(due - time.monotonic(), interval)
            if left <= 0:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), left)
        self._last_batch = time.monotonic()

    def _is_full(self) -> bool:
        """Whether a batch is as large as one may be, or the room is taken by what waits to be published."""
        if self._room.waiting * 2 > self._room.size_bound:
            return True
        return len(self.slots) >= self._batching.pages and sum(1 for _ in self._head()) == self._batching.pages

    def _batch(self) -> list[Slot]:
        return self._take(sum(1 for _ in self._head()))

    def _head(self) -> Iterator[Slot]:
        size = 0
        for count, slot in enumerate(self.slots):
            if not slot.finished or count == self._batching.pages:
                return
            size += slot.size
            if count and size > self._batching.size:
                return
            yield slot

    async def _publish(self, batch: list[Slot]) -> None:
        try:
            outputs = [output for slot in batch for output in slot.task.result()]
            await self.publisher.publish(outputs, batch[-1].offset + 1)
        finally:
            for slot in batch:
                self._drop(slot)
        self.progress_at = time.monotonic()
        self._on_published(self, batch)

    def _lose(self, error: Lost) -> None:
        log.warning("partition lost", partition=self.tp, why=str(error), closed=self.closed)
        self.closed = True
        self.lost_at = time.monotonic()
        for slot in self._take(len(self.slots)):
            self._drop(slot)
