"""A worker says what it waits for: once it lasts, and again only after a good while."""

from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from structlog.testing import capture_logs

from broadsheet.runtime.watch.waits import AGAIN_SECONDS, GROUP_SECONDS, HELD_SECONDS, Waits

PLACE = TP("pages", 3)


class Scene:
    """A worker as Waits sees it, and a clock to turn."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.changing_since: float | None = None
        self.held: int | None = None
        self.partitions = {PLACE: SimpleNamespace()}
        self.waits = Waits(self, lambda _: self.held, 30.0, lambda: self.now)  # type: ignore[arg-type]

    def said(self, seconds: float) -> list[Any]:
        with capture_logs() as lines:
            for _ in range(int(seconds)):
                self.waits.look()
                self.now += 1
        return lines


def test_a_worker_at_work_says_nothing() -> None:
    assert Scene().said(1_000) == []


def test_it_says_that_it_waits_for_partitions() -> None:
    scene = Scene()
    scene.changing_since = scene.now
    assert scene.said(GROUP_SECONDS) == []
    (line,) = scene.said(60)
    assert line["event"] == "waiting for partitions"
    assert "30 s" in line["why"]
    scene.changing_since = None
    assert scene.said(10) == []
    scene.changing_since = scene.now
    assert len(scene.said(20)) == 1, "the next wait is another"


@pytest.mark.parametrize("moves", [True, False])
def test_it_says_that_a_transaction_holds_pages_back(moves: bool) -> None:
    """Where the offset moves on, transactions come and go as they should."""
    scene, lines = Scene(), []
    for step in range(int(HELD_SECONDS) * 3):
        scene.held = step if moves else 17
        lines += scene.said(1)
    assert len(lines) == (0 if moves else 1)
    if lines:
        assert (lines[0]["event"], lines[0]["partition"]) == ("pages wait behind an open transaction", "pages/3")
        assert (lines[0]["offset"], lines[0]["log_level"]) == (17, "warning")
        assert len(scene.said(AGAIN_SECONDS)) == 1, "after a good while it says it again"
        scene.held = None
        assert scene.said(100) == []
