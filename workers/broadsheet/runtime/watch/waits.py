"""Says what a worker waits for that it can do nothing about: its group, and transactions that others left open.

Neither is a fault of the worker's, and a restart mends neither: it goes on waiting, but not without a word.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from faust.types import TP

from broadsheet.runtime.delivery.assignment import Assignment

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks."""

GROUP_SECONDS = 5.0
"""A group shares its partitions out within as many, where all its workers answer."""

HELD_SECONDS = 15.0
"""A scraper's transaction is done in less; Kafka's own bound for one that is forgotten is a minute."""

AGAIN_SECONDS = 300.0
"""After this time what lasts is said again."""


@dataclass(slots=True)
class _Held:
    """Where pages are held back, since when, and when it was last said."""

    offset: int
    since: float
    told: float | None = None


class Waits:
    """Looks at an Assignment; `held_at` tells from which offset on a partition's pages are held back, if they are."""

    def __init__(
        self,
        assignment: Assignment,
        held_at: Callable[[TP], int | None],
        session_timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assignment = assignment
        self._held_at = held_at
        self._session_timeout = session_timeout
        self._clock = clock
        self._told_of_group: float | None = None
        self._held: dict[TP, _Held] = {}

    async def watch(self) -> None:
        """Look, and say."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """One look."""
        now = self._clock()
        self._look_at_group(now)
        for tp in list(self._assignment.partitions):
            self._look_at_partition(tp, now)

    def _look_at_group(self, now: float) -> None:
        since = self._assignment.changing_since
        if since is None:
            self._told_of_group = None
        elif now - since >= GROUP_SECONDS and _is_due(self._told_of_group, now):
            self._told_of_group = now
            why = f"the group waits for all its workers, for one that ended without a word {self._session_timeout:g} s"
            log.info("waiting for partitions", seconds=round(now - since), why=why)

    def _look_at_partition(self, tp: TP, now: float) -> None:
        offset, held = self._held_at(tp), self._held.get(tp)
        if offset is None or held is None or held.offset != offset:
            self._held.pop(tp, None)
            if offset is not None:
                self._held[tp] = _Held(offset, now)
        elif now - held.since >= HELD_SECONDS and _is_due(held.told, now):
            held.told = now
            log.warning(
                "pages wait behind an open transaction",
                partition=f"{tp.topic}/{tp.partition}",
                offset=offset,
                seconds=round(now - held.since),
                why="its producer neither committed nor aborted it; `broadsheet doctor` names it",
            )


def _is_due(told: float | None, now: float) -> bool:
    return told is None or now - told >= AGAIN_SECONDS
