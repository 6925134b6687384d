"""From the scores of lines to cuts: zones compete, the first cut must be near certain, further ones need less."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from broadsheet.split.features import LONG_WORDS, shifted
from broadsheet.split.lines import Floats, Lines

STORY_WORDS = 50.0
"""Neither end of a dump nor the way between two cuts may hold fewer words."""


class Thresholds(NamedTuple):
    """A dump is cut at all only where one zone reaches `first`; then every zone that reaches `further` is a cut."""

    first: float
    further: float


def second_stage(join: Floats, title: Floats, lines: Lines) -> Floats:
    """What the second model sees beside a line's own features: the first one's scores around it, and its rivals."""
    columns = [join, title]
    columns += [shifted(join, by, 0.0) for by in (-4, -3, -2, -1, 1, 2, 3, 4)]
    columns += [shifted(title, by, 0.0) for by in (-2, -1, *range(1, 10))]
    count = len(join)
    for reach in (8, 40):
        padded = np.pad(join, reach)
        view = np.lib.stride_tricks.sliding_window_view(padded, reach)
        columns.append(view[:count].max(axis=1))
        columns.append(view[reach + 1 : reach + 1 + count].max(axis=1))
    order = np.argsort(np.argsort(-join, kind="stable"), kind="stable")
    columns += [order.astype(float), np.full(count, join.sum()), join / max(1e-9, float(join.max()))]
    before = np.cumsum(lines.words) - lines.words
    for level in (0.1, 0.4):
        columns += _strong(join >= level, before, float(lines.words.sum()))
    zone = _zones(lines)
    score = 1.0 - np.exp(np.bincount(zone, np.log1p(-np.minimum(join, 0.999)), zone[-1] + 1))
    rank = np.argsort(np.argsort(-score, kind="stable"), kind="stable")
    second = np.sort(score)[-2] if len(score) > 1 else 0.0
    columns += [score[zone], rank[zone].astype(float), np.full(count, second)]
    return np.column_stack(columns)


def _strong(flags: np.ndarray, before: Floats, total: float) -> list[Floats]:
    """Words from the last flagged line before each line, and to the next one after it (the dump's ends count)."""
    here = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, here, -1))
    last = np.concatenate(([-1], last[:-1]))
    following = np.minimum.accumulate(np.where(flags, here, len(flags))[::-1])[::-1]
    following = np.append(following[1:], len(flags))
    ends = np.append(before, total)
    return [before - np.where(last >= 0, before[np.maximum(last, 0)], 0.0), ends[following] - before]


def _zones(lines: Lines) -> np.ndarray:
    """The zone of each line: a new one starts after every line of prose."""
    long = lines.words >= LONG_WORDS
    return np.concatenate(([0], np.cumsum(long)[:-1]))


def cut(scores: Floats, lines: Lines, thresholds: Thresholds) -> list[int]:
    """The lines at which further stories start, ascending; strongest zones first, none too near to another."""
    zone = _zones(lines)
    before = np.cumsum(lines.words) - lines.words
    total = float(lines.words.sum())
    allowed = (before >= STORY_WORDS) & (total - before >= STORY_WORDS)
    scores = np.where(allowed, scores, 0.0)
    strength = 1.0 - np.exp(np.bincount(zone, np.log1p(-np.minimum(scores, 0.999999)), zone[-1] + 1))
    if not len(strength) or float(strength.max()) < thresholds.first:
        return []
    best: dict[int, int] = {}
    for index in np.argsort(-scores, kind="stable"):
        best.setdefault(int(zone[index]), int(index))
    cuts: list[int] = []
    for index in sorted(best.values(), key=lambda i: -float(strength[zone[i]])):
        if strength[zone[index]] >= thresholds.further and _apart(index, cuts, before):
            cuts.append(index)
    return sorted(cuts)


def _apart(index: int, cuts: Sequence[int], before: Floats) -> bool:
    return all(abs(float(before[index] - before[other])) >= STORY_WORDS for other in cuts)
