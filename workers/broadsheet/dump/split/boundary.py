"""From the scores of lines to cuts: zones compete, the first cut must be near certain, further ones need less.

A zone is what lies between two lines of prose: one story's foot and the next one's head. The first model scores lines,
the second one zones: how strong each is beside its rivals, and what stands at its strongest line.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import Floats, Ints, Lines, read
from broadsheet.cohesion.windows import LONG_WORDS, Matrix
from broadsheet.models.trees import Thresholds

STORY_WORDS = 50.0
"""Neither end of a dump nor the way between two cuts may hold fewer words."""
LEAST = 0.004
"""A zone whose lines' scores add up to less is no candidate: one true join in 300 is lost with them."""
STRONG = (0.2, 0.05)
"""Strengths at which a zone counts as a rival, for certain and perhaps."""
SURE = 0.999
"""Scores are held below it, so that their logarithms stay finite."""


class Candidates(NamedTuple):
    """Zones that may hold the start of a further story: the likeliest line of each, and its row for the model."""

    lines: Ints
    matrix: Matrix


def candidates(join: Floats, title: Callable[[Matrix], Floats], lines: Lines, matrix: Matrix) -> Candidates:
    """The zones that may be cut.

    `join` holds the first model's score of each line, `matrix` its features; `title` scores lines as headlines by
    their rows, and is asked only of those in the zones.
    """
    zones = _Zones(join, lines)
    chosen = np.flatnonzero(zones.strength >= LEAST)
    if not len(chosen):
        return Candidates(chosen, np.zeros((0, 0), dtype=np.float32))
    peaks = zones.peak[chosen]
    within = np.isin(zones.zone, chosen)
    titles = np.zeros(len(lines))
    titles[within] = title(matrix[within])
    columns = np.column_stack(list(zones.columns(titles).values()))
    return Candidates(peaks, np.hstack([columns[chosen].astype(np.float32), matrix[peaks]]))


def zone_names(line_names: Sequence[str]) -> tuple[str, ...]:
    """The columns of `Candidates.matrix`: those of a zone, and those of its likeliest line (`features.base`)."""
    nothing = np.zeros(1)
    return (*_Zones(nothing, read(["-"], [0], EMPTY)).columns(nothing), *line_names)


def cut(found: Candidates, scores: Floats, lines: Lines, thresholds: Thresholds) -> list[int]:
    """The lines at which further stories start, ascending; strongest zones first, none too near to another."""
    if not len(scores) or float(scores.max()) < thresholds.first:
        return []
    before = np.cumsum(lines.words) - lines.words
    cuts: list[int] = []
    for at in np.argsort(-scores, kind="stable").tolist():
        line = int(found.lines[at])
        if scores[at] >= thresholds.further and _apart(line, cuts, before):
            cuts.append(line)
    return sorted(cuts)


def zone_of(lines: Lines) -> Ints:
    """The number of each line's zone: a new one starts after every line of prose."""
    return np.concatenate(([0], np.cumsum(lines.words >= LONG_WORDS)[:-1]))


def _apart(line: int, cuts: Sequence[int], before: Floats) -> bool:
    return all(abs(float(before[line] - before[other])) >= STORY_WORDS for other in cuts)


class _Zones:
    """All zones of a dump, each with its strongest line and the strength of its lines together."""

    def __init__(self, join: Floats, lines: Lines) -> None:
        self.words = lines.words
        self.before = np.cumsum(self.words) - self.words
        self.total = float(self.words.sum())
        self.zone = zone_of(lines)
        allowed = (self.before >= STORY_WORDS) & (self.total - self.before >= STORY_WORDS)
        self.join = np.where(allowed, join, 0.0)
        self.first = np.flatnonzero(np.diff(self.zone, prepend=-1))
        self.last = np.append(self.first[1:], len(self.zone)) - 1
        self.strength = 1.0 - np.exp(np.add.reduceat(np.log1p(-np.minimum(self.join, SURE)), self.first))
        self.peak = self._place_of_best(self.join)

    def _place_of_best(self, values: Floats) -> Ints:
        """The first line in each zone with its greatest value."""
        best = np.flatnonzero(values == np.maximum.reduceat(values, self.first)[self.zone])
        return best[np.searchsorted(self.zone[best], np.arange(len(self.first)))]

    def columns(self, titles: Floats) -> dict[str, Floats]:
        """What the second model sees of each zone, beside the features of its strongest line."""
        return {**self._inside(titles), **self._places(), **self._rivals()}

    def _inside(self, titles: Floats) -> dict[str, Floats]:
        """The scores within a zone, before and after its strongest line."""
        here = np.arange(len(self.zone))
        peak = self.peak[self.zone]
        others = self.join.copy()
        others[self.peak] = 0.0
        onward = np.where(here >= peak, titles, -1.0)
        ahead = np.where(here < peak, titles, 0.0)
        held = np.append(self.before, self.total)
        return {
            "zone_strength": self.strength,
            "zone_join": self.join[self.peak],
            "zone_join_second": np.maximum.reduceat(others, self.first),
            "zone_join_sum": np.add.reduceat(self.join, self.first),
            "zone_lines_before": (self.peak - self.first).astype(float),
            "zone_lines_after": (self.last - self.peak).astype(float),
            "zone_lines": (self.last - self.first + 1).astype(float),
            "zone_words": held[self.last] - held[self.first],
            "zone_words_after": held[self.last] - held[self.peak],
            "zone_title": np.maximum.reduceat(titles, self.first),
            "zone_title_sum": np.add.reduceat(titles, self.first),
            "zone_title_after": np.maximum.reduceat(onward, self.first),
            "zone_title_after_at": (self._place_of_best(onward) - self.peak).astype(float),
            "zone_title_before": np.maximum.reduceat(ahead, self.first),
        }

    def _places(self) -> dict[str, Floats]:
        """Where a zone stands in the dump, and the prose on its two sides."""
        count = len(self.first)
        start = self.before[self.first]
        return {
            "zone_start": start,
            "zone_rest": self.total - self.before[self.last] - self.words[self.last],
            "zone_place": start / max(1.0, self.total),
            "dump_words": np.full(count, self.total),
            "dump_lines": np.full(count, float(len(self.zone))),
            "dump_zones": np.full(count, float(count)),
            "prose_after": self.words[self.last],
            "prose_before": np.where(self.first > 0, self.words[np.maximum(self.first, 1) - 1], 0.0),
        }

    def _rivals(self) -> dict[str, Floats]:
        """How a zone compares with the dump's other zones, and how far the strong ones are."""
        strength = self.strength
        count = len(strength)
        order = np.argsort(-strength, kind="stable")
        rank = np.empty(count)
        rank[order] = np.arange(count)
        best, second, third = (float(strength[order[at]]) if at < count else 0.0 for at in range(3))
        total = float(strength.sum())
        around = np.concatenate(([0.0] * 3, strength, [0.0] * 3))
        view = np.lib.stride_tricks.sliding_window_view(around, 3)
        columns = {
            "rank": rank,
            "best_rival": np.where(rank > 0, best, second),
            "second": np.full(count, second),
            "third": np.full(count, third),
            "strengths": np.full(count, total),
            "strength_share": strength / max(1e-9, total),
            "strength_to_best": strength / max(1e-9, best),
            "strength-1": around[2:-4],
            "strength+1": around[4:-2],
            "strengths_before": view[:count].max(axis=1),
            "strengths_after": view[4 : 4 + count].max(axis=1),
        }
        for level in STRONG:
            flags = strength >= level
            columns[f"strong_{level}"] = np.full(count, float(flags.sum()))
            columns[f"words_since_{level}"], columns[f"words_until_{level}"] = self._to_rivals(flags)
        return columns

    def _to_rivals(self, flags: NDArray[np.bool_]) -> list[Floats]:
        """Words from the last flagged zone before each, and to the next one after it (the dump's ends count)."""
        count = len(flags)
        here = np.arange(count)
        starts = np.append(self.before[self.first], self.total)
        last = np.maximum.accumulate(np.where(flags, here, -1))
        last = np.concatenate(([-1], last[:-1]))
        following = np.minimum.accumulate(np.where(flags, here, count)[::-1])[::-1]
        following = np.append(following[1:], count)
        return [starts[:-1] - np.where(last >= 0, starts[last + 1], 0.0), starts[following] - starts[1:]]
