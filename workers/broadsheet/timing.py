"""CPU time of the core's own stages: the one place of the core that looks at a clock, and only at its own CPU time.

What is measured never changes what is made of a page; the callers of the core report it.
"""

from time import process_time


class Laps:
    """CPU milliseconds by stage, from the making of this value on."""

    def __init__(self) -> None:
        self._first = self._last = process_time()
        self.ms: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """The time since the last lap goes to `stage`."""
        now = process_time()
        self.ms[stage] = self.ms.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def skip(self) -> None:
        """The time since the last lap is accounted for elsewhere."""
        self._last = process_time()

    def total(self) -> float:
        """Milliseconds since the start."""
        return (process_time() - self._first) * 1000
