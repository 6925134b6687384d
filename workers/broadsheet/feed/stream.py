"""`/stream`: the articles as Server-Sent Events. Each event's id is the position after it, so that a cut can be mended.

A stream holds no queue: it holds a position and reads on from the window, or from Kafka where the window has moved
past it. A slow reader thus costs one batch; one that stands still is dropped (by the listener) and may resume.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import orjson
import structlog
from aiohttp import web

from broadsheet.feed.entry import Entry
from broadsheet.feed.follow import Follower
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.position import Position, encode
from broadsheet.feed.sending import SLICE_BYTES, Sending
from broadsheet.feed.source import SourceError
from broadsheet.feed.window import Filter
from broadsheet.runtime.settings import FeedSettings

log = structlog.get_logger(__name__)

BATCH_ENTRIES = 100
BATCH_BYTES = 256 * 1024
"""How much is taken from the window at once, and so how much a slow reader can hold in memory; a larger record is
shared by all that send it."""
RETRY_MS = 2000
"""How long a browser waits before it connects again."""
REPLAYS = 8
"""Streams that may read from Kafka at once, from before the window; others wait their turn."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader of the stream asked for, and what of an entry it gets."""

    wanted: Filter
    shown: Literal["card", "value"]


@dataclass(slots=True)
class _Reader:
    """One open stream: its connection, what it wants, and how far it is."""

    response: web.StreamResponse
    wish: Wish
    position: dict[int, int]
    wrote_at: float | None = None
    """When something was last written that told the reader its position; a monotonic time."""


class Streams:
    """All open streams of the server."""

    def __init__(self, follower: Follower, settings: FeedSettings, metrics: FeedMetrics, sending: Sending) -> None:
        self._follower, self._settings, self._metrics = follower, settings, metrics
        self._window = follower.window
        self._replays = asyncio.Semaphore(REPLAYS)
        self._sending = sending
        self._open = 0
        self._stopping = False

    def full(self) -> bool:
        """Whether another stream would be one too many."""
        return self._open >= self._settings.clients

    def stop(self) -> None:
        """End all streams; their readers can resume."""
        self._stopping = True
        self._follower.bell.ring()

    async def serve(self, request: web.Request, wish: Wish, after: Position | None) -> web.StreamResponse:
        """Stream from the position on, or from now where there is none, until the reader leaves or the server stops."""
        response = web.StreamResponse(headers=HEADERS)
        response.content_type, response.charset = "text/event-stream", "utf-8"
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        self._count(1)
        try:
            reader = _Reader(response, wish, await self._place(after))
            await self._run(reader)
        except ConnectionError:
            log.debug("stream left by its reader", reader=request.remote)
        except SourceError as error:
            log.warning("stream cut: Kafka is away and the window no longer holds what it missed", why=str(error))
        finally:
            self._count(-1)
        return response

    async def _run(self, reader: _Reader) -> None:
        await self._write(reader, b"retry: %d\n\n" % RETRY_MS)
        generation = self._follower.generation
        if self._is_ahead(reader.position):
            await self._replay(reader)
        while not self._stopping and generation == self._follower.generation:
            bell = self._follower.bell.next
            if not self._window.covers(reader.position):
                await self._replay(reader)
            elif entries := await self._next(reader):
                await self._send(reader, entries)
            else:
                self._catch_up(reader)
                await self._wait(reader, bell)

    async def _place(self, after: Position | None) -> dict[int, int]:
        """Where to begin; of what a reader says only the partitions that there are."""
        if after is None:
            return dict(self._window.position)
        known = await self._follower.partitions(after)
        return {partition: place for partition, place in after.items() if partition in known}

    async def _next(self, reader: _Reader) -> list[Entry]:
        await self._sending.slice()
        return self._window.after(reader.position, BATCH_ENTRIES, BATCH_BYTES)

    def _is_ahead(self, position: Position) -> bool:
        known = self._window.position
        return any(place > known.get(partition, -1) for partition, place in position.items())

    def _catch_up(self, reader: _Reader) -> None:
        """Nothing is left to send: what stands between the last entry and the window's end is of no interest."""
        for partition, place in self._window.position.items():
            reader.position[partition] = max(place, reader.position.get(partition, 0))

    async def _wait(self, reader: _Reader, bell: asyncio.Event) -> None:
        """Until the bell rings, with a sign of life after a while. A new reader is told its position at once."""
        if reader.wrote_at is None:
            await self._say_position(reader)
        try:
            async with asyncio.timeout(self._settings.heartbeat):
                await bell.wait()
        except TimeoutError:
            await self._say_position(reader)

    async def _say_position(self, reader: _Reader) -> None:
        """An id without data sets the reader's last id and is no event."""
        await self._write(reader, b": heartbeat\nid: %b\n\n" % encode(reader.position).encode())
        reader.wrote_at = time.monotonic()

    async def _send(self, reader: _Reader, entries: Iterable[Entry]) -> None:
        frames: list[bytes] = []
        for entry in entries:
            reader.position[entry.partition] = entry.offset + 1
            if reader.wish.wanted.passes(entry):
                frames += _frame(entry, reader)
        if frames:
            await self._write(reader, *frames)
            reader.wrote_at = time.monotonic()
        elif time.monotonic() - (reader.wrote_at or 0.0) > self._settings.heartbeat:
            await self._say_position(reader)

    async def _write(self, reader: _Reader, *frames: bytes) -> None:
        """Small frames together, a large one in slices, as the reader takes them."""
        small: list[bytes] = []
        for frame in frames:
            if len(frame) < SLICE_BYTES:
                small.append(frame)
                continue
            await reader.response.write(b"".join(small))
            small.clear()
            await self._sending.in_slices(reader.response, frame)
        await reader.response.write(b"".join(small))

    async def _replay(self, reader: _Reader) -> None:
        """From Kafka until the window takes over; tells of records that Kafka no longer has. Raises SourceError."""
        async with self._turn(reader), self._follower.source.consumer(reset="earliest") as consumer:
            self._metrics.replays.inc()
            bounds = await self._follower.source.ends(consumer, self._window.position)
            for gap in _gaps(reader.position, bounds):
                await self._write(reader, *_event(b"gap", reader.position, orjson.dumps(gap)))
            ranges = {p: (reader.position[p], end) for p, (_, end) in bounds.items()}
            async with aclosing(self._follower.source.read(consumer, ranges)) as batches:
                async for entries in batches:
                    await self._send(reader, entries)
                    if self._window.covers(reader.position) or self._stopping:
                        return
            reader.position.update({p: max(end, reader.position[p]) for p, (_, end) in ranges.items()})

    @asynccontextmanager
    async def _turn(self, reader: _Reader) -> AsyncIterator[None]:
        while True:
            try:
                async with asyncio.timeout(self._settings.heartbeat):
                    await self._replays.acquire()
                break
            except TimeoutError:
                await self._say_position(reader)
        try:
            yield
        finally:
            self._replays.release()

    def _count(self, change: int) -> None:
        self._open += change
        self._metrics.streams.set(self._open)


def _event(name: bytes, position: Position, data: bytes) -> tuple[bytes, bytes, bytes]:
    return b"event: %b\nid: %b\ndata: " % (name, encode(position).encode()), data, b"\n\n"


def _frame(entry: Entry, reader: _Reader) -> tuple[bytes, bytes, bytes]:
    if entry.value is None:
        return _event(b"withdrawn", reader.position, orjson.dumps({"id": entry.id}))
    data = entry.card if reader.wish.shown == "card" else entry.value
    return _event(b"article", reader.position, data)


def _gaps(position: dict[int, int], bounds: Mapping[int, tuple[int, int]]) -> list[dict[str, int]]:
    """Put a position into the log where it stands outside it; what was jumped over, by partition.

    Before the log: Kafka has deleted records that the reader had not read. Behind its end: the log was made anew.
    """
    gaps = []
    for partition, (first, end) in bounds.items():
        place = position.setdefault(partition, first)
        if not first <= place <= end:
            position[partition] = first
            gaps.append({"partition": partition, "from": place, "to": first})
    return gaps
