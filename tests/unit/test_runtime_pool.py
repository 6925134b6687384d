"""Children that can be killed: deadline, memory, death at work and at rest; and the pool goes on after each."""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from broadsheet.options import Options
from broadsheet.runtime.pool import Ending, Pool, PoolLimits
from broadsheet.runtime.results import Read
from broadsheet.values import RawPage

WORK = "tests.faults.work:work_page"


@pytest.fixture
def ended() -> list[Ending]:
    return []


@pytest.fixture
async def pool(ended: list[Ending]) -> Any:
    pool = Pool(WORK, PoolLimits(2, 1.0, 100_000_000), 2, ended.append)
    await pool.warm()
    yield pool
    pool.stop()


async def work(pool: Pool, **asked: Any) -> Any:
    page = RawPage(json.dumps({"id": "p", **asked}).encode())
    return await pool.run(page, Options(), datetime(2026, 1, 1, tzinfo=UTC))


async def test_gives_what_the_work_gives(pool: Pool) -> None:
    read = await work(pool, articles=2)
    assert isinstance(read, Read)
    assert [key for key, _ in read.articles] == [b"p#0", b"p#1"]
    with pytest.raises(ValueError, match="a fault of ours"):
        await work(pool, **{"raise": "a fault of ours"})


async def test_deadline_memory_and_death(pool: Pool, ended: list[Ending], tmp_path: Path) -> None:
    results = await asyncio.gather(
        work(pool, sleep=60),
        work(pool, die=True),
        work(pool, memory=1_000_000_000),
        work(pool, die_once=str(tmp_path / "died"), articles=1),
        *[work(pool, articles=1) for _ in range(5)],
        return_exceptions=True,
    )
    assert results[:2] == [Ending.TIMEOUT, Ending.CRASHED]
    assert isinstance(results[2], MemoryError)
    assert all(isinstance(result, Read) for result in results[3:])
    assert set(ended) == {Ending.CRASHED, Ending.TIMEOUT}


async def test_children_killed_at_rest_are_replaced(pool: Pool) -> None:
    before = pool.pids()
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    results = await asyncio.gather(*[work(pool, articles=1) for _ in range(4)])
    assert all(isinstance(result, Read) for result in results)
    assert not set(before) & set(pool.pids())


async def test_a_page_given_up_does_not_kill_its_child(pool: Pool) -> None:
    task = asyncio.create_task(work(pool, sleep=0.3))
    await asyncio.sleep(0.05)
    before = pool.pids()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.gather(*[work(pool) for _ in range(6)])
    assert pool.pids() == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
async def test_the_server_of_children_killed(pool: Pool) -> None:
    """Its children count as dead: none of them may go on beside those that take their place."""
    before = [psutil.Process(pid) for pid in pool.pids()]
    at_work = [asyncio.create_task(work(pool, sleep=0.3, articles=1)) for _ in range(4)]
    await asyncio.sleep(0.1)
    psutil.Process(before[0].ppid()).kill()
    assert all(isinstance(result, Read) for result in await asyncio.gather(*at_work))
    assert psutil.wait_procs(before, timeout=5)[1] == []
