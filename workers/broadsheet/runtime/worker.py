"""A worker's life: check the topics, start, run until told to stop or until something fails, leave.

`run` returns 0 after a stop that was asked for, when all that was taken is published or left to the next owner. A fault
that is not a page's ends the worker with one line and FAILED: nothing that was taken is acknowledged, so its restart,
or another worker, does it again. Whoever runs workers (compose, Kubernetes, systemd) starts them again.
"""

import asyncio
import contextlib
import os
import signal
import threading
from functools import partial
from pathlib import Path

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from broadsheet.runtime import app as faust_app
from broadsheet.runtime.children.pool import PoolError, pool_limits
from broadsheet.runtime.children.server import keep_secrets
from broadsheet.runtime.delivery.assignment import Assignment
from broadsheet.runtime.delivery.faust_hooks import stray
from broadsheet.runtime.delivery.partition import Batching
from broadsheet.runtime.delivery.publishers import Publishers
from broadsheet.runtime.delivery.room import Room
from broadsheet.runtime.kafka import topics
from broadsheet.runtime.kafka.connection import ConnectionSettingsError
from broadsheet.runtime.logs import configure
from broadsheet.runtime.metrics import Metrics
from broadsheet.runtime.pages.breaker import Breaker
from broadsheet.runtime.pages.fates import FATES
from broadsheet.runtime.pages.processor import Pages
from broadsheet.runtime.pages.trial import build_works
from broadsheet.runtime.scratch import scratch
from broadsheet.runtime.seen import seen
from broadsheet.runtime.settings import Settings
from broadsheet.runtime.watch.health import Health
from broadsheet.runtime.watch.waits import Waits
from broadsheet.runtime.watch.watchdog import Stuck, Watchdog, bounds

log = structlog.get_logger(__name__)

FAILED = 70
"""Exit code after a fault (sysexits.h: internal software error)."""

LEAVE_SECONDS = 15.0
"""Beyond the drain: for Faust to leave the group and to close. Then the process ends by force."""

FAIL_SECONDS = 5.0
"""The same after a fault, where there is nothing left to save."""


class StartError(Exception):
    """The worker refuses to start; `lines` say why, one plain line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def run(settings: Settings) -> int:
    """Run a worker in this process until SIGTERM or SIGINT. Returns the exit code; raises StartError."""
    configure(settings.log)
    keep_secrets(settings.kafka)
    try:
        complaints = topics.check(settings)
    except topics.TopicError as error:
        raise StartError([str(error)]) from None
    if complaints:
        raise StartError(complaints)
    with _runner() as runner:
        code = runner.run(_Worker(settings, scratch()).live())
    return code


def _runner() -> "asyncio.Runner":
    try:
        import uvloop
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


class _Worker:
    """The parts of a worker, and what ends it."""

    def __init__(self, settings: Settings, scratch: Path) -> None:
        self.settings = settings
        self.scratch = scratch
        self.metrics = Metrics()
        self.fault: BaseException | None = None
        self.ending = asyncio.Event()

    async def live(self) -> int:
        """From start to end; the exit code."""
        self._build()
        asyncio.get_running_loop().set_exception_handler(stray)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.ending.set)
        tasks = [asyncio.create_task(doing) for doing in (self._start(), self._watch(), self.waits.watch())]
        try:
            await self.ending.wait()
            for task in tasks:
                task.cancel()
            return await self._fail() if self.fault else await self._leave()
        finally:
            self.pages.pool.stop()

    def fail(self, error: BaseException) -> None:
        """A fault that is not a page's: the worker ends. The first one counts."""
        if self.fault is None:
            self.fault = error
            if not isinstance(error, StartError):
                log.critical("worker failed", why=_line(error), kind=type(error).__name__)
        self.ending.set()

    def _build(self) -> None:
        settings, work = self.settings, self.settings.worker
        self.app = faust_app.build(settings, self.scratch)
        works = partial(build_works, work.page_work, pool_limits(work), settings.options())
        self.breaker = Breaker(work.breaker_share, work.breaker_pause, works)
        self.pages = Pages(settings, self.metrics, self.breaker)
        self.room = Room(work.window_pages, work.window_bytes)
        self.publishers = Publishers(settings, self.app, self.metrics)
        self.assignment = Assignment(
            faust_app.ConsumerGroup(self.app, faust_app.inputs(settings)),
            self.publishers.open,
            self.pages.work,
            room=self.room,
            batching=Batching(work.batch_interval, work.batch_pages, work.batch_bytes),
            metrics=self.metrics,
            on_fault=self.fail,
            may_take=self.breaker.closed,
        )
        faust_app.attach(self.app, settings, self.assignment)
        tries = [fate.tries for fate in FATES.values()]
        limits = bounds(work.stuck_after, work.page_timeout, settings.kafka.session_timeout, tries)
        consumer = self.app.consumer
        self.watchdog = Watchdog(self.assignment, limits, consumer.ended, self._behind, consumer.missing)
        self.waits = Waits(self.assignment, consumer.held_at, settings.kafka.session_timeout)
        self.health = Health(settings.web, self._not_live, self._not_ready, self._measured)

    async def _start(self) -> None:
        try:
            await self.health.start()
            await self.pages.pool.warm()
            await self.publishers.start()
            await self.app.start()
        except (OSError, KafkaError, ConnectionSettingsError, PoolError) as error:
            return self._not_started(StartError([f"cannot start: {_line(error)}"]))
        except Exception as error:
            return self._not_started(error)
        log.info("worker started", group=self.settings.kafka.group, health=self.health.port, pid=os.getpid())

    def _not_started(self, error: Exception) -> None:
        if not self.ending.is_set():  # else it was told to stop meanwhile, and what was begun broke off
            self.fail(error)

    async def _watch(self) -> None:
        crashed = asyncio.create_task(self.app._crashed.wait())
        watching = asyncio.create_task(self.watchdog.watch())
        watching.add_done_callback(seen)  # it may be stuck at the very moment when it is told to stop
        try:
            done, _ = await asyncio.wait({crashed, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching in done:
                self.fail(watching.exception() or Stuck("the watchdog ended"))
            else:
                self.fail(self.app.crash_reason or RuntimeError("Faust's app crashed"))
        finally:
            crashed.cancel()
            watching.cancel()

    async def _leave(self) -> int:
        """Stop taking pages, publish what is at work, leave the group."""
        log.info("worker stops", pages_at_work=self.room.pages)
        bound = self.settings.worker.drain_timeout + LEAVE_SECONDS
        self._end_by_force_after(bound)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.app.stop(), bound)
        await self._close()
        if self.fault:
            return FAILED
        log.info("worker stopped")
        return 0

    async def _fail(self) -> int:
        """Let go of everything at once, and of the group, so that others take over soon."""
        self._end_by_force_after(FAIL_SECONDS)
        self.assignment.abandon()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.app.stop(), FAIL_SECONDS)
        await self._close()
        if isinstance(self.fault, StartError):
            raise self.fault
        return FAILED

    async def _close(self) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.publishers.stop(), FAIL_SECONDS)
        await self.health.stop()

    def _end_by_force_after(self, seconds: float) -> None:
        """Threads of Faust's may hang on a broker that is gone; no ending of ours waits for them."""
        timer = threading.Timer(seconds + FAIL_SECONDS, os._exit, [FAILED])
        timer.daemon = True
        timer.start()

    def _not_live(self) -> str | None:
        try:
            self.watchdog.look()
        except Stuck as error:
            return str(error)
        return str(self.fault) if self.fault else None

    def _not_ready(self) -> str | None:
        if self.ending.is_set():
            return "stopping"
        return self.breaker.why() or (None if self.assignment.ready else "no partitions assigned yet")

    def _behind(self, tp: TP) -> int:
        """What waits to be fetched; nothing, as far as the watchdog is concerned, while the breaker holds us."""
        return 0 if self.breaker.why() else self.app.consumer.fetchable(tp)

    def _measured(self) -> bytes:
        self.metrics.pages_at_work.set(self.room.pages)
        self.metrics.bytes_at_work.set(self.room.size)
        self.metrics.ready.set(self._not_ready() is None)
        self.metrics.paused.set(self.breaker.why() is not None)
        self.metrics.behind.clear()  # partitions that are another's now have no say here
        for tp in self.assignment.partitions:
            self.metrics.behind.labels(f"{tp.topic}/{tp.partition}").set(self.app.consumer.behind(tp))
        return self.metrics.text()


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or repr(error)
