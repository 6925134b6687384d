"""A worker that makes no progress is told by what it is stuck on; one that has nothing to do is left alone."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from broadsheet.runtime.watch.watchdog import Bounds, Stuck, Watchdog, bounds

PLACE = TP("pages", 3)


@dataclass
class Scene:
    """A worker's partitions as the watchdog sees them, and a clock to turn."""

    now: float = 1_000.0
    behind: int = 0
    missing: tuple[str, ...] = ()
    why_ended: str | None = None
    changing_since: float | None = None
    started_at: float = 1_000.0
    part: Any = field(
        default_factory=lambda: SimpleNamespace(tp=PLACE, slots=[], lost_at=None, progress_at=1_000.0, closed=False)
    )

    def __post_init__(self) -> None:
        self.partitions = {PLACE: self.part}
        self.dog = Watchdog(
            self,  # type: ignore[arg-type]
            Bounds(progress=60, page=120, lost=30),
            lambda: self.why_ended,
            lambda _: self.behind,
            lambda: self.missing,
            lambda: self.now,
        )

    def slot(self, *, finished: bool, started: bool = True) -> None:
        begun = self.now if started else None
        self.part.slots = [SimpleNamespace(offset=17, taken=self.now, started=begun, finished=finished)]

    def stuck_after(self, seconds: int) -> str | None:
        try:
            for _ in range(seconds):
                self.dog.look()
                self.now += 1
            self.dog.look()
        except Stuck as error:
            return str(error)
        return None


def test_nothing_to_do_is_well() -> None:
    assert Scene().stuck_after(10_000) is None


def test_a_finished_page_that_cannot_be_published() -> None:
    scene = Scene()
    scene.slot(finished=True)
    assert scene.stuck_after(60) is None
    assert "pages/3: offset 17 is done but could not be published" in (scene.stuck_after(1) or "")


def test_a_page_at_work_beyond_any_deadline() -> None:
    scene = Scene()
    scene.slot(finished=False)
    assert scene.stuck_after(120) is None
    assert "offset 17 is at work" in (scene.stuck_after(1) or "")


def test_a_page_that_waits_for_a_child_behind_slow_ones() -> None:
    scene = Scene()
    scene.slot(finished=False, started=False)
    for _ in range(10):
        assert scene.stuck_after(100) is None
        scene.started_at = scene.now


def test_a_page_that_waits_where_no_child_takes_any() -> None:
    scene = Scene()
    scene.slot(finished=False, started=False)
    assert scene.stuck_after(120) is None
    assert "offset 17 is at work" in (scene.stuck_after(1) or "")


def test_a_group_that_cannot_agree() -> None:
    scene = Scene(changing_since=1_000.0)
    assert scene.stuck_after(60) is None
    assert "no partitions were assigned" in (scene.stuck_after(1) or "")


def test_a_group_that_waits_for_a_dead_worker() -> None:
    scene = Scene(changing_since=1_000.0)
    scene.dog._bounds = Bounds(progress=60, page=120, lost=90)
    assert scene.stuck_after(180) is None
    assert "no partitions were assigned" in (scene.stuck_after(1) or "")


def test_a_fetch_that_stands_still() -> None:
    scene = Scene(behind=5)
    assert "5 offsets wait to be fetched" in (scene.stuck_after(62) or "")


def test_a_fetch_that_moves_is_well() -> None:
    scene = Scene(behind=5)
    for _ in range(10):
        assert scene.stuck_after(30) is None
        scene.behind += 1


def test_a_lost_partition_that_the_group_does_not_take_away() -> None:
    scene = Scene()
    scene.part.lost_at = scene.now
    assert scene.stuck_after(30) is None
    assert "another worker publishes for it" in (scene.stuck_after(1) or "")


def test_an_input_topic_that_is_gone() -> None:
    scene = Scene(missing=("pages",))
    assert scene.stuck_after(30) is None
    assert "the input topic pages is not there any more" in (scene.stuck_after(1) or "")


def test_an_input_topic_that_comes_back_in_time() -> None:
    scene = Scene(missing=("pages",))
    assert scene.stuck_after(29) is None
    scene.missing = ()
    assert scene.stuck_after(1) is None
    scene.missing = ("pages",)
    assert scene.stuck_after(29) is None


def test_an_ended_coordination() -> None:
    assert Scene(why_ended="the consumer's group coordination ended: X").stuck_after(0) is not None


def test_bounds_leave_a_page_its_tries() -> None:
    assert bounds(60, 30, 10, [1, 2]).page > 2 * 30


def test_stuck_is_raised() -> None:
    with pytest.raises(Stuck):
        Scene(why_ended="x").dog.look()
