"""What stands before and after a block: its neighbours, the headings above it, how far it is into the page."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.extract.elements import Columns, Elements, Ints
from broadsheet.extract.features_text import WORDING, Floats

NEIGHBOURS = ((-3, "wording"), (-2, "wording"), (-1, "same"), (1, "density"), (1, "same"))
"""Of all numbers of the eight blocks around, those the trees used beside the windows' sums."""
WINDOWS = (3, 8, 20)
_FAR, _NONE = 200, 250
"""Distances in blocks are capped; beyond means that there is none."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The blocks of a range as one sequence; `run` sums the words of good text."""

    at: Ints
    words: Columns
    density: Columns
    good: Columns
    level: Ints
    wording: Columns
    same: Ints
    run: Columns


def near_columns(el: Elements, owner: Ints, text: Floats, density: Columns, good: Columns) -> list[Columns]:
    """All columns of this module, in the order of `NEAR_NAMES`."""
    above = el.parent[owner]
    line = _Line(
        at=np.arange(len(owner)),
        words=text[:, 0],
        density=density,
        good=good > 0,
        level=np.maximum(el.level[owner], np.maximum(el.level[above], el.level[el.parent[above]])),
        wording=text[:, WORDING],
        same=el.signature[owner],
        run=_running(text[:, 0] * good),
    )
    columns = [*_neighbours(line), *_windows(line, text), *_headings(line)]
    return [np.stack(columns, axis=1).astype(np.float32)]


def _running(values: Columns) -> Columns:
    return np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])


def _neighbours(line: _Line) -> list[Columns]:
    n = len(line.at)
    columns: list[Columns] = []
    for step, what in NEIGHBOURS:
        to = np.clip(line.at + step, 0, n - 1)
        off = (line.at + step < 0) | (line.at + step >= n)
        if what == "same":
            columns.append((line.same[to] == line.same) & ~off)
        else:
            column = line.wording if what == "wording" else line.density
            columns.append(np.where(off, -1, column[to]))
    return columns


def _windows(line: _Line, text: Floats) -> list[Columns]:
    """Where in the page, by blocks and by good text; good words and share of links in windows around."""
    at, run, n = line.at, line.run, len(line.at)
    chars, links = _running(text[:, 1]), _running(text[:, 2])
    total = max(run[-1], 1e-6)
    columns: list[Columns] = [at / n, np.minimum(at, 400), np.minimum(n - at, 400)]
    columns += [run[:-1], run[:-1] / total, (total - run[1:]) / total]
    for width in WINDOWS:
        a, b = np.clip(at - width, 0, n), np.clip(at + width + 1, 0, n)
        columns += [run[at] - run[a], run[b] - run[at + 1]]
        columns.append((links[b] - links[a]) / np.maximum(chars[b] - chars[a], 1))
    return [*columns, *_since(line.good, at)]


def _headings(line: _Line) -> list[Columns]:
    """Distances to h1, to the last heading and what it says, to short lines without links."""
    at, words = line.at, line.words
    h1 = line.level == 1
    last = _last((line.level > 0) & (line.density < 0.9), at)
    under = last >= 0
    where = int(np.argmax(h1)) if h1.any() else -1
    return [
        *_since(h1, at),
        np.cumsum(h1),
        np.minimum(at - last, _FAR),
        np.where(under, line.level[last], -1),
        np.where(under, words[last], -1),
        np.where(under, line.wording[last], 0),
        np.where(under, line.run[at] - line.run[np.maximum(last, 0)], -1),
        *_since((words >= 3) & (words <= 8) & (line.density < 0.5), at),
        at - where if where >= 0 else np.full(len(at), -999),
    ]


def _last(flags: NDArray[np.bool_], at: Ints) -> Ints:
    """For each block the last one before it, or itself, that has the flag; -1 where none."""
    return np.maximum.accumulate(np.where(flags, at, -1))


def _since(flags: NDArray[np.bool_], at: Ints) -> list[Columns]:
    """Distances to the previous and the next block with the flag, capped."""
    n = len(at)
    before = np.concatenate([[-1], _last(flags, at)[:-1]])
    after = np.concatenate([np.minimum.accumulate(np.where(flags, at, n)[::-1])[::-1][1:], [n]])
    previous = np.where(before >= 0, np.minimum(at - before, _FAR), _NONE)
    following = np.where(after < n, np.minimum(after - at, _FAR), _NONE)
    return [previous, following]


def _names() -> list[str]:
    names = [f"at{step:+d}_{what}" for step, what in NEIGHBOURS]
    names += ["pos", "from_start", "to_end", "good_before", "good_before_rel", "good_after_rel"]
    for width in WINDOWS:
        names += [f"win{width}_before", f"win{width}_after", f"win{width}_ratio"]
    names += ["since_good", "until_good", "since_h1", "until_h1", "h1s", "since_head", "head_level", "head_words"]
    return [*names, "head_wording", "head_good", "since_quiet", "until_quiet", "from_first_h1"]


NEAR_NAMES = tuple(_names())
