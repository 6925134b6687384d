"""The breaker: pauses where the build is bad, not where pages are; tries again, and says why."""

import asyncio

import pytest

from broadsheet.runtime.pages.breaker import TRIAL, WINDOW, Breaker


class Build:
    """One that works or does not, and counts how often it was asked."""

    def __init__(self, works: bool = False) -> None:
        self.works = works
        self.asked = 0

    async def try_it(self) -> bool:
        self.asked += 1
        return self.works


def breaker(share: float = 0.5, build: Build | None = None) -> tuple[Breaker, list[float]]:
    now = [0.0]
    return Breaker(share, 0.01, (build or Build()).try_it, lambda: now[0]), now


async def see(one: Breaker, good: int, bad: int) -> None:
    for our_fault in [False] * good + [True] * bad:
        one.saw(our_fault=our_fault)
        for _ in range(3):
            await asyncio.sleep(0)  # a turn of the loop: what is to be judged is


async def test_good_pages_and_a_few_bad_ones_trip_nothing() -> None:
    build = Build()
    one, _ = breaker(build=build)
    await see(one, good=WINDOW, bad=WINDOW // 2)
    assert one.why() is None
    assert not build.asked


async def test_mostly_bad_pages_of_a_bad_build_pause_the_worker() -> None:
    one, _ = breaker()
    await see(one, good=0, bad=TRIAL - 1)
    assert one.why() is None, "too few pages to judge"
    await see(one, good=0, bad=1)
    assert "100% of the last 20 pages" in (one.why() or "")


async def test_bad_pages_of_a_good_build_never_do() -> None:
    build = Build(works=True)
    one, _ = breaker(build=build)
    await see(one, good=0, bad=10 * TRIAL)
    assert one.why() is None
    assert build.asked == 10, "each time that there is something to judge"
    await asyncio.wait_for(one.closed(), 5)
    build.works = False
    await see(one, good=0, bad=TRIAL)
    assert one.why() is not None, "a build that goes bad among bad pages is seen"


async def test_no_page_is_taken_while_it_judges() -> None:
    told = asyncio.Event()

    async def works() -> bool:
        await told.wait()
        return True

    one = Breaker(0.5, 3_600.0, works)
    await see(one, good=0, bad=TRIAL)
    waiting = asyncio.create_task(one.closed())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.02)
    told.set()
    await asyncio.wait_for(waiting, 5)
    assert one.why() is None


async def test_a_deploy_that_goes_bad_is_seen_after_many_good_pages() -> None:
    one, _ = breaker()
    await see(one, good=10 * WINDOW, bad=WINDOW // 2 + 1)
    assert one.why() is not None


async def test_a_share_of_one_never_trips() -> None:
    one, _ = breaker(1.0)
    await see(one, good=0, bad=10 * WINDOW)
    assert one.why() is None


async def test_goes_on_after_the_pause_and_may_pause_again() -> None:
    one, now = breaker()
    await see(one, good=0, bad=TRIAL)
    waiting = asyncio.create_task(one.closed())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.05)
    now[0] = 1.0
    await asyncio.wait_for(waiting, 5)
    assert one.why() is None
    await see(one, good=0, bad=TRIAL)
    assert one.why() is not None
