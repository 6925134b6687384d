"""The feed server's life: connect, listen, build the window, follow until told to stop, leave."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable

import structlog
from aiohttp import web

from broadsheet.feed.follow import Bell, Follower
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.site import MAX_HEADER, Site
from broadsheet.feed.source import Source, SourceError
from broadsheet.feed.window import Window, WindowError
from broadsheet.runtime.logs import configure
from broadsheet.runtime.settings import Settings

log = structlog.get_logger(__name__)

FAILED = 70
"""Exit code after a fault (sysexits.h: internal software error)."""

LEAVE_SECONDS = 3.0
"""For requests under way to end, once the streams have."""


class FeedError(Exception):
    """The feed server cannot start; one plain line."""


def run(settings: Settings, started: Callable[[str], None] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, then return 0; FAILED after a fault. `started` is told the address once it serves.

    Raises FeedError where Kafka, the topic, the port or the window's file cannot be used.
    """
    configure(settings.log)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # else several lines a second while a broker is away
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
        async with follower.connected_to() as admin, _listening(site, settings) as address:
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
async def _listening(site: Site, settings: Settings) -> AsyncIterator[str]:
    runner = web.AppRunner(
        site.application(),
        max_field_size=MAX_HEADER,
        max_line_size=MAX_HEADER,
        access_log=None,
        handler_cancellation=True,  # a stream whose reader has gone ends at once, not at its next event
        shutdown_timeout=LEAVE_SECONDS,
    )
    await runner.setup()
    host, port = settings.feed.host, settings.feed.port
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            # asyncio wraps the system's words in its own; a name that is not found has only its own
            number = error.errno or 0
            why = os.strerror(number) if number > 0 else str(error)
            raise FeedError(f"cannot listen on {host} port {port}: {why}") from None
        port = runner.addresses[0][1]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()
