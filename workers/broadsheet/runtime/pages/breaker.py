"""A breaker for bad deploys: when too many pages die of our own faults, the worker pauses instead of burning the topic.

It looks at the last WINDOW pages. Only reasons that may be ours count (FATES tells which); a scraper that sends rubbish
trips nothing. Nor does a site whose pages die of what is on them: before it pauses the worker it asks whether the build
works, and where it does the pages are to blame, and it begins to count anew.

Paused, the worker stays in its group and takes no page; after the pause it tries TRIAL pages, and goes on or pauses
again. Dead letters of before can be redriven once the cause is mended.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

log = structlog.get_logger(__name__)

WINDOW = 200
"""Pages looked back on."""

TRIAL = 20
"""Pages after which a share means something: at the start, and after a pause."""

LOOK_SECONDS = 1.0


class Breaker:
    """Counts our faults among the last pages; `share` of them above which the worker pauses, `pause` in seconds.
    `works` tells whether the build can read a page that is known to be good."""

    def __init__(
        self,
        share: float,
        pause: float,
        works: Callable[[], Awaitable[bool]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._share = share
        self._pause = pause
        self._works = works
        self._clock = clock
        self._last: deque[bool] = deque(maxlen=WINDOW)
        self._open_until: float | None = None
        self._judging: asyncio.Task[None] | None = None

    def saw(self, *, our_fault: bool) -> None:
        """One page more."""
        self._last.append(our_fault)
        closed = self._open_until is None and self._judging is None
        if closed and len(self._last) >= TRIAL and self._found() > self._share:
            self._judging = asyncio.create_task(self._judge())

    def why(self) -> str | None:
        """Why the worker is paused, in one line; None while it is not."""
        if self._open_until is None:
            return None
        return f"{self._told()}, and so does a sample page; paused for {self._pause:g} s"

    async def closed(self) -> None:
        """Return when pages may be taken."""
        if self._judging is not None:
            await asyncio.shield(self._judging)
        while self._open_until is not None:
            if self._clock() >= self._open_until:
                self._open_until = None
                self._last.clear()
                log.warning("worker goes on after its pause", trial_pages=TRIAL)
                return
            await asyncio.sleep(min(LOOK_SECONDS, self._pause))

    async def _judge(self) -> None:
        """Is it the build, or are it the pages? No more are taken meanwhile."""
        works = await self._works()
        self._judging = None
        if works:
            log.warning(
                "worker goes on: its build reads the sample pages, so these pages are to blame", saw=self._told()
            )
            self._last.clear()
            return
        self._open_until = self._clock() + self._pause
        log.critical("worker paused", why=self.why())

    def _told(self) -> str:
        return (
            f"{self._found():.0%} of the last {len(self._last)} pages died of faults that may be ours "
            f"(setting worker.breaker_share {self._share:g})"
        )

    def _found(self) -> float:
        return sum(self._last) / len(self._last) if self._last else 0.0
