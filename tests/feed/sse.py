"""A reader of Server-Sent Events as the standard has them (html.spec.whatwg.org, 9.2.6), for the tests."""

import asyncio
from typing import Any

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

DEADLINE = 30.0
ENDED = ("ended", None)


class Listener:
    """An open stream. `last_id` is what a browser would say in Last-Event-ID once it has read all events taken."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_id = ""
        self._newest_id = ""
        self._events: asyncio.Queue[tuple[str, str, Any]] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    async def take(self, count: int) -> list[str]:
        """The ids of the next so many articles; other events must not come between."""
        events = [await self.next() for _ in range(count)]
        assert {name for name, _ in events} == {"article"}, events
        return [data["id"] for _, data in events]

    async def next(self) -> tuple[str, Any]:
        """The next event: its name and data. ENDED where the server ended the stream."""
        name, self.last_id, data = await asyncio.wait_for(self._events.get(), DEADLINE)
        return name, data

    async def position(self, wanted: str | None = None) -> str:
        """Where the stream stands, once it says so (once it says `wanted`), while no event comes."""
        deadline = asyncio.get_running_loop().time() + DEADLINE
        while not self._newest_id or wanted not in (None, self._newest_id):
            assert self._events.empty(), "an event came"
            assert asyncio.get_running_loop().time() < deadline, self._newest_id
            await asyncio.sleep(0.01)
        self.last_id = self._newest_id
        return self.last_id

    def cut(self) -> None:
        """Close the connection as a lost network does."""
        self._reading.cancel()
        self.response.close()

    async def _read(self) -> None:
        name, data = "message", list[str]()
        said = ""
        try:
            async for line in self.response.content:
                key, _, value = line.decode().rstrip("\n").partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    data.append(value)
                elif key == "id":
                    said = value
                elif line == b"\n":
                    self._newest_id = said
                    if data:
                        self._events.put_nowait((name, said, orjson.loads("\n".join(data))))
                    name, data = "message", []
        except ClientError:
            pass
        self._events.put_nowait((ENDED[0], said, ENDED[1]))


async def listen(session: ClientSession, address: str, last_id: str | None = None, query: str = "") -> Listener:
    """Open the stream, as a browser does that knows `last_id`."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    response = await session.get(f"{address}/stream{query}", headers=headers, timeout=ClientTimeout(total=None))
    assert response.status == 200, await response.text()
    assert response.content_type == "text/event-stream"
    return Listener(response)
