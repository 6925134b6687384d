"""The HTTP server of the feed and of the health port, and clients that are slow, odd or many."""

import asyncio
import logging
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from broadsheet.runtime.listening import FILES_KEPT, Terms, listen, places

LARGE = b"x" * 30_000_000
"""More than the system's buffers take of it."""
DEADLINE = 20.0
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Server:
    """An application that answers at once, with much, or not before it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.waiting = 0
        self.dropped = asyncio.Event()
        self.port = 0

    def application(self) -> web.Application:
        app = web.Application()
        for path, handler in (("/live", self._live), ("/large", self._large), ("/wait", self._wait)):
            app.router.add_get(path, handler)
        return app

    async def _live(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _large(self, _: web.Request) -> web.Response:
        return web.Response(body=LARGE)

    async def _wait(self, _: web.Request) -> web.Response:
        self.waiting += 1
        await self.go.wait()
        return web.Response(text="waited")

    async def connect(self, said: bytes) -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1024)
        writer.write(said)
        return reader, writer

    async def says(self, said: bytes) -> bytes:
        """All that is answered until the server closes the connection."""
        reader, _ = await self.connect(said)
        return await asyncio.wait_for(reader.read(), DEADLINE)


@asynccontextmanager
async def serving(**terms: float) -> AsyncIterator[Server]:
    server = Server()
    given = Terms(**{"connections": 64, "leave_seconds": 0.1, **terms})  # type: ignore[arg-type]
    listener = await listen(server.application(), "127.0.0.1", 0, given, server.dropped.set)
    server.port = listener.port
    try:
        yield server
    finally:
        server.go.set()
        await listener.close()


def get(path: str, *more: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *more, "", ""]).encode()


async def until(holds: Callable[[], Awaitable[bool] | bool]) -> None:
    deadline = asyncio.get_running_loop().time() + DEADLINE
    while not holds():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "said", [b"", b"G", b"GET /live HTTP/1.1\r\nHost: x\r\n", b"GET /live HTTP/1.1\r\nX: " + b"y" * 500]
)
async def test_a_connection_without_a_whole_head_is_closed(said: bytes) -> None:
    async with serving(head_seconds=0.2) as server:
        with suppress(ConnectionResetError):
            assert await server.says(said) == b""


async def test_a_second_head_that_is_begun_must_be_ended_too() -> None:
    async with serving(head_seconds=0.2) as server:
        reader, writer = await server.connect(get("/live"))
        assert b"200 OK" in await reader.readuntil(b"ok")
        writer.write(b"GET /li")
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await asyncio.wait_for(reader.readexactly(1), DEADLINE)


async def test_a_handler_may_take_longer_than_a_head() -> None:
    async with serving(head_seconds=0.1) as server:
        reader, _ = await server.connect(get("/wait"))
        begun = await server.connect(b"GET ")
        assert await asyncio.wait_for(_ended(*begun), DEADLINE)
        server.go.set()
        assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"waited"), DEADLINE)


async def _ended(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> bool:
    try:
        return await reader.read(1) == b""
    except ConnectionResetError:
        return True


async def test_half_requests_do_not_lock_others_out() -> None:
    async with serving(connections=16) as server:
        held = [await server.connect(b"GET / HTTP/1.1\r\n") for _ in range(60)]
        for _ in range(20):
            assert b"200 OK" in await server.says(get("/live", "Connection: close"))
        gone = [asyncio.create_task(_ended(*one)) for one in held]
        await until(lambda: sum(one.done() for one in gone) >= 60 - 16)
        for one in gone:
            one.cancel()


async def test_where_all_places_are_busy_live_is_answered_and_others_are_refused() -> None:
    async with serving(connections=16) as server:
        held = [await server.connect(get("/wait")) for _ in range(14)]
        await until(lambda: server.waiting == 14)
        refused = await server.says(get("/large", "Connection: close"))
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"Retry-After" in refused
        assert b"200 OK" in await server.says(get("/live", "Connection: close"))
        server.go.set()
        for reader, _ in held:
            assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"waited"), DEADLINE)


async def test_a_reader_that_takes_nothing_is_dropped() -> None:
    async with serving(send_seconds=0.3) as server:
        _, writer = await server.connect(get("/large"))
        await asyncio.wait_for(server.dropped.wait(), DEADLINE)
        writer.close()


async def test_a_reader_that_takes_its_time_is_not() -> None:
    async with serving(send_seconds=0.3) as server:
        reader, _ = await server.connect(get("/large", "Connection: close"))
        taken = 0
        while piece := await reader.read(64 * 1024):
            taken += len(piece)
        assert taken > len(LARGE)
        assert not server.dropped.is_set()


HOSTS = ["[", "", "x:y", "x:99999", "a b", "ü", "a/b", "user@x", "[::1", "x:", "%41", "a,b", "x" * 300, "[x]", "x\x01"]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_host_that_is_none_is_a_bad_request_and_no_trace(host: str, caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as server:
        said = f"GET /live HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        assert (await _first_line(server, said)).split()[1:2] == [b"400"]
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("host", ["x", "x:80", "[::1]:8070", "127.0.0.1:8070", "a_b.example", "EXAMPLE.org"])
async def test_a_host_is_answered(host: str) -> None:
    async with serving() as server:
        said = f"GET /live HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        assert (await _first_line(server, said)).split()[1:2] == [b"200"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /live HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),  # no Host
        (b"GET /live HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /live HTTP/1.0\r\n\r\n", b"200"),  # as a simple probe asks
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),  # TLS
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"GET /live HTTP/9.9\r\nHost: x\r\n\r\n", b"400"),
        (get("/live", "X: " + "y" * 100_000), b"400"),
        (get("/live", *(f"X{n}: y" for n in range(10_000))), b"400"),
        (get("/" + "y" * 100_000), b"400"),
        (get("/live", "Content-Length: -1"), b"400"),
        (get("/live", "Content-Length: 5", "Transfer-Encoding: chunked"), b"400"),
        (get("/live", "Transfer-Encoding: chunked") + b"ffffffffffffffffffff\r\n", b"400"),
    ],
)
async def test_what_is_no_http_has_one_answer_and_no_trace(
    said: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(head_seconds=2.0) as server:
        assert (await _first_line(server, said)).split()[1:2] == [status]
        assert b"200 OK" in await server.says(get("/live", "Connection: close"))
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


async def _first_line(server: Server, said: bytes) -> bytes:
    reader, _ = await server.connect(said)
    return await asyncio.wait_for(reader.readline(), DEADLINE)


async def test_requests_in_a_row_are_answered_in_a_row() -> None:
    async with serving() as server:
        answered = await server.says(get("/live") * 500 + get("/live", "Connection: close"))
        assert answered.count(b"HTTP/1.1 200 OK") == 501


def test_places_stay_below_the_limit_of_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, most in ((200, 200 - FILES_KEPT), (1_024, 1_024 - FILES_KEPT), (64, 16), (2, 1)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert places() == most
