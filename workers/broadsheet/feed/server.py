"""The feed server's life: connect, listen, build the window, follow until told to stop, leave."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable

import structlog

from broadsheet.feed.follow import Bell, Follower
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.site import MAX_HEADER, Site
from broadsheet.feed.source import Source, SourceError
from broadsheet.feed.window import Window, WindowError
from broadsheet.runtime.listening import Terms, listen, why_not
from broadsheet.runtime.logs import configure
from broadsheet.runtime.settings import FeedSettings, Settings

log = structlog.get_logger(__name__)

FAILED = 70
"""Exit code after a fault (sysexits.h: internal software error)."""

OTHERS = 256
"""Connections beside the streams."""


class FeedError(Exception):
    """The feed server cannot start; one plain line."""


def run(settings: Settings, started: Callable[[str], None] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, then return 0; FAILED after a fault. `started` is told the address once it serves.

    Raises FeedError where Kafka, the topic, the port or the window's file cannot be used.
    """
    configure(settings.log)
    # aiokafka says several times a second that a broker is away: heard where a reason is asked for (`reasons`) alone
    client = logging.getLogger("aiokafka")
    client.addHandler(logging.NullHandler())
    client.propagate = False
    return asyncio.run(_until_signal(settings, started))


async def _until_signal(settings: Settings, started: Callable[[str], None] | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(settings) as (address, following):
        log.info("serving", address=address)
        if started is not None:
            started(address)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, following}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if following.done():
            log.error("the topic is no longer followed", why=repr(following.exception()))
            return FAILED
        log.info("stopping")
    return 0


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[str, "asyncio.Task[None]"]]:
    """A running server: its address, and the task that follows the topic, which ends only by a fault.

    Raises FeedError as `run` does.
    """
    metrics = FeedMetrics()
    try:
        window = Window(settings.feed.database, settings.feed.window, settings.feed.window_bytes)
    except WindowError as error:
        raise FeedError(str(error)) from None
    follower = Follower(Source(settings.kafka, settings.topics.articles, metrics), window, Bell(), metrics)
    site = Site(follower, settings.feed, metrics)
    try:
        async with follower.connected_to() as admin, _listening(site, settings.feed, metrics) as address:
            await follower.rebuild()
            site.built = True
            async with follower.source.consumer(reset="none") as consumer:
                following = asyncio.create_task(follower.run(admin, consumer))
                try:
                    yield address, following
                finally:
                    site.streams.stop()
                    await _end(following)
    except SourceError as error:
        raise FeedError(str(error)) from None
    finally:
        window.close()


async def _end(task: "asyncio.Task[None]") -> None:
    """Cancelled until it is: a library below may take one cancellation for itself."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)


@contextlib.asynccontextmanager
async def _listening(site: Site, settings: FeedSettings, metrics: FeedMetrics) -> AsyncIterator[str]:
    terms = Terms(settings.clients + OTHERS, send_seconds=settings.send_timeout, header_bytes=MAX_HEADER)
    host, port = settings.host, settings.port
    try:
        listener = await listen(site.application(), host, port, terms, metrics.dropped.inc)
    except OSError as error:
        raise FeedError(f"cannot listen on {host} port {port}: {why_not(error)}") from None
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{listener.port}"
    finally:
        await listener.close()
