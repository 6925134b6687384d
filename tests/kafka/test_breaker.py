"""A deploy that goes bad, end to end: the worker pauses, says so wherever one may ask, tries again, and goes on. A site
whose pages are bad is no such deploy."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadsheet.runtime.settings import Settings
from broadsheet.samples import samples
from broadsheet.values import RawPage
from tests.fleet import CHEAP, Fleet, at_rest, cheap_page, lag, publish, read, until

pytestmark = pytest.mark.kafka
BAD = 60
GOOD = 300


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


def made_for(settings: Callable[..., Settings], pause: float) -> Settings:
    work = {"page_work": CHEAP, "breaker_share": 0.5, "breaker_pause": pause, "window_pages": 20}
    return settings(worker=work, kafka={"session_timeout": 6.0})


def pages_of_a_bad_deploy(made: Settings) -> None:
    bad = [cheap_page(f"bad-{n}", **{"raise": "a fault of ours"}) for n in range(BAD)]
    publish(made, [*bad, *(cheap_page(f"good-{n}", articles=1) for n in range(GOOD))])


def test_a_bad_deploy_pauses_the_worker(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    made = made_for(settings, pause=3_600.0)
    worker = fleet.worker(made).started()
    pages_of_a_bad_deploy(made)
    until(lambda: worker.ask("/ready")[0] == 503, "a worker that is not ready")
    status, why = worker.ask("/ready")
    assert (status, "died of faults that may be ours" in why) == (503, True)
    assert worker.ask("/live") == (200, "ok\n"), "it is not to be killed for it"
    assert (worker.metric("broadsheet_paused"), worker.metric("broadsheet_ready")) == (1, 0)
    assert worker.log.read_text().count("worker paused") == 1
    assert lag(made) >= GOOD, "the topic is not burnt"
    assert worker.stop() == 0, "and it can be replaced by a better build"


def test_it_tries_again_and_goes_on(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    made = made_for(settings, pause=3.0)
    worker = fleet.worker(made).started()
    pages_of_a_bad_deploy(made)
    until(lambda: worker.metric("broadsheet_paused") == 1, "a pause")
    at_rest(made)
    until(lambda: worker.ask("/ready")[0] == 200, "a worker that is ready again")
    assert worker.metric("broadsheet_paused") == 0
    assert "worker goes on after its pause" in worker.log.read_text()
    assert len(read(made, made.topics.dead)) == BAD
    assert len(read(made, made.topics.articles)) == GOOD


def test_a_hostile_site_pauses_nobody(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    work = {"page_work": "tests.faults.work:real_work", "breaker_share": 0.5, "breaker_pause": 3_600.0}
    made = settings(worker=work, kafka={"session_timeout": 6.0})
    worker = fleet.worker(made).started()
    hostile = [json.dumps({"url": f"https://hostile.example/{n}", "body": "<p>x"}).encode() for n in range(BAD)]
    good = [sample.raw for sample in samples() if sample.result == "articles"]
    publish(made, [*[RawPage(value, b"hostile") for value in hostile], *good])
    at_rest(made)
    until(lambda: "these pages are to blame" in worker.log.read_text(), "a worker that has judged")
    assert "worker paused" not in worker.log.read_text()
    assert worker.ask("/ready")[0] == 200
    assert len(read(made, made.topics.dead)) == BAD
    assert len(read(made, made.topics.outcomes)) == BAD + len(good)
