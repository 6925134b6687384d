"""Notices a worker that is alive and does nothing, and says on what it is stuck.

Kafka's group protocol does not tell: heartbeats go on while the fetcher, the publisher or the children stand still.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from faust.types import TP

from broadsheet.runtime.delivery.assignment import Assignment
from broadsheet.runtime.delivery.partition import Partition, Slot

LOOK_SECONDS = 1.0
"""Between two looks."""


class Stuck(Exception):  # noqa: N818 - says what the worker is
    """The worker makes no progress; the text says on what."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds: `progress` without any while work waits; `page` for one page, twice its deadline and its way through
    the pool; `lost` from a lost partition until the group must have noticed, and from a topic that is gone. Twice that
    is given to a group that waits for a dead worker."""

    progress: float
    page: float
    lost: float


class Watchdog:
    """Looks at an Assignment and at its consumer; `behind` tells how much of a partition is not fetched yet, `missing`
    names the input topics that are gone."""

    def __init__(
        self,
        assignment: Assignment,
        bounds: Bounds,
        ended: Callable[[], str | None],
        behind: Callable[[TP], int],
        missing: Callable[[], Collection[str]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assignment = assignment
        self._bounds = bounds
        self._ended = ended
        self._behind = behind
        self._missing = missing
        self._clock = clock
        self._there_at = clock()
        self._fetched: dict[TP, tuple[int, float]] = {}

    async def watch(self) -> None:
        """Look until something is wrong; raises Stuck."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """One look. Raises Stuck."""
        for complaint in self._complaints():
            raise Stuck(complaint)

    def _complaints(self) -> Iterator[str]:
        ended = self._ended()
        if ended:
            yield ended
        yield from self._of_topics(self._clock())
        since, now = self._assignment.changing_since, self._clock()
        if since is not None and now - since > max(self._bounds.progress, 2 * self._bounds.lost):
            yield f"no partitions were assigned for {now - since:.0f} s: the group cannot agree, or the broker is gone"
        for tp, part in self._assignment.partitions.items():
            for complaint in self._of(part, now):
                yield f"{tp.topic}/{tp.partition}: {complaint}"

    def _of_topics(self, now: float) -> Iterator[str]:
        missing = self._missing()
        if not missing:
            self._there_at = now
        elif now - self._there_at > self._bounds.lost:
            yield f"the input topic {', '.join(sorted(missing))} is not there any more"

    def _of(self, part: Partition, now: float) -> Iterator[str]:
        if part.lost_at is not None and now - part.lost_at > self._bounds.lost:
            yield "another worker publishes for it, but the group says that it is ours"
        yield from self._of_head(part, now)
        yield from self._of_fetch(part, now)

    def _of_head(self, part: Partition, now: float) -> Iterator[str]:
        if not part.slots:
            return
        head = part.slots[0]
        waited = now - max(part.progress_at, head.taken)
        if head.finished and waited > self._bounds.progress:
            yield f"offset {head.offset} is done but could not be published for {waited:.0f} s"
        if not head.finished and (at_work := now - self._begun(head)) > self._bounds.page:
            yield f"offset {head.offset} is at work for {at_work:.0f} s, beyond any deadline"

    def _begun(self, head: Slot) -> float:
        """A page waits for a child as long as children take on others: many slow ones may stand before it."""
        return head.started if head.started is not None else max(head.taken, self._assignment.started_at)

    def _of_fetch(self, part: Partition, now: float) -> Iterator[str]:
        """Nothing is at work, there is more to fetch, and nothing comes."""
        behind = self._behind(part.tp)
        seen, since = self._fetched.get(part.tp, (-1, now))
        if part.slots or not behind or behind != seen:
            self._fetched[part.tp] = (behind, now)
        elif now - since > self._bounds.progress:
            yield f"{behind} offsets wait to be fetched, and none came for {now - since:.0f} s"


def bounds(stuck_after: float, page_timeout: float, session_timeout: float, tries: Iterable[int]) -> Bounds:
    """The bounds that follow from the settings; `tries` are those of the table of fates."""
    return Bounds(
        progress=stuck_after,
        page=max(tries) * 2 * page_timeout + stuck_after,  # two pages may stand in a child's lane
        lost=session_timeout,
    )
