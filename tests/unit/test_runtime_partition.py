"""A partition publishes the finished head in order, whatever order pages finish in; closing loses no order."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from faust.types import TP

from broadsheet.runtime.delivery.partition import Batching, Outputs, Partition, Slot
from broadsheet.runtime.delivery.protocol import Lost, Output
from broadsheet.runtime.delivery.room import Room

PLACE = TP("pages", 0)


class Recorder:
    """A publisher that keeps what it is given."""

    def __init__(self, fail: Exception | None = None) -> None:
        self.batches: list[tuple[list[bytes], int]] = []
        self.fail = fail
        self.stopped = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self) -> None: ...

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        await self.gate.wait()
        if self.fail is not None:
            raise self.fail
        self.batches.append(([output.value for output in outputs], next_offset))

    async def stop(self) -> None:
        self.stopped = True

    @property
    def values(self) -> list[bytes]:
        return [value for values, _ in self.batches for value in values]


class Bench:
    """A partition with pages that finish when they are told to."""

    def __init__(self, fail: Exception | None = None, batching: Batching | None = None) -> None:
        self.publisher = Recorder(fail)
        self.room = Room(100, 1_000_000)
        self.faults: list[BaseException] = []
        self.pages: dict[int, asyncio.Future[Outputs]] = {}
        self.part = Partition(
            PLACE,
            1,
            0,
            self.publisher,
            batching=batching or Batching(0.0, 100, 1_000_000),
            room=self.room,
            on_fault=self.faults.append,
        )

    def add(self, *offsets: int, started: bool = True) -> None:
        for offset in offsets:
            future: asyncio.Future[Outputs] = asyncio.get_running_loop().create_future()
            self.pages[offset] = future
            self.part.add(offset, self._begin(future, started))

    def _begin(self, future: "asyncio.Future[Outputs]", started: bool) -> Callable[[Slot], "asyncio.Task[Outputs]"]:
        async def wait(slot: Slot) -> Outputs:
            outputs = await future
            slot.size = sum(output.size for output in outputs)
            self.room.keep(slot.size)
            return outputs

        def begin(slot: Slot) -> "asyncio.Task[Outputs]":
            slot.started = slot.taken if started else None
            return asyncio.create_task(wait(slot))

        return begin

    def finish(self, *offsets: int) -> None:
        for offset in offsets:
            self.pages[offset].set_result((Output("articles", None, b"%d" % offset),))


async def soon(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - the partition tells nobody when it is done
            await asyncio.sleep(0.001)


async def test_pages_are_published_in_order_whatever_finishes_first() -> None:
    bench = Bench()
    bench.add(0, 1, 2, 3)
    bench.finish(2, 1, 3)
    await asyncio.sleep(0.01)
    assert bench.publisher.values == []
    bench.finish(0)
    await soon(lambda: len(bench.publisher.values) == 4)
    assert bench.publisher.values == [b"0", b"1", b"2", b"3"]
    assert bench.publisher.batches[-1][1] == 4
    await soon(lambda: bench.room.waiting == 0)


async def test_gaps_in_offsets_are_acknowledged_over() -> None:
    bench = Bench()
    bench.add(3, 7)
    bench.finish(3, 7)
    await soon(lambda: bench.publisher.values == [b"3", b"7"])
    assert bench.publisher.batches[-1][1] == 8


async def test_only_the_next_message_of_its_own_generation_is_wanted() -> None:
    bench = Bench()
    bench.add(5)
    assert bench.part.wants(1, 6)
    assert not bench.part.wants(1, 5)
    assert not bench.part.wants(2, 6)
    await bench.part.close(0.0, finish=False)
    assert not bench.part.wants(1, 6)


async def test_a_partition_goes_back_only_before_it_took_a_page() -> None:
    bench = Bench()
    bench.part.next = bench.part._begun_at = 120
    assert not bench.part.goes_back(1, 120)
    assert not bench.part.goes_back(0, 3), "of an old generation"
    assert bench.part.goes_back(1, 3)
    assert bench.part.begin_at(3)
    assert bench.part.wants(1, 3)
    bench.add(3)
    assert bench.part.goes_back(1, 3)
    assert not bench.part.begin_at(3)
    bench.part.abandon()


def test_company_is_waited_for_as_long_as_it_is_worth_it() -> None:
    batching = Batching(0.05, 100, 1_000_000)
    assert batching.due(10.0, 5.0, company=False, crowded=False) == 10.0, "a lone page after a quiet time"
    assert batching.due(10.0, 9.98, company=False, crowded=False) == pytest.approx(10.03), "one after another"
    assert batching.due(10.0, 5.0, company=True, crowded=False) == pytest.approx(10.05)
    assert batching.due(10.0, 9.98, company=True, crowded=True) == pytest.approx(10.5)


async def test_a_full_batch_waits_for_no_one() -> None:
    bench = Bench(batching=Batching(3_600.0, 2, 1_000_000))
    bench.room.pages = 100
    bench.add(0, 1, 2)
    bench.finish(0, 1)
    await soon(lambda: bench.publisher.values == [b"0", b"1"])
    bench.part.abandon()


@pytest.mark.parametrize("batching", [Batching(0.0, 2, 1_000_000), Batching(0.0, 100, 2)])
async def test_batches_are_bounded_by_pages_and_bytes(batching: Batching) -> None:
    bench = Bench(batching=batching)
    bench.add(*range(6))
    bench.finish(*reversed(range(6)))
    await soon(lambda: len(bench.publisher.values) == 6)
    assert max(len(values) for values, _ in bench.publisher.batches) <= 2
    assert bench.publisher.values == [b"%d" % n for n in range(6)]


async def test_a_stop_finishes_the_pages_at_work() -> None:
    bench = Bench()
    bench.add(0, 1)
    closing = asyncio.create_task(bench.part.close(5.0, finish=True))
    await asyncio.sleep(0.01)
    bench.finish(1, 0)
    await closing
    assert bench.publisher.batches == [([b"0", b"1"], 2)] or bench.publisher.values == [b"0", b"1"]
    assert bench.publisher.stopped


async def test_a_rebalance_leaves_pages_that_no_child_has_begun() -> None:
    bench = Bench()
    bench.add(0, 1)
    bench.add(2, started=False)
    bench.add(3)
    bench.finish(3, 0)
    closing = asyncio.create_task(bench.part.close(5.0, finish=False))
    await asyncio.sleep(0.01)
    bench.finish(1)
    await closing
    assert bench.publisher.values == [b"0", b"1"]
    await soon(lambda: bench.room.waiting == 0)


async def test_a_page_that_does_not_finish_in_time_is_left() -> None:
    bench = Bench()
    bench.add(0, 1)
    bench.finish(1)
    await bench.part.close(0.05, finish=True)
    assert bench.publisher.values == []
    assert bench.faults == []
    await soon(lambda: bench.room.waiting == 0)


async def test_a_fault_of_the_broker_ends_the_worker() -> None:
    bench = Bench(fail=RuntimeError("broker"))
    bench.add(0)
    bench.finish(0)
    await soon(lambda: bool(bench.faults))
    assert "broker" in str(bench.faults[0])


async def test_a_fault_while_closing_does_not() -> None:
    bench = Bench(fail=RuntimeError("broker"))
    bench.publisher.gate.clear()
    bench.add(0)
    bench.finish(0)
    closing = asyncio.create_task(bench.part.close(1.0, finish=True))
    await asyncio.sleep(0.01)
    bench.publisher.gate.set()
    await closing
    assert bench.faults == []


async def test_a_lost_partition_is_given_up_without_a_fault() -> None:
    bench = Bench(fail=Lost("another has it"))
    bench.add(0, 1)
    bench.finish(0)
    await soon(lambda: bench.part.lost_at is not None)
    assert bench.part.closed
    assert bench.faults == []
    assert not bench.part.slots


async def test_a_failed_page_work_ends_the_worker_and_acknowledges_nothing() -> None:
    bench = Bench()
    bench.add(0, 1)
    bench.pages[0].set_exception(RuntimeError("children"))
    bench.finish(1)
    await soon(lambda: bool(bench.faults))
    assert bench.publisher.batches == []
