"""Numbers by which a line that opens a story is told from one that does not; also what the line classifier sees.

Every column is computed for all lines at once.
"""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import FAR, Floats, Ints, Lines, read
from broadsheet.cohesion.signs import OWN_NAMES
from broadsheet.cohesion.windows import (
    LONG_WORDS,
    Bools,
    Matrix,
    Windows,
    around,
    crossing,
    ranged,
    running,
    shifted,
    sums,
)

NEIGHBOURS = (-3, -2, -1, 1, 2, 3, 4)
WINDOWS = ((40, 40), (150, 150), (150, 500), (500, 500))
"""Tokens before and after a line in which cohesion is counted."""
HEAD_LINES = 12
"""Lines of a dump's head or foot that come again where a second story of one site begins or a first one ends."""

_DIGITS = re.compile(r"\d")


class Table:
    """Named columns gathered one by one or side by side; `matrix` is float32, a row a line."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        self.names: list[str] = []
        self.parts: list[NDArray[np.generic]] = []

    def add(self, name: str, column: NDArray[np.generic]) -> None:
        """One column more."""
        self.names.append(name)
        self.parts.append(column)

    def add_all(self, names: Iterable[str], columns: NDArray[np.generic]) -> None:
        """Several columns that were computed together."""
        self.names += names
        self.parts.append(columns)

    def matrix(self) -> Matrix:
        """All columns side by side."""
        held = np.empty((self.lines, len(self.names)), dtype=np.float32)
        at = 0
        for part in self.parts:
            if part.ndim == 1:
                held[:, at] = part
                at += 1
            else:
                held[:, at : at + part.shape[1]] = part
                at += part.shape[1]
        return held


def base(lines: Lines) -> Table:
    """The features of every line of a dump, or of a segment of one. At least one line."""
    table = Table(len(lines))
    _own(table, lines)
    _gaps(table, lines)
    _places(table, lines)
    _cohesion(table, lines)
    _new_words(table, lines)
    _returns(table, lines)
    _twins(table, lines)
    _lexical(table, lines)
    return table


def line_names() -> tuple[str, ...]:
    """The columns that `base` gives, in its order."""
    return tuple(base(read(["-"], [0], EMPTY)).names)


_WANTED = ("words", "capitals", "ends", "digits", "bullet", "upper")
"""Of lines next to a line these are told, of those further off the first three."""
_WANTED_PLACES = [OWN_NAMES.index(name) for name in _WANTED]


def _own(table: Table, lines: Lines) -> None:
    table.add_all(OWN_NAMES, lines.own)
    wanted = lines.own[:, _WANTED_PLACES]
    for by in NEIGHBOURS:
        count = len(_WANTED) if abs(by) < 3 else 3
        table.add_all([f"{name}{by:+d}" for name in _WANTED[:count]], shifted(wanted[:, :count], by))


def _gaps(table: Table, lines: Lines) -> None:
    gap = lines.gap
    inner = gap[1:] if len(gap) > 1 else gap
    median, top = float(np.median(inner)), float(inner.max())
    table.add("gap", gap)
    table.add("gap_over_median", gap - median)
    table.add("gap_to_top", gap - top)
    table.add("gap_rank", np.searchsorted(np.sort(inner), gap, side="right") / len(inner))
    table.add("gap_top", np.full(len(gap), top))
    table.add("gap_share", np.full(len(gap), float((inner > 0).mean())))
    table.add("gap_tops", np.full(len(gap), float((inner == top).sum())))
    for by in (-2, -1, 1, 2):
        table.add(f"gap{by:+d}", shifted(gap, by))
    table.add(
        "gap_turn", around(np.minimum(gap, 2), 8, False) / 8 - around(shifted(np.minimum(gap, 2), 1, 0.0), 8, True) / 8
    )


def _nearest(flags: Bools) -> tuple[Ints, Ints]:
    """For each line the last flagged line before it and the first at or after it; -1 and n where none."""
    count = len(flags)
    here = np.arange(count)
    last = np.maximum.accumulate(np.where(flags, here, -1))
    following = np.minimum.accumulate(np.where(flags, here, count)[::-1])[::-1]
    return np.concatenate(([-1], last[:-1])), following


def _places(table: Table, lines: Lines) -> None:
    words, count = lines.words, len(lines)
    before = np.cumsum(words) - words
    total = float(words.sum())
    table.add("words_before", np.log1p(before))
    table.add("words_after", np.log1p(total - before))
    table.add("place", before / max(1.0, total))
    table.add("total", np.full(count, np.log1p(total)))
    long = words >= LONG_WORDS
    last, following = _nearest(long)
    ends = np.concatenate((before, [total]))
    table.add("since_long", before - np.where(last >= 0, ends[np.maximum(last, 0) + 1], 0.0))
    table.add("until_long", ends[following] - before)
    table.add("lines_since_long", np.arange(count) - last)
    table.add("lines_until_long", following - np.arange(count))
    table.add("next_long_words", np.concatenate((words, [0.0]))[following])
    table.add("long_words_before", np.log1p(ranged(words * long, np.zeros(count, dtype=np.int64), np.arange(count))))
    table.add("long_words_after", np.log1p(ranged(words * long, np.arange(count), np.full(count, count))))
    total_before = running(np.column_stack([words, lines.own[:, OWN_NAMES.index("ends")], long]))
    for span in (4, 8, 16):
        held = np.stack([sums(total_before, span, False), sums(total_before, span, True)], axis=2)
        names = [f"{name}_{side}{span}" for name in ("words", "ends", "long") for side in ("last", "next")]
        table.add_all(names, held.reshape(count, 6))


def _cohesion(table: Table, lines: Lines) -> None:
    rarity = 1.0 / np.log2(1.0 + lines.frequency)
    content = np.where(lines.short, 0.0, rarity)
    names = np.where(lines.capital, content, 0.0)
    windows = Windows(lines)
    late = np.flatnonzero((lines.before >= 0) & (content > 0))
    late_names = np.flatnonzero((lines.before >= 0) & (names > 0))
    for back, ahead in WINDOWS:
        kinds = (("", content, late), ("_capital", names, late_names))
        for name, weight, recurring in kinds if back == ahead == 150 else kinds[:1]:
            shared = windows.crossing(back, ahead, recurring, weight)
            held = np.minimum(*windows.kinds(back, ahead, weight))
            share = shared / np.maximum(1.0, held)
            label = f"shared{name}_{back}_{ahead}"
            table.add(label, share)
            if ahead == 150 and back == 150:
                table.add(f"{label}_sum", shared)
                _valley(table, label, share, lines)
    grammar = lines.short.astype(float)
    shared = crossing(lines, 150, 150, grammar)
    table.add("grammar", shared / np.maximum(1.0, np.minimum(*windows.kinds(150, 150, grammar))))
    open_chains = windows.crossing(FAR // 2, FAR // 2, late, content)
    table.add("chains", open_chains / max(1.0, float(open_chains.max())))


def _valley(table: Table, label: str, share: Floats, lines: Lines) -> None:
    """How deep cohesion falls at a line against its best within 200 words on either side, and its rank in the dump."""
    reach = 25
    padded = np.pad(share, reach, mode="constant")
    view = np.lib.stride_tricks.sliding_window_view(padded, reach + 1)
    left = view[: len(share)].max(axis=1)
    right = view[reach:].max(axis=1)
    table.add(f"{label}_valley", np.minimum(left, right) - share)
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(share, reach, constant_values=9.0), 2 * reach + 1)
    table.add(f"{label}_floor", share - wide.min(axis=1))
    mean = float(np.average(share, weights=np.maximum(1.0, lines.words)))
    table.add(f"{label}_mean", share - mean)
    table.add(f"{label}_rank", share.argsort().argsort() / len(share))


def _new_words(table: Table, lines: Lines) -> None:
    """Share of the words after a line that are new to the page or its last stretch, and of those before that end."""
    content = (~lines.short).astype(float)
    here = np.arange(len(content))
    recurring = content * (lines.frequency > 1)
    starts = lines.starts
    measures: tuple[tuple[str, Floats, bool], ...] = (
        ("first", recurring * (lines.before < 0), True),
        ("unheard", content * (here - lines.before > 400), True),
        ("last", recurring * (lines.after >= FAR), False),
        ("unused", content * (lines.after - here > 400), False),
    )
    for name, values, forward in measures:
        for span in (40, 120, 300):
            low, high = (starts, starts + span) if forward else (starts - span, starts)
            held = ranged(recurring if name in ("first", "last") else content, low, high)
            table.add(f"{name}_{span}", ranged(values, low, high) / np.maximum(1.0, held))


def _returns(table: Table, lines: Lines) -> None:
    """Share of a line's own words that come back soon after it, and that stood shortly before it."""
    count = len(lines)
    here = np.arange(len(lines.before))
    content = (~lines.short).astype(float)
    size = np.maximum(1.0, _per_line(lines, content, count))
    ends = np.append(lines.starts[1:], len(here))[lines.owner]
    starts = lines.starts[lines.owner]
    back_soon = content * (lines.after - ends < 120)
    stood = content * (starts - lines.before < 300)
    table.add("content", size)
    returning = _per_line(lines, back_soon, count) / size
    stood_share = _per_line(lines, stood, count) / size
    fresh_sum = _per_line(lines, back_soon * (stood == 0), count)
    fresh = fresh_sum / size
    table.add("returning", returning)
    table.add("returning_40", _per_line(lines, content * (lines.after - ends < 40), count) / size)
    table.add("stood", stood_share)
    table.add("stood_120", _per_line(lines, content * (starts - lines.before < 120), count) / size)
    table.add("fresh_returning", fresh)
    table.add("fresh_returning_sum", fresh_sum)
    table.add("ever_before", _per_line(lines, content * (lines.before >= 0), count) / size)
    table.add("ever_after", _per_line(lines, content * (lines.after < FAR), count) / size)
    told = np.column_stack([returning, stood_share, fresh])
    for by in (-1, 1, 2):
        table.add_all([f"{name}{by:+d}" for name in ("returning", "stood", "fresh_returning")], shifted(told, by))


def _per_line(lines: Lines, values: Floats, count: int) -> Floats:
    return np.bincount(lines.owner, values, count).astype(np.float64)


def _twins(table: Table, lines: Lines) -> None:
    """Lines that stand twice: at once (doubled headlines, captions) or far apart (the furniture of one site)."""
    here = np.arange(len(lines))
    back, ahead = here - lines.same_before, lines.same_after - here
    near_again = (ahead <= HEAD_LINES).astype(float)
    near_before = (back <= HEAD_LINES).astype(float)
    far_again = ((ahead > HEAD_LINES) & (ahead < FAR // 2)).astype(float)
    far_before = ((back > HEAD_LINES) & (back < FAR // 2)).astype(float)
    table.add("twin_ahead", np.minimum(ahead, 200))
    table.add("twin_back", np.minimum(back, 200))
    head, foot = _matches(lines)
    worded = (lines.words >= 3).astype(float)
    flags = {
        "near_again": near_again * worded, "near_before": near_before * worded, "far_again": far_again,
        "far_before": far_before, "near_again_any": near_again, "head_again": head, "foot_again": foot,
    }  # fmt: skip
    values = np.column_stack(list(flags.values()))
    total = running(values)
    sides = [values, *(sums(total, span, forward) for span in (3, 8) for forward in (True, False))]
    names = [f"{name}{side}" for name in flags for side in ("", "_next3", "_last3", "_next8", "_last8")]
    table.add_all(names, np.stack(sides, axis=2).reshape(len(lines), len(names)))


def _matches(lines: Lines) -> tuple[Floats, Floats]:
    """Lines that equal one of the dump's first lines but stand further down; and of its last, but further up."""
    shapes = [_DIGITS.sub("0", text[:40]) for text in lines.texts]
    here = np.arange(len(lines))
    head, foot = set(shapes[:HEAD_LINES]), set(shapes[-HEAD_LINES:])
    again = np.array([shape in head for shape in shapes]) & (here >= HEAD_LINES)
    early = np.array([shape in foot for shape in shapes]) & (here < len(lines) - HEAD_LINES)
    return again.astype(float), early.astype(float)


def _lexical(table: Table, lines: Lines) -> None:
    """What the words of a line and of its neighbours say of its place: above a story, in it, below it."""
    values = lines.lexical
    total = running(values)
    sides = [values, *(shifted(values, by, 0.0) for by in (-2, -1, 1, 2))]
    sides += [sums(total, span, forward) for span in (4, 10) for forward in (True, False)]
    labels = ("", "-2", "-1", "+1", "+2", "_next4", "_last4", "_next10", "_last10")
    names = [f"lex_{name}{label}" for name in ("above", "within", "below") for label in labels]
    table.add_all(names, np.stack(sides, axis=2).reshape(len(lines), len(names)))
