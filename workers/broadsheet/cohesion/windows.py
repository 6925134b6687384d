"""Sums over windows before and after each line: the keys that both hold, and columns of numbers.

A key shared by a window before and a window after a line is one link between two neighbouring uses of it. The lines for
which both uses lie within the windows form one interval, so all counts come from one cumulated sum of interval ends.
"""

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lines import Floats, Ints, Lines
from broadsheet.native import crossing as native

LONG_WORDS = 20.0
"""A line of so many words is prose: zones lie between two of them."""


Bools = NDArray[np.bool_]


Matrix = NDArray[np.float32]
"""A row a line, a column a feature."""


def shifted(column: NDArray[np.generic], by: int, fill: float = -1.0) -> Floats:
    """`column`, or columns, of the line `by` lines on (before, if negative); `fill` beyond the ends."""
    out = np.full(column.shape, fill)
    if abs(by) < len(column):
        if by > 0:
            out[:-by] = column[by:]
        else:
            out[-by:] = column[:by]
    return out


def ranged(values: Floats, low: Ints, high: Ints) -> Floats:
    """Sum of `values[low:high]` for each pair."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    top = len(values)
    return total[np.minimum(high, top)] - total[np.maximum(low, 0)]


def around(values: Floats, lines: int, forward: bool) -> Floats:
    """Sum of `values` over the next `lines` lines, this one counted, or over those before it; column by column."""
    return sums(running(values), lines, forward)


def running(values: Floats) -> Floats:
    """The sums of `values` up to each line, and up to the end."""
    total: Floats = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=total[1:])
    return total


def sums(total: Floats, lines: int, forward: bool) -> Floats:
    count = len(total) - 1
    reach = min(lines, count)
    out: Floats
    if forward:
        out = -total[:-1]
        out[: count - reach + 1] += total[reach:]
        out[count - reach + 1 :] += total[-1]
    else:
        out = total[:-1].copy()
        out[reach:] -= total[: count - reach]
    return out


def crossing(lines: Lines, back: int, ahead: int, weight: Floats) -> Floats:
    """Weight of the keys used both in the `back` tokens before each line and in the `ahead` from it on."""
    return native.crossing(lines.before, lines.owner, weight, back, ahead, len(lines))


class Windows:
    """Sums over windows of tokens before and after each line, by the intervals of lines in which a token counts."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.count = len(lines)
        self.top = len(lines.owner) - 1
        self.here = np.arange(len(lines.owner))
        self.line_after = np.concatenate(([0], lines.owner + 1, [self.count]))
        """The first line whose window may hold the interval's start: of a token, at its place plus one."""

    def crossing(self, back: int, ahead: int, late: Ints, weight: Floats) -> Floats:
        """As the function; `late` is the tokens of weight whose key stood before."""
        early = self.lines.before[late]
        low = np.maximum(early, late - ahead)
        high = np.minimum(early + back, late)
        keep = high > low
        return self._intervals(low[keep], high[keep], weight[late[keep]])

    def kinds(self, back: int, ahead: int, weight: Floats) -> tuple[Floats, Floats]:
        """Weight of the different keys in the window before and in the one after each line."""
        here = self.here
        after = self._intervals(np.maximum(self.lines.before, here - ahead), here, weight)
        before = self._intervals(here, np.minimum(self.lines.after, here + back), weight)
        return before, after

    def _intervals(self, low: Ints, high: Ints, weight: Floats) -> Floats:
        """For each line the weight of the intervals (low, high] of tokens that hold its first token."""
        first = self.line_after[np.maximum(low, -1) + 1]
        last = self.line_after[np.minimum(high, self.top + 1) + 1]
        ends = np.bincount(first, weight, self.count + 1) - np.bincount(last, weight, self.count + 1)
        return np.cumsum(ends)[: self.count]
