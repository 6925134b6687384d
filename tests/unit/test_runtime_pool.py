"""Children that can be killed: deadlines, memory, death at work and at rest; and the pool goes on after each."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from broadsheet.errors import Reason
from broadsheet.options import Options
from broadsheet.runtime.children import pool as pools
from broadsheet.runtime.children.pool import Ending, Pool, PoolError, PoolLimits
from broadsheet.runtime.children.results import Read, Unread
from broadsheet.values import RawPage

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORK = "tests.faults.work:work_page"
LIMITS = PoolLimits(children=2, timeout=2.0, memory=60_000_000, cpu=30.0)
LONG = PoolLimits(children=2, timeout=300.0, memory=100_000_000, cpu=30.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both() -> Any:
    """Two pools for all tests here, and what has ended in them."""
    ended: list[Ending] = []
    pools = (Pool(WORK, LIMITS, 2, ended.append), Pool(WORK, LONG, 2, ended.append))
    yield *pools, ended
    for pool in pools:
        pool.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def pool(both: Any) -> Any:
    await both[0].warm()
    return both[0]


@pytest_asyncio.fixture(loop_scope="module")
async def patient(both: Any) -> Any:
    """Its deadline never comes."""
    await both[1].warm()
    return both[1]


@pytest.fixture
def ended(both: Any) -> Any:
    both[2].clear()
    return both[2]


async def work(pool: Pool, **asked: Any) -> Any:
    return await asked_of(pool, asked)


async def asked_of(pool: Pool, asked: dict[str, Any], started: Callable[[], None] = lambda: None) -> Any:
    page = RawPage(json.dumps({"id": "p", **asked}).encode())
    return await pool.run(page, Options(), datetime(2026, 1, 1, tzinfo=UTC), started=started)


async def begun(pool: Pool, **asked: Any) -> "asyncio.Task[Any]":
    """The page's work, when a child has been given it."""
    given = asyncio.Event()
    task = asyncio.create_task(asked_of(pool, asked, given.set))
    await given.wait()
    return task


async def test_gives_what_the_work_gives(pool: Pool) -> None:
    read = await work(pool, articles=2)
    assert isinstance(read, Read)
    assert [key for key, _ in read.articles] == [b"p#0", b"p#1"]
    fault = await asked_of(pool, {"raise": "a fault of ours"})
    assert fault.reason is Reason.INTERNAL_ERROR
    assert "ValueError: a fault of ours" in fault.detail


async def test_pages_and_answers_larger_than_a_pipe(patient: Pool) -> None:
    pads = ["x" * size for size in (0, 70_000, 3_000_000, 1, 4_000_000)]
    results = await asyncio.gather(*[work(patient, articles=1, pad=pad) for pad in pads])
    assert [json.loads(read.articles[0][1])["pad"] for read in results] == pads


async def test_deadline_memory_and_death(pool: Pool, ended: list[Ending], tmp_path: Path) -> None:
    results = await asyncio.gather(
        work(pool, sleep=60),
        work(pool, die=True),
        work(pool, memory=1_000_000_000),
        work(pool, die_once=str(tmp_path / "died"), articles=1),
        work(pool, pad="x" * 80_000_000),
        *[work(pool, articles=1) for _ in range(5)],
    )
    assert results[:2] == [Ending.TIMEOUT, Ending.CRASHED]
    assert isinstance(results[2], Unread)
    assert isinstance(results[4], Unread)
    assert results[2].reason is results[4].reason is Reason.OUT_OF_MEMORY
    assert all(isinstance(result, Read) for result in (results[3], *results[5:]))
    assert sorted(ending.value for ending in ended) == ["crashed", "timeout"]


async def test_children_killed_at_rest_are_replaced(pool: Pool) -> None:
    before = pool.pids()
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    results = await asyncio.gather(*[work(pool, articles=1) for _ in range(4)])
    assert all(isinstance(result, Read) for result in results)
    await pool.warm()
    assert len(pool.pids()) == 2
    assert not set(before) & set(pool.pids())


async def test_a_page_given_up_does_not_kill_its_child(patient: Pool, tmp_path: Path) -> None:
    now, before = tmp_path / "now", patient.pids()
    tasks = [await begun(patient, until=str(now)) for _ in range(2)]
    for task in tasks:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True))
    now.touch()
    assert all(isinstance(read, Read) for read in await asyncio.gather(*[work(patient) for _ in range(6)]))
    assert patient.pids() == before


async def test_a_slow_page_holds_up_no_other(patient: Pool, tmp_path: Path) -> None:
    """Not even those that were given to its child before it turned out slow."""
    now = tmp_path / "now"
    slow = asyncio.create_task(work(patient, until=str(now), articles=1))
    others = await asyncio.gather(*[work(patient, articles=1) for _ in range(50)])
    assert all(isinstance(read, Read) for read in others)
    assert not slow.done()
    now.touch()
    assert isinstance(await slow, Read)
    assert all(isinstance(read, Read) for read in await asyncio.gather(*[work(patient) for _ in range(6)]))


async def test_a_page_at_hand_outlives_the_child_before_it(patient: Pool, ended: list[Ending]) -> None:
    """It stands in the dead child's pipe, and is to blame for nothing."""
    pages: list[dict[str, Any]] = [{"die": True}, {"die": True}, *[{"articles": 1}] * 20]
    results = await asyncio.gather(*[asked_of(patient, page) for page in pages])
    assert results[:2] == [Ending.CRASHED, Ending.CRASHED]
    assert all(isinstance(read, Read) for read in results[2:])


async def test_a_child_is_replaced_after_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "PAGES_PER_CHILD", 3)
    ended: list[Ending] = []
    pool = Pool(WORK, LONG, 2, ended.append)
    await pool.warm()
    before = pool.pids()
    results = await asyncio.gather(*[work(pool, articles=1) for _ in range(12)])
    await pool.warm()
    assert all(isinstance(read, Read) for read in results)
    assert set(before) - set(pool.pids())
    assert not ended
    pool.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
async def test_the_server_of_children_killed(patient: Pool, tmp_path: Path) -> None:
    """Its children count as dead: none of them may go on beside those that take their place."""
    before, now = [psutil.Process(pid) for pid in patient.pids()], tmp_path / "now"
    at_work = [await begun(patient, until=str(now), articles=1) for _ in range(4)]
    before[0].parent().kill()  # type: ignore[union-attr]
    now.touch()
    assert all(isinstance(result, Read) for result in await asyncio.gather(*at_work))
    assert psutil.wait_procs(before, timeout=5)[1] == []


async def test_stopped_it_leaves_no_process(tmp_path: Path) -> None:
    pool = Pool(WORK, LONG)
    await pool.warm()
    task = await begun(pool, until=str(tmp_path / "never"))
    there = psutil.Process(pool.pids()[0])
    server = there.parent()
    assert server is not None
    pool.stop()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not there.is_running()
    assert not server.is_running()


@pytest.mark.parametrize("work_name", ["broadsheet.nowhere:work_page", "tests.faults.work:no_such_work"])
async def test_children_that_cannot_be_started_are_nobodys_page(
    work_name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pool = Pool(work_name, LIMITS)
    page = asyncio.create_task(work(pool))
    with pytest.raises(PoolError, match="children"):
        await pool.warm()
    with pytest.raises(PoolError):
        await page
    pool.stop()
    assert "Traceback" not in capfd.readouterr().err
