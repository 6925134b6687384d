"""Reads inputs in a thread, so that a slow pipe stops neither the sending of what was read nor Ctrl-C."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

from broadsheet.inputs import Input

_AHEAD = 4
"""Pages read ahead; each may be as large as the limits allow."""


async def read_ahead(pages: Iterator[Input]) -> AsyncIterator[Input]:
    """The same pages in the same order. What reading raises is raised here."""
    loop = asyncio.get_running_loop()
    read: asyncio.Queue[Input | BaseException | None] = asyncio.Queue()
    room = threading.Semaphore(_AHEAD)

    def put(item: Input | BaseException | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(read.put_nowait, item)

    def run() -> None:
        try:
            for page in pages:
                room.acquire()
                put(page)
            put(None)
        except BaseException as error:
            put(error)

    # a daemon: nobody can end a read of a pipe, and the process must not wait for it
    threading.Thread(target=run, name="read-ahead", daemon=True).start()
    while (item := await read.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        room.release()
        yield item
