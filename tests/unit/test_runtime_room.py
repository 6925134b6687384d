"""Back-pressure by pages and by bytes, and by records that wait."""

import asyncio

from broadsheet.runtime.delivery.room import Room


async def entered(room: Room, size: int) -> bool:
    """Whether there is room now."""
    task = asyncio.create_task(room.enter(size))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if not task.done():
        task.cancel()
    return task.done()


async def test_bounded_by_pages() -> None:
    room = Room(2, 1_000)
    assert await entered(room, 1)
    assert await entered(room, 1)
    assert not await entered(room, 1)
    room.leave(1)
    assert await entered(room, 1)


async def test_bounded_by_bytes() -> None:
    room = Room(10, 100)
    assert await entered(room, 60)
    assert not await entered(room, 60)
    assert await entered(room, 40)


async def test_a_page_larger_than_the_room_goes_in_alone() -> None:
    room = Room(10, 100)
    assert await entered(room, 500)
    assert not await entered(room, 1)
    room.leave(500)
    assert await entered(room, 1)
    assert not await entered(room, 500)


async def test_records_that_wait_hold_pages_back() -> None:
    room = Room(10, 100)
    room.keep(101)
    assert not await entered(room, 1)
    waiting = asyncio.create_task(room.enter(1))
    await asyncio.sleep(0)
    room.clear(101)
    await asyncio.wait_for(waiting, 5)
    assert room.pages == 1
