"""Large answers: made one at a time, sent in slices, and never more of them in memory than a bound."""

import asyncio
import gzip
import time
from collections.abc import Iterator
from weakref import WeakSet

from aiohttp import web

from broadsheet.options import MEBIBYTE

SLICE_BYTES = 64 * 1024
"""What is given to a connection at once; a smaller answer is no large one."""
SLICE_SECONDS = 0.002
"""How long the making of an answer may hold the loop: about one article. /live may wait for 50 ms."""
MOST_BYTES = 64 * MEBIBYTE
"""Of answers that wait for their readers, all together."""
GZIP_LEVEL = 5
"""Half the time of level 6 and 2 % larger, on feeds of articles."""


class Large(web.StreamResponse):
    """An answer that is sent in slices, as its reader takes them."""

    def __init__(self, sending: "Sending", body: bytes, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        self.content_length = len(body)
        self.body = body
        self._sending = sending

    async def write_eof(self, data: bytes = b"") -> None:
        """Send all of it; to a HEAD nothing."""
        request = self._req
        try:
            if request is not None and request.method != "HEAD":
                await self._sending.in_slices(self, self.body)
            await super().write_eof(data)
        finally:
            self.body = b""


class Sending:
    """What one server sends. `turn` is held by the one large answer that is being made."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._slices = asyncio.Lock()
        self._sent: WeakSet[Large] = WeakSet()

    async def large(self, body: bytes, headers: dict[str, str], *, packed: bool) -> Large:
        """The answer, compressed if `packed`. Raises HTTPServiceUnavailable where too much waits for its readers."""
        if packed:
            # zlib lets the loop go on meanwhile
            body = await asyncio.get_running_loop().run_in_executor(None, _gzip, body)
            headers = {**headers, "Content-Encoding": "gzip"}
        if sum(len(one.body) for one in self._sent) + len(body) > MOST_BYTES:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"}, text="too many readers are slow")
        response = Large(self, body, headers)
        self._sent.add(response)
        return response

    async def slice(self) -> None:
        """Wait for one's turn to hold the loop for a moment: there is one of them a round, whoever asks."""
        async with self._slices:
            await asyncio.sleep(0)

    async def in_slices(self, response: web.StreamResponse, data: bytes) -> None:
        """Write it all, as its reader takes it and others have their turn."""
        whole = memoryview(data)
        for start in range(0, len(whole), SLICE_BYTES):
            await self.slice()
            await response.write(whole[start : start + SLICE_BYTES])


async def gathered(pieces: Iterator[bytes]) -> bytes:
    """The pieces together; others have their turn between them."""
    found, began = [], time.monotonic()
    for piece in pieces:
        found.append(piece)
        if time.monotonic() - began > SLICE_SECONDS:
            await asyncio.sleep(0)
            began = time.monotonic()
    return b"".join(found)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, GZIP_LEVEL, mtime=0)
