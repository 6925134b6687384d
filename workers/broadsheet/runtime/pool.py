"""Child processes that work on pages, and can be killed: a hard deadline, a memory cap, a way back from any death.

Each child is a lane of its own: a pebble pool of one. What happens to one child (a kill while it held its pipe's lock,
a death while it was idle) then touches the pages of that child alone, and is mended by a new lane.
"""

import asyncio
import contextlib
import ctypes
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from pebble import ProcessExpired, ProcessPool

log = structlog.get_logger(__name__)

PAGES_PER_CHILD = 5_000
"""A child is replaced after as many pages, so that no leak of a parser lasts. A new one takes some 50 ms."""

PAGES_PER_LANE = 2
"""One at work and one at hand, so that a child does not wait for its parent between pages."""

GRACE_SECONDS = 15.0
"""Beyond deadlines of all pages in a lane: then pebble itself has failed (a lock died with a child)."""

LANE_FAULTS = 5
"""So many times a page may lose its lane for no fault of its own; then the machine is at fault, not the page."""


DIE_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of Linux' prctl(2)."""

LOADED = f"{__package__}.loaded"
"""The module whose import reads the models."""

NOTHING = f"{__name__}:nothing"


class Ending(Enum):
    """How a page's work ended where it gave no result."""

    TIMEOUT = "timeout"
    CRASHED = "crashed"


class PoolError(RuntimeError):
    """Children cannot be kept alive; the worker cannot go on. No page is to blame."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """`timeout` in seconds for one page, `memory` in bytes that a child may use above its start."""

    children: int
    timeout: float
    memory: int


def resolve(dotted: str) -> Callable[..., Any]:
    """The function that "package.module:name" stands for."""
    module, _, name = dotted.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


class Pool:
    """Runs `work(*arguments)` in children. `work` is named ("package.module:name"): a child imports it itself."""

    def __init__(
        self, work: str, limits: PoolLimits, tries: int = 2, on_death: Callable[[Ending], None] = lambda _: None
    ) -> None:
        self._work = work
        self._limits = limits
        self._tries = tries
        self._on_death = on_death
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([work.partition(":")[0], LOADED])
        self._context = context
        self._idle: asyncio.LifoQueue[_Lane] = asyncio.LifoQueue()
        self._lanes = [self._new_lane() for _ in range(limits.children)]
        for _ in range(PAGES_PER_LANE):
            for lane in self._lanes:
                self._idle.put_nowait(lane)
        self._running: set[asyncio.Task[Any]] = set()
        self._stopped = False

    async def warm(self) -> None:
        """Start all children and see that they live. Raises PoolError."""
        try:
            await asyncio.gather(*[lane.run(NOTHING, ()) for lane in self._lanes])
        except (ProcessExpired, FutureTimeout, _LaneError) as error:
            raise PoolError(f"children cannot be started: {error}") from None

    async def run(self, *arguments: Any, started: Callable[[], None] = lambda: None) -> Any:
        """What `work` returned, or the Ending where it did not. Raises what `work` raised, or PoolError.

        A page whose child died is tried again, up to `tries` times: the death may have been another's doing. Cancelling
        the call gives the page up, but lets its child finish: to kill a child is dearer than to wait for it.
        """
        lane = await self._idle.get()
        started()
        task = asyncio.create_task(self._run(lane, arguments))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def stop(self) -> None:
        """End all children at once; pages at work are given up. Blocks while that lasts (tenths of a second)."""
        self._stopped = True
        for lane in self._lanes:
            lane.stop()

    def pids(self) -> list[int]:
        """The children's process ids, for tests and for the log."""
        return [pid for lane in self._lanes for pid in lane.pids()]

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen: the caller may have given the page up

    async def _run(self, lane: "_Lane", arguments: tuple[Any, ...]) -> Any:
        try:
            return await self._try(lane, arguments)
        finally:
            self._idle.put_nowait(lane)

    async def _try(self, lane: "_Lane", arguments: tuple[Any, ...]) -> Any:
        deaths = 0
        for _ in range(LANE_FAULTS):
            try:
                return await lane.run(self._work, arguments)
            except FutureTimeout:
                return self._died(Ending.TIMEOUT)
            except ProcessExpired as error:
                deaths += 1
                log.warning("child died", exitcode=error.exitcode, deaths=deaths)
                if deaths >= self._tries:
                    return self._died(Ending.CRASHED)
            except _LaneError as error:
                if self._stopped:
                    raise asyncio.CancelledError from error
                log.warning("children's pool broke, making a new one", why=str(error))
        return await self._blame(lane)

    async def _blame(self, lane: "_Lane") -> Ending:
        """The page's lane broke each time: is it the page (one that no child can even receive), or the machine?"""
        try:
            await lane.run(NOTHING, ())
        except (ProcessExpired, FutureTimeout, _LaneError):
            raise PoolError("children die faster than they can be started") from None
        return self._died(Ending.CRASHED)

    def _died(self, ending: Ending) -> Ending:
        self._on_death(ending)
        return ending

    def _new_lane(self) -> "_Lane":
        return _Lane(self._limits, self._context, partial(prepare_child, self._work, self._limits.memory))


class _LaneError(Exception):
    """The lane failed, not the page."""


class _Lane:
    """A pebble pool of one child, made anew when it breaks."""

    def __init__(self, limits: PoolLimits, context: Any, prepare: Callable[[], None]) -> None:
        self._limits, self._context, self._prepare = limits, context, prepare
        self._stopped = False
        self._pool = self._new()

    async def run(self, work: str, arguments: tuple[Any, ...]) -> Any:
        pool = self._pool
        bound = PAGES_PER_LANE * self._limits.timeout + GRACE_SECONDS
        try:
            future = pool.schedule(call, args=(work, arguments), timeout=self._limits.timeout)
            return await asyncio.wait_for(asyncio.wrap_future(future), bound)
        except ProcessExpired:
            raise
        except (BrokenExecutor, RuntimeError, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and not future.cancelled():
                raise
            self._renew(pool)
            raise _LaneError(str(error) or "given up") from error
        except FutureTimeout:
            if future.done() and not future.cancelled():
                raise  # pebble killed the child at its deadline
            self._renew(pool)
            raise _LaneError("a child neither ended nor died") from None

    def stop(self) -> None:
        self._stopped = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def pids(self) -> list[int]:
        return list(self._pool._pool_manager.worker_manager.workers)

    def _new(self) -> ProcessPool:
        return ProcessPool(max_workers=1, max_tasks=PAGES_PER_CHILD, initializer=self._prepare, context=self._context)

    def _renew(self, broken: ProcessPool) -> None:
        if broken is not self._pool or self._stopped:
            return  # the lane's other page was faster, or nothing new is wanted
        self._pool = self._new()
        broken.stop()  # type: ignore[no-untyped-call]
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().run_in_executor(None, broken.join)


def call(work: str, arguments: tuple[Any, ...]) -> Any:
    """In the child: find the function and call it."""
    return resolve(work)(*arguments)


def nothing() -> None:
    """Work that cannot fail: shows that a child lives."""


def prepare_child(work: str, memory: int) -> None:
    """In a new child: load the work, then cap the memory at what is used now and `memory` bytes more.

    Where the system does not tell how much is used (no /proc) there is no cap.
    """
    _die_with_parent()
    resolve(work)
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        bound = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _die_with_parent() -> None:
    """A child whose parent (the server it is forked from) is killed counts as dead and is replaced: it must not go on
    beside its successor, nor outlive its worker. Where the system has no such call it ends with its pipe."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
