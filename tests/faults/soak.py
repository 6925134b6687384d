"""A long run at a steady rate with a fault every half a minute: nothing lost, nothing repeated, and nothing that grows.

The first worker is left alone (its broker, its children and its group are not), so that its memory and its open files
can be watched for as long as the run lasts; the second gets what a worker can get.
"""

import contextlib
import os
import signal
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import psutil

from tests.faults.cases import Case, Stage, broker_restarted

SAMPLE_SECONDS = 10.0
TELL_SECONDS = 300.0
WARM_SECONDS = 120.0
"""Of a worker's life, in which it grows to its size; its samples do not count."""

LONG_SECONDS = 600.0
"""Life after that, from which a slope means something."""

HAZARD_SHARE = 0.0005
BETWEEN = (15.0, 45.0)
"""Seconds between two faults."""


class Sample(NamedTuple):
    """A worker at a moment: seconds since the run began, megabytes of its own process, its open files."""

    at: float
    megabytes: float
    files: int


class Life(NamedTuple):
    """A worker that lived long: how its memory and its open files went, by a straight line through its samples."""

    pid: int
    minutes: float
    megabytes: float
    megabytes_an_hour: float
    files: float
    files_an_hour: float

    def line(self) -> str:
        """For people."""
        return (
            f"worker {self.pid}, {self.minutes:.0f} min: "
            f"{self.megabytes:.1f} MB ({self.megabytes_an_hour:+.2f} an hour), "
            f"{self.files:.0f} open files ({self.files_an_hour:+.2f} an hour)"
        )


@dataclass
class Soak:
    """A case that lasts `seconds`. `say` is told how it goes; what it counted stands in it afterwards."""

    seconds: float
    rate: float
    say: Callable[[str], None]
    faults: Counter[str] = field(default_factory=Counter)
    samples: dict[int, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    slowest: float = 0.0
    """The longest time from a fault's end to the next pages acknowledged."""

    def __call__(self, stage: Stage) -> None:
        """Play it."""
        stage.feed_seconds, stage.feed_pages = 1.0, max(1, round(self.rate))
        stage.ledger.hazard_share = HAZARD_SHARE
        limits = {"page_timeout": 5.0, "child_memory": 200_000_000}
        stage.settings = stage.settings.model_copy(update={"worker": stage.settings.worker.model_copy(update=limits)})
        for _ in range(2):
            stage.hire()
        stage.ready()
        begun = told = time.monotonic()
        while (now := time.monotonic()) - begun < self.seconds:
            self._watch(stage, begun, stage.rng.uniform(*BETWEEN))
            if now - told > TELL_SECONDS:
                told = now
                self._tell(stage, now - begun)
            self._fault(stage)
        stage.ledger.hazard_share = 0.0

    def lives(self) -> list[Life]:
        """Every worker that lived long enough to say something."""
        return [life for pid, samples in self.samples.items() if samples and (life := _life(pid, samples))]

    def _watch(self, stage: Stage, begun: float, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for worker in stage.wanted:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process = psutil.Process(worker.pid)
                    megabytes, files = process.memory_info().rss / 1e6, process.num_fds()
                    self.samples[worker.pid].append(Sample(time.monotonic() - begun, megabytes, files))
            time.sleep(min(SAMPLE_SECONDS, max(0.0, end - time.monotonic())))
            stage.keep()

    def _fault(self, stage: Stage) -> None:
        name = stage.rng.choices(list(FAULTS), [weight for weight, _ in FAULTS.values()])[0]
        FAULTS[name][1](stage)
        self.faults[name] += 1
        over = time.monotonic()
        stage.progress(1)
        self.slowest = max(self.slowest, time.monotonic() - over)

    def _tell(self, stage: Stage, seconds: float) -> None:
        last = {worker.pid: self.samples[worker.pid][-1:] for worker in stage.wanted}
        seen = ", ".join(f"{pid}: {s.megabytes:.0f} MB {s.files} files" for pid, found in last.items() for s in found)
        self.say(
            f"soak, {seconds / 60:.0f} min: {len(stage.ledger.pages)} pages, {self.faults.total()} faults, "
            f"{len(stage.ends)} ends, slowest recovery {self.slowest:.0f} s; {seen}"
        )


def _worker_killed(stage: Stage) -> None:
    stage.wanted[-1].send(signal.SIGKILL)


def _worker_replaced(stage: Stage) -> None:
    worker = stage.wanted[-1]
    if worker.is_running():
        assert stage.dismiss(worker) in {0, 70}, worker.tail()  # 70: it was about to end by itself
        stage.hire()


def _worker_stopped(stage: Stage) -> None:
    worker = stage.wanted[-1]
    worker.send(signal.SIGSTOP)
    stage.pause(1.0, stage.settings.kafka.session_timeout * 2)
    worker.send(signal.SIGCONT)


def _worker_joined(stage: Stage) -> None:
    worker = stage.hire()
    stage.pause(5.0, 20.0)
    stage.wanted.remove(worker)
    worker.stop()


def _child_killed(stage: Stage) -> None:
    worker = stage.rng.choice(stage.wanted)
    with contextlib.suppress(psutil.NoSuchProcess):
        children = [child for child in worker.children() if not child.children()]
        stage.rng.choice(children).kill() if children else None


def _broker_stood_still(stage: Stage) -> None:
    pid = stage.broker.pid
    os.kill(pid, signal.SIGSTOP)
    stage.pause(0.5, 4.0)
    os.kill(pid, signal.SIGCONT)


FAULTS: dict[str, tuple[int, Case]] = {
    "worker killed": (4, _worker_killed),
    "worker replaced": (3, _worker_replaced),
    "worker stopped": (3, _worker_stopped),
    "worker joined": (2, _worker_joined),
    "child killed": (4, _child_killed),
    "broker stood still": (3, _broker_stood_still),
    "broker killed": (2, broker_restarted),
}
"""By name: how often beside the others, and what is done."""


def _life(pid: int, samples: list[Sample]) -> Life | None:
    first = samples[0].at
    steady = [sample for sample in samples if sample.at > first + WARM_SECONDS]
    if not steady or steady[-1].at - steady[0].at < LONG_SECONDS:
        return None
    hours = [sample.at / 3_600 for sample in steady]
    megabytes = [sample.megabytes for sample in steady]
    files = [float(sample.files) for sample in steady]
    return Life(
        pid,
        (samples[-1].at - first) / 60,
        statistics.fmean(megabytes),
        statistics.linear_regression(hours, megabytes).slope,
        statistics.fmean(files),
        statistics.linear_regression(hours, files).slope,
    )
