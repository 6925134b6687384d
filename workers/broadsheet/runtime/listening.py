"""The HTTP server of the feed and of a worker's health port: none of its clients holds it by being slow, odd or many.

A connection waits (for the head of a request) or is busy (with its answer). One that waits too long is closed, and so
is one whose reader takes too little. There are never more than the files of the process allow: where all places are
taken the one that waited longest gives way, and some places are kept from busy ones, so that /live is always answered.
"""

import asyncio
import os
import re
import resource
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)

ALWAYS = frozenset({"/live", "/ready", "/metrics"})
"""What is answered whoever else is there."""
IDLE_SECONDS = 75.0
"""How long a connection may stay between two requests; longer than common proxies keep theirs (60 s)."""
SLOWEST = 1024
"""Bytes a second that a reader must take while an answer waits for it: below the slowest mobile networks."""
FILES_KEPT = 96
"""Files for all but this server's connections: Kafka's connections (8 streams may read at once), children, logs."""
ACCEPTED_AT_ONCE = 32
"""Connections that the loop takes in one go, before any of them can be refused; well below FILES_KEPT."""
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?")
"""RFC 9110, 7.2 without percent signs and user names: no host that is asked for by name has them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a server asks of its clients: seconds for a head and for taking some of an answer, and how many may come."""

    connections: int
    head_seconds: float = 10.0
    send_seconds: float = 20.0
    header_bytes: int = 8 * 1024
    leave_seconds: float = 3.0


class Listener:
    """A server that listens; `port` is the one it got."""

    def __init__(self, runner: web.AppRunner, server: asyncio.Server) -> None:
        self._runner, self._server = runner, server
        self.port: int = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the port; requests under way may end within the terms' `leave_seconds`."""
        self._server.close()
        await self._runner.cleanup()


async def listen(
    app: web.Application, host: str, port: int, terms: Terms, dropped: Callable[[], None] = lambda: None
) -> Listener:
    """Serve the application. `dropped` is told of each reader that was too slow. Raises OSError where it cannot."""
    door = _Door(min(terms.connections, places()), terms, dropped)
    app.middlewares.append(_let_in)
    # a handler whose client has gone ends at once, not at its next write
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=terms.leave_seconds)
    await runner.setup()
    try:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(door, runner.server), host, port, backlog=ACCEPTED_AT_ONCE
        )
    except BaseException:
        await runner.cleanup()
        raise
    return Listener(runner, server)


def why_not(error: OSError) -> str:
    """The system's words for why it cannot listen: asyncio wraps them in its own."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error)


def places() -> int:
    """Connections that the limit of open files leaves room for."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1_000_000 if files == resource.RLIM_INFINITY else max(files - FILES_KEPT, files // 4, 1)


class _Door:
    """Who is in, in the order in which they began to wait."""

    def __init__(self, most: int, terms: Terms, dropped: Callable[[], None]) -> None:
        self.terms, self.dropped = terms, dropped
        self._most, self._most_busy = most, most - max(most // 8, 1)
        self._waiting: dict[_Connection, None] = {}
        self._busy: set[_Connection] = set()

    def wait(self, connection: "_Connection") -> None:
        self.leave(connection)
        if len(self._waiting) + len(self._busy) >= self._most:
            next(iter(self._waiting), connection).abort()
        self._waiting[connection] = None

    def is_full(self) -> bool:
        return len(self._busy) >= self._most_busy

    def work(self, connection: "_Connection") -> None:
        self.leave(connection)
        self._busy.add(connection)

    def leave(self, connection: "_Connection") -> None:
        self._waiting.pop(connection, None)
        self._busy.discard(connection)

    def waits(self, connection: "_Connection") -> bool:
        return connection in self._waiting


class _Connection(web.RequestHandler):
    """aiohttp's connection, with deadlines of its own."""

    def __init__(self, door: _Door, server: Any) -> None:
        most = door.terms.header_bytes
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_SECONDS,
            max_line_size=most,
            max_field_size=most,
        )
        self._door = door
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._unsent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._door.wait(self)
        self._arm("head", self._door.terms.head_seconds, self.abort)

    def data_received(self, data: bytes) -> None:
        if data and self._door.waits(self) and "head" not in self._timers:
            self._arm("head", self._door.terms.head_seconds, self.abort)
        super().data_received(data)

    def begin(self) -> bool:
        """A head has come. Whether there is room to work on what it asks for, beside what is always answered."""
        self._disarm("head")
        full = self._door.is_full()
        self._door.work(self)
        return not full

    def log_access(self, *_: Any) -> None:
        """aiohttp says that an answer is sent."""
        if self.transport is not None:
            self._door.wait(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        self._disarm("reader")
        super().resume_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        for name in list(self._timers):
            self._disarm(name)
        self._door.leave(self)
        super().connection_lost(exc)

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What is no HTTP is the client's fault: one answer, and no trace in the log."""
        if status >= 500:
            return super().handle_error(request, status, exc, message)
        response = web.Response(status=status, text="not a request that can be read\n")
        response.force_close()
        return response

    def abort(self) -> None:
        """Close at once, whatever waits to be sent."""
        if self.transport is not None:
            self.transport.abort()

    def _watch_reader(self) -> None:
        self._unsent = self.transport.get_write_buffer_size() if self.transport is not None else 0
        self._arm("reader", self._door.terms.send_seconds, self._look_at_reader)

    def _look_at_reader(self) -> None:
        taken = self._unsent - (self.transport.get_write_buffer_size() if self.transport is not None else 0)
        if taken >= SLOWEST * self._door.terms.send_seconds:
            self._watch_reader()
            return
        log.info("connection dropped: its reader is too slow")
        self._door.dropped()
        self.abort()

    def _arm(self, name: str, seconds: float, what: Callable[[], None]) -> None:
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, what)

    def _disarm(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()


@web.middleware
async def _let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Each request passes here first, but for what an application puts around it."""
    connection = request.protocol
    if isinstance(connection, _Connection) and not connection.begin() and request.path not in ALWAYS:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"}, text="too many connections are open")
    _check_host(request)
    return await handler(request)


def _check_host(request: web.Request) -> None:
    """Raises HTTPBadRequest for a Host that names none; only HTTP/1.0 may leave it out."""
    said = request.headers.getall("Host", [])
    if not said and request.version < (1, 1):
        return
    found = _HOST.fullmatch(said[0]) if len(said) == 1 else None
    if found is None or int(found[1] or 0) > 65535:
        raise web.HTTPBadRequest(text="the Host header names no host")
