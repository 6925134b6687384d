"""The breaker: pauses for our own faults only, tries again, and says why."""

import asyncio

from broadsheet.runtime.breaker import TRIAL, WINDOW, Breaker


def breaker(share: float = 0.5) -> tuple[Breaker, list[float]]:
    now = [0.0]
    return Breaker(share, 0.01, lambda: now[0]), now


def see(one: Breaker, good: int, bad: int) -> None:
    for _ in range(good):
        one.saw(our_fault=False)
    for _ in range(bad):
        one.saw(our_fault=True)


def test_good_pages_and_a_few_bad_ones_trip_nothing() -> None:
    one, _ = breaker()
    see(one, good=WINDOW, bad=WINDOW // 2)
    assert one.why() is None


def test_mostly_bad_pages_pause_the_worker() -> None:
    one, _ = breaker()
    see(one, good=0, bad=TRIAL - 1)
    assert one.why() is None, "too few pages to judge"
    see(one, good=0, bad=1)
    assert "100% of the last 20 pages" in (one.why() or "")


def test_a_deploy_that_goes_bad_is_seen_after_many_good_pages() -> None:
    one, _ = breaker()
    see(one, good=10_000, bad=WINDOW // 2 + 1)
    assert one.why() is not None


def test_a_share_of_one_never_trips() -> None:
    one, _ = breaker(1.0)
    see(one, good=0, bad=10_000)
    assert one.why() is None


async def test_goes_on_after_the_pause_and_may_pause_again() -> None:
    one, now = breaker()
    see(one, good=0, bad=TRIAL)
    waiting = asyncio.create_task(one.closed())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    now[0] = 1.0
    await asyncio.wait_for(waiting, 5)
    assert one.why() is None
    see(one, good=0, bad=TRIAL)
    assert one.why() is not None
