"""Child processes that work on pages, and can be killed: two deadlines, a memory cap, a way back from any death.

A page goes to a child that has nothing to do, or at hand behind another's page. One that stands at hand behind a page
that turns out slow is given to another child as well; the answer that comes first counts, they are the same.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any

import structlog

from broadsheet.runtime.children.answers import AnswerError, unpack
from broadsheet.runtime.children.child import CPU_SIGNAL, Terms
from broadsheet.runtime.children.frames import Frame, page_head
from broadsheet.runtime.children.lane import PAGES_PER_LANE, Job, Lane
from broadsheet.runtime.children.results import Work
from broadsheet.runtime.children.server import Server
from broadsheet.runtime.settings import WorkerSettings
from broadsheet.values import RawPage

log = structlog.get_logger(__name__)

PAGES_PER_CHILD = 5_000
"""A child is replaced after as many pages, so that no leak of a parser lasts. A new one takes some 10 ms."""

PATIENCE_SECONDS = 0.1
"""At one page; then the page at hand behind it goes to another child. Of real pages one in a thousand takes as long."""

LOOK_SECONDS = 0.05
"""Between two looks at children that have something to do."""

START_SECONDS = 60.0
"""For a child to say that it is ready: the server reads all models first (half a second)."""

DEATH_SECONDS = 5.0
"""For the news of a child's death after it was killed; later the server itself stands still."""

START_FAULTS = 5
"""So many starts of children may fail one after the other; then the machine is at fault."""


class Ending(Enum):
    """How a page's work ended where it gave no result."""

    CPU = "cpu"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class PoolError(RuntimeError):
    """Children cannot be kept alive; the worker cannot go on. No page is to blame."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """For one page: `timeout` in seconds of the clock, `cpu` in seconds of CPU, `memory` in bytes that a child may use
    above its start."""

    children: int
    timeout: float
    memory: int
    cpu: float


def pool_limits(worker: WorkerSettings, children: int | None = None) -> PoolLimits:
    """The limits that the settings give; `children` where a command asks for another number of them."""
    return PoolLimits(children or worker.children, worker.page_timeout, worker.child_memory, worker.page_cpu)


class Pool:
    """Runs `work(page, ...)` in children. `work` is named ("package.module:name"): children import it themselves."""

    def __init__(
        self, work: str, limits: PoolLimits, tries: int = 2, on_death: Callable[[Ending], None] = lambda _: None
    ) -> None:
        self._terms = Terms(work, limits.memory, limits.cpu)
        self._limits = limits
        self._tries = tries
        self._on_death = on_death
        self._server: Server | None = None
        self._lanes: dict[int, Lane] = {}
        self._tokens = count(1)
        self._queue: deque[Job] = deque()
        self._warm: set[asyncio.Future[None]] = set()
        self._faults = 0
        self._fault: PoolError | None = None
        self._stopped = False
        self._look_at: asyncio.TimerHandle | None = None

    async def warm(self) -> None:
        """Start all children and see that they live. Raises PoolError."""
        self._start()
        if not self._is_warm():
            warm = asyncio.get_running_loop().create_future()
            self._warm.add(warm)
            await warm

    async def run(self, raw: RawPage, *rest: Any, started: Callable[[], None] = lambda: None) -> Work | Ending:
        """What `work` gave, or the Ending where it did not. `started` is called when a child is given the page.
        Raises PoolError.

        A page whose child died is tried again, up to `tries` times: the death may have been another's doing. Cancelling
        the call gives the page up, but lets its child finish: to kill a child is dearer than to wait for it.
        """
        self._start()
        done = asyncio.get_running_loop().create_future()
        self._queue.append(Job(page_head(raw, rest), raw.value, started, done))
        self._dispatch()
        work: Work | Ending = await done
        return work

    def stop(self) -> None:
        """End all children at once; pages at work are given up. Blocks while that lasts (milliseconds)."""
        self._stopped = True
        if self._look_at:
            self._look_at.cancel()
        if self._server:
            self._server.stop()
        jobs, lanes = self._jobs(), list(self._lanes.values())
        self._queue.clear()
        self._lanes.clear()
        for lane in lanes:
            lane.end()
        for done in (*self._warm, *(job.done for job in jobs)):
            done.cancel()

    def pids(self) -> list[int]:
        """The children's process ids, for tests and for the log."""
        return [lane.pid for lane in self._lanes.values() if lane.pid]

    def _start(self) -> None:
        if self._stopped:
            raise asyncio.CancelledError
        if not self._fault and not self._server:
            try:
                self._server = Server(self._terms, self._born, self._died, self._gone)
                for _ in range(self._limits.children):
                    self._bear(self._server)
            except OSError as error:
                self._fail(PoolError(f"children cannot be started: {error}"))
        if self._fault:
            raise self._fault

    def _bear(self, server: Server) -> None:
        lane = Lane(next(self._tokens), self._heard)
        self._lanes[lane.token] = lane
        server.bear(lane.token, *lane.ends)
        lane.let_go()
        self._watch()

    def _born(self, token: int, pid: int) -> None:
        self._lanes[token].pid = pid
        self._greet()

    def _heard(self, lane: Lane, frame: Frame) -> None:
        """A child is ready, or has answered for its page."""
        if lane.ready:
            self._answered(lane, frame)
        else:
            lane.ready, self._faults = True, 0
            self._greet()
        self._dispatch()

    def _answered(self, lane: Lane, frame: Frame) -> None:
        try:
            work = unpack(*frame)
        except AnswerError as error:
            lane.broken = str(error)
        if not lane.jobs:
            lane.broken = "it answered unasked"
        if lane.broken:
            return
        _give(lane.take(), work)
        if lane.given >= PAGES_PER_CHILD and not lane.jobs:
            lane.retire()

    def _greet(self) -> None:
        if self._is_warm():
            for warm in self._warm:
                if not warm.done():
                    warm.set_result(None)
            self._warm.clear()

    def _is_warm(self) -> bool:
        lanes = [lane for lane in self._lanes.values() if lane.pid and lane.is_open()]
        return len(lanes) == self._limits.children

    def _dispatch(self) -> None:
        """Give pages to children as long as there are both."""
        while (lane := self._free()) and (job := self._next(lane)):
            job.started()
            lane.give(job)
            self._watch()

    def _free(self) -> Lane | None:
        """A child that has nothing to do; else the one that will soon be done with what it has."""
        free = [lane for lane in self._lanes.values() if _takes_more(lane)]
        return min(free, key=lambda lane: (len(lane.jobs), lane.since), default=None)

    def _next(self, lane: Lane) -> Job | None:
        """A page that waits at hand behind a slow one, else the next in the queue."""
        for other in self._lanes.values():
            if other is not lane and len(other.jobs) == PAGES_PER_LANE and other.seconds() > PATIENCE_SECONDS:
                job = other.jobs[1]
                if job.lanes == 1 and not job.done.done():
                    return job
        while self._queue:
            job = self._queue.popleft()
            if not job.done.done():  # else it was given up
                return job
        return None

    def _watch(self) -> None:
        if self._look_at is None:
            self._look_at = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        """End children that are beyond a deadline; look again while any has something to do."""
        self._look_at = None
        for lane in self._lanes.values():
            self._look_after(lane)
        self._dispatch()
        if any(lane.jobs or not lane.ready or lane.hung_up() for lane in self._lanes.values()):
            self._watch()

    def _look_after(self, lane: Lane) -> None:
        assert self._server
        now = asyncio.get_running_loop().time()
        late = self._is_late(lane)
        if lane.killed_at is None and (late or lane.hung_up()):
            lane.late, lane.killed_at = late, now
            self._server.kill(lane.token)
        elif lane.killed_at is not None and now - lane.killed_at > DEATH_SECONDS:
            self._server.stop(0)
            asyncio.get_running_loop().call_soon(self._gone)
            lane.killed_at = now

    def _is_late(self, lane: Lane) -> bool:
        """Beyond its deadline, and not for our own lateness in hearing it."""
        bound = self._limits.timeout if lane.ready else START_SECONDS
        if lane.seconds() > bound:
            lane.hear()
        return lane.seconds() > bound and not lane.hung_up()

    def _died(self, token: int, code: int) -> None:
        lane = self._lanes.pop(token)
        lane.end()
        if lane.jobs:
            self._blame(lane, code)
        self._spare(lane)
        if not lane.ready:
            self._failed_start()
        self._replace()
        self._dispatch()

    def _replace(self) -> None:
        if self._server and not self._fault:
            try:
                self._bear(self._server)
            except OSError as error:
                self._fail(PoolError(f"children cannot be started: {error}"))

    def _blame(self, lane: Lane, code: int) -> None:
        """The page that a child died of: that its time was up ends it, any other death only the last time."""
        job = lane.take()
        if code == -CPU_SIGNAL:
            return self._end(job, Ending.CPU)
        if lane.late:
            return self._end(job, Ending.TIMEOUT)
        job.deaths += 1
        log.warning("child died", exitcode=code, deaths=job.deaths, why=lane.broken)
        if job.deaths >= self._tries:
            return self._end(job, Ending.CRASHED)
        self._queue.appendleft(job)

    def _spare(self, lane: Lane) -> None:
        """Pages that a dead child never began go to others, where they are not already."""
        while lane.jobs:
            job = lane.take()
            if not job.lanes:
                self._queue.appendleft(job)

    def _end(self, job: Job, ending: Ending) -> None:
        if _give(job, ending):
            self._on_death(ending)

    def _gone(self) -> None:
        """The server has ended, and all children with it: make all anew. No page is to blame."""
        log.warning("the children's server ended, starting another")
        lanes, self._lanes, self._server = list(self._lanes.values()), {}, None
        for lane in lanes:
            lane.end()
            self._spare(lane)
        self._failed_start()
        with suppress(PoolError):
            self._start()
        self._dispatch()

    def _failed_start(self) -> None:
        self._faults += 1
        if self._faults >= START_FAULTS:
            self._fail(PoolError("children die faster than they can be started"))

    def _fail(self, fault: PoolError) -> None:
        """Nothing will be worked on any more."""
        self._fault = fault
        for done in (*self._warm, *(job.done for job in self._jobs())):
            if not done.done():
                done.set_exception(fault)

    def _jobs(self) -> list[Job]:
        return [*self._queue, *(job for lane in self._lanes.values() for job in lane.jobs)]


def _takes_more(lane: Lane) -> bool:
    if not lane.is_open() or lane.given >= PAGES_PER_CHILD:
        return False
    return not lane.jobs or (len(lane.jobs) < PAGES_PER_LANE and lane.seconds() <= PATIENCE_SECONDS)


def _give(job: Job, work: Work | Ending) -> bool:
    """The job's end, unless it has one."""
    if job.done.done():
        return False
    job.done.set_result(work)
    return True
