"""A bound on the CPU of what runs: for tests of growth, which must end where there is none."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OverBudgetError(Exception):
    """What ran took more CPU than it may."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """End the block by `OverBudgetError` after so many seconds of this process's CPU; a pattern is ended as well."""

    def end(number: int, frame: FrameType | None) -> None:
        raise OverBudgetError(f"more than {seconds} s of CPU")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def measured() -> Iterator[list[float]]:
    """The CPU of the block in seconds, as the one item of the list when it has ended."""
    taken: list[float] = []
    start = time.process_time()
    try:
        yield taken
    finally:
        taken.append(time.process_time() - start)
