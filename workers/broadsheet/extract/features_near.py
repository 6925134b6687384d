"""What stands before and after a block: its neighbours, the headings above it, how far it is into the page."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.extract.elements import Columns, Elements, Ints
from broadsheet.extract.features_text import WORDING, Floats

NEIGHBOURS = (-4, -3, -2, -1, 1, 2, 3, 4)
WINDOWS = (3, 8, 20)
_FAR, _NONE = 200, 250
"""Distances in blocks are capped; beyond means that there is none."""


def near_columns(el: Elements, owner: Ints, text: Floats, density: Columns, good: Columns) -> list[Columns]:
    """All columns of this module, in the order of `NEAR_NAMES`."""
    n = len(owner)
    at = np.arange(n)
    words = text[:, 0]
    level = np.maximum(el.level[owner], np.maximum(el.level[el.parent[owner]], el.level[el.parent[el.parent[owner]]]))
    same = el.signature[owner]
    wording = text[:, WORDING]
    numbers = np.stack([np.log1p(words), density, good, level, wording], axis=1).astype(np.float32)
    shifted: list[Columns] = []
    for step in NEIGHBOURS:
        to = np.clip(at + step, 0, n - 1)
        off = (at + step < 0) | (at + step >= n)
        part = numbers[to]
        part[off] = -1
        shifted += [part, ((same[to] == same) & ~off).astype(np.float32)[:, None]]

    gw = words * good
    run = np.concatenate([[0.0], np.cumsum(gw, dtype=np.float64)])
    chars = np.concatenate([[0.0], np.cumsum(text[:, 1], dtype=np.float64)])
    links = np.concatenate([[0.0], np.cumsum(text[:, 2], dtype=np.float64)])
    columns: list[Columns] = [at / n, np.minimum(at, 400), np.minimum(n - at, 400)]
    total = max(run[-1], 1e-6)
    columns += [run[:-1], run[:-1] / total, total - run[1:], (total - run[1:]) / total]
    for width in WINDOWS:
        a, b = np.clip(at - width, 0, n), np.clip(at + width + 1, 0, n)
        columns += [run[at] - run[a], run[b] - run[at + 1]]
        columns += [(links[b] - links[a]) / np.maximum(chars[b] - chars[a], 1)]
    columns += _since(good > 0, at, n)
    h1 = level == 1
    columns += _since(h1, at, n)
    columns += [np.cumsum(h1)]
    head = (level > 0) & (density < 0.9)
    last = _last(head, at)
    columns += [np.minimum(at - last, _FAR), np.where(last >= 0, level[last], -1), np.where(last >= 0, words[last], -1)]
    columns += [np.where(last >= 0, wording[last], 0), np.where(last >= 0, run[at] - run[np.maximum(last, 0)], -1)]
    quiet = (words >= 3) & (words <= 8) & (density < 0.5)
    columns += _since(quiet, at, n)
    where = int(np.argmax(h1)) if h1.any() else -1
    columns += [at - where if where >= 0 else np.full(n, -999)]
    after = run[-1] - run[1:]
    columns += [np.log1p(run[:-1]) - np.log1p(after)]
    return [level[:, None].astype(np.float32), *shifted, np.stack(columns, axis=1).astype(np.float32)]


def _last(flags: NDArray[np.bool_], at: Ints) -> Ints:
    """For each block the last one before it, or itself, that has the flag; -1 where none."""
    return np.maximum.accumulate(np.where(flags, at, -1))


def _since(flags: NDArray[np.bool_], at: Ints, n: int) -> list[Columns]:
    """Distances to the previous and the next block with the flag, capped."""
    before = np.concatenate([[-1], _last(flags, at)[:-1]])
    after = np.concatenate([np.minimum.accumulate(np.where(flags, at, n)[::-1])[::-1][1:], [n]])
    previous = np.where(before >= 0, np.minimum(at - before, _FAR), _NONE)
    following = np.where(after < n, np.minimum(after - at, _FAR), _NONE)
    return [previous.astype(np.float64), following.astype(np.float64)]


def _names() -> list[str]:
    names = ["level"]
    for step in NEIGHBOURS:
        names += [f"at{step:+d}_{part}" for part in ("words", "density", "good", "level", "wording", "same")]
    names += ["pos", "from_start", "to_end", "good_before", "good_before_rel", "good_after", "good_after_rel"]
    for width in WINDOWS:
        names += [f"win{width}_before", f"win{width}_after", f"win{width}_ratio"]
    names += ["since_good", "until_good", "since_h1", "until_h1", "h1s", "since_head", "head_level", "head_words"]
    return [*names, "head_wording", "head_good", "since_quiet", "until_quiet", "from_first_h1", "balance"]


NEAR_NAMES = tuple(_names())
