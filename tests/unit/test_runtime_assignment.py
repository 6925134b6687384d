"""Partitions through rebalances: fenced before positions are read, given back in time, nothing of an old generation."""

import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from broadsheet.runtime.delivery.assignment import Assignment, WentBack
from broadsheet.runtime.delivery.partition import Batching
from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.delivery.room import Room
from broadsheet.runtime.metrics import Metrics

ONE, TWO = TP("pages", 0), TP("pages", 1)


class Fake:
    """A publisher, and in `log` what was asked of all of them."""

    def __init__(self, tp: TP, scene: "Scene") -> None:
        self.tp = tp
        self.scene = scene

    async def start(self) -> None:
        self.scene.log.append(f"start {self.tp.partition}")
        await self.scene.may_start[self.tp].wait()
        if self.tp in self.scene.cannot_start:
            raise OSError("no broker")
        self.scene.log.append(f"started {self.tp.partition}")

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        self.scene.log.append(f"publish {self.tp.partition} to {next_offset}")

    async def stop(self) -> None:
        self.scene.log.append(f"stop {self.tp.partition}")


class Scene:
    """An Assignment among fakes; it is the group as well."""

    def __init__(self, *tps: TP, window: int = 100) -> None:
        self.tps = tps
        self.log: list[str] = []
        self.faults: list[BaseException] = []
        self.cannot_start: set[TP] = set()
        self.may_start = {tp: asyncio.Event() for tp in tps}
        self.may_begin = asyncio.Event()
        self.may_begin.set()
        self.may_finish = asyncio.Event()
        self.epoch = 1
        self.room = Room(window, 1_000_000)
        for event in self.may_start.values():
            event.set()
        self.assignment = Assignment(
            self,
            lambda tp: Fake(tp, self),
            self.work,
            room=self.room,
            batching=Batching(0.0, 100, 1_000_000),
            metrics=Metrics(),
            on_fault=self.faults.append,
            may_take=self.take,
        )

    def generation(self) -> int:
        return self.epoch

    def assigned(self) -> set[TP]:
        return set(self.tps)

    async def positions(self) -> dict[TP, int]:
        self.log.append("positions")
        return dict.fromkeys(self.tps, 10)

    def hold(self, tp: TP) -> None:
        self.log.append(f"hold {tp.partition}")

    def let_go(self, tp: TP) -> None:
        self.log.append(f"let go {tp.partition}")

    async def work(self, message: Any, started: Callable[[], None]) -> tuple[Output, ...]:
        await self.may_begin.wait()
        started()
        await self.may_finish.wait()
        return (Output("articles", None, b"%d" % message.offset),)

    async def take(self) -> None: ...

    async def submit(self, offset: int, tp: TP = ONE, generation: int = 1) -> None:
        message = SimpleNamespace(
            tp=tp, topic=tp.topic, partition=tp.partition, offset=offset, generation_id=generation,
            value=b"page", key=None, headers=(),
        )  # fmt: skip
        await self.assignment.submit(message)

    def published(self) -> list[str]:
        return [line for line in self.log if line.startswith("publish")]


async def soon(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)


async def test_positions_are_read_when_every_earlier_owner_is_fenced() -> None:
    scene = Scene(ONE, TWO)
    scene.may_start[TWO].clear()
    opening = asyncio.create_task(scene.assignment.opened())
    await soon(lambda: "started 0" in scene.log)
    assert "positions" not in scene.log
    assert not scene.assignment.ready
    scene.may_start[TWO].set()
    await opening
    assert scene.log.index("started 1") < scene.log.index("positions")
    assert scene.assignment.ready


@pytest.mark.parametrize("by", ["revocation", "generation"])
async def test_what_was_taken_back_while_it_was_opened_is_let_go(by: str) -> None:
    scene = Scene(ONE)
    scene.may_start[ONE].clear()
    opening = asyncio.create_task(scene.assignment.opened())
    await soon(lambda: "start 0" in scene.log)
    if by == "revocation":
        await scene.assignment.revoked()
    else:
        scene.epoch = 2
    scene.may_start[ONE].set()
    await opening
    assert scene.assignment.partitions == {}
    assert not scene.assignment.ready
    assert scene.log[-1] == "stop 0"
    assert scene.faults == []


@pytest.mark.parametrize("taken_back", [False, True])
async def test_one_that_cannot_start_takes_the_others_with_it(*, taken_back: bool) -> None:
    scene = Scene(ONE, TWO)
    scene.cannot_start = {ONE}
    for event in scene.may_start.values():
        event.clear()
    opening = asyncio.create_task(scene.assignment.opened())
    await soon(lambda: len(scene.log) == 2)
    if taken_back:
        await scene.assignment.revoked()
    scene.may_start[ONE].set()
    await opening
    scene.may_start[TWO].set()
    await asyncio.sleep(0.01)
    assert "started 1" not in scene.log, "it would fence whoever owns the partition by now"
    assert {"stop 0", "stop 1"} <= set(scene.log)
    assert [str(fault) for fault in scene.faults] == ([] if taken_back else ["no broker"])


async def test_pages_of_another_generation_or_of_before_are_dropped() -> None:
    scene = Scene(ONE)
    await scene.assignment.opened()
    scene.may_finish.set()
    await scene.submit(10, generation=0)
    await scene.submit(10, tp=TWO)
    assert scene.room.pages == 0
    await scene.submit(10)
    await soon(lambda: scene.published() == ["publish 0 to 11"])


async def test_a_page_that_waits_for_room_is_dropped_when_its_partition_goes() -> None:
    scene = Scene(ONE, window=1)
    await scene.assignment.opened()
    await scene.submit(10)
    waiting = asyncio.create_task(scene.submit(11))
    await asyncio.sleep(0.01)
    closing = asyncio.create_task(scene.assignment.revoked())
    await asyncio.sleep(0.01)
    scene.may_finish.set()
    await asyncio.gather(waiting, closing)
    assert scene.published() == ["publish 0 to 11"]
    assert (scene.room.pages, scene.room.size, scene.room.waiting) == (0, 0, 0)
    assert scene.log.index("publish 0 to 11") < scene.log.index("stop 0")


async def test_what_comes_from_further_back_is_followed_only_by_one_just_opened() -> None:
    scene = Scene(ONE)
    await scene.assignment.opened()
    scene.may_finish.set()
    await scene.submit(3)
    await soon(lambda: scene.published() == ["publish 0 to 4"])
    assert scene.faults == []
    await scene.submit(0)
    assert [type(fault) for fault in scene.faults] == [WentBack]
    await asyncio.sleep(0.01)
    assert scene.published() == ["publish 0 to 4"]


async def test_a_partition_with_a_slow_page_is_held_and_let_go() -> None:
    scene = Scene(ONE, TWO, window=2)
    await scene.assignment.opened()
    slots = scene.assignment.partitions[ONE].slots
    scene.room.pages_bound = 2
    for offset in range(10, 12):
        await scene.submit(offset)
    assert "hold 0" not in scene.log
    scene.room.pages = 0  # as though they were finished behind a slow one
    await scene.submit(12)
    assert "hold 0" in scene.log
    scene.room.pages = 3
    scene.may_finish.set()
    await soon(lambda: "let go 0" in scene.log)
    assert not slots


async def test_when_a_child_takes_a_page_is_known() -> None:
    """The watchdog counts from then: before, the page waits for others."""
    scene = Scene(ONE)
    await scene.assignment.opened()
    scene.may_begin.clear()
    await scene.submit(10)
    (slot,) = scene.assignment.partitions[ONE].slots
    await asyncio.sleep(0.01)
    assert slot.started is None
    before = scene.assignment.started_at
    scene.may_begin.set()
    await soon(lambda: slot.started is not None)
    assert slot.started == scene.assignment.started_at > before
    scene.assignment.abandon()


async def test_a_stop_publishes_what_is_at_work() -> None:
    scene = Scene(ONE)
    await scene.assignment.opened()
    await scene.submit(10)
    await scene.submit(11)
    draining = asyncio.create_task(scene.assignment.drained(5.0))
    await asyncio.sleep(0.01)
    assert not scene.assignment.ready
    scene.may_finish.set()
    await draining
    assert scene.published()[-1] == "publish 0 to 12"
    assert scene.log[-2:] == ["stop 0", "let go 0"]
