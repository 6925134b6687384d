"""Boosted trees as flat arrays: loaded from a data file, run in plain numpy, the same answer everywhere.

Every tree is laid out as a full binary tree of one depth, so a step down is arithmetic: the children of node i are
2i + 1 and 2i + 2. Branches that end early repeat their leaf.

The questions that nodes ask ("is this column above that threshold") are fewer than the nodes: each is answered once
for all rows, and a step down looks its answer up.
"""

import io
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

try:
    from broadsheet.native import trees as native
except ImportError:
    native = None  # type: ignore[assignment]

ROWS_AT_ONCE = 512
"""Bounds the work arrays: 512 rows by 150 trees are 0.6 MB each, the answers of 2,000 questions 1 MB."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What the nodes ask, each once: whether `column` is above `limit`; `at` tells which one each node asks, tree by
    tree. `nodes` and `leaves` lead from a node to the same tree's next level: see `Trees._margins`.

    Limits are float32, rounded down: a float32 number is above the rounded one exactly where it is above the float64
    that the trainer compared it with.
    """

    column: NDArray[np.intp]
    limit: NDArray[np.float32]
    at: NDArray[np.intp]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    third: NDArray[np.intp]
    nodes: NDArray[np.intp]
    leaves: NDArray[np.intp]
    depth: int

    @classmethod
    def of(cls, feature: NDArray[np.int32], threshold: NDArray[np.float64]) -> "Questions":
        """The questions of trees that lie in rows, a node a column."""
        trees, inner = feature.shape
        limit = _rounded_down(threshold)
        keys = feature.astype(np.int64) << 32 | limit.view(np.uint32)
        _, where, which = np.unique(keys.ravel(), return_index=True, return_inverse=True)
        asked = which.reshape(trees, inner).astype(np.intp)
        tree = np.arange(trees, dtype=np.intp)[:, None]
        return cls(
            column=feature.ravel()[where].astype(np.intp),
            limit=limit.ravel()[where][:, None],
            at=asked.ravel(),
            first=asked[:, 0],
            second=asked[:, min(1, inner - 1)],
            third=asked[:, min(2, inner - 1)],
            nodes=1 - tree * inner,
            leaves=tree - inner,
            depth=(inner + 1).bit_length() - 1,
        )


def _rounded_down(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        near = threshold.astype(np.float32)
    return np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble for one yes-or-no question. `names` are the columns it was trained on, in order."""

    names: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]
    asked: Questions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked", Questions.of(self.feature, self.threshold))

    @classmethod
    def load(cls, data: bytes) -> "Trees":
        """From the bytes of a model file: a numpy archive of `names`, `feature`, `threshold`, `value`."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(
                names=tuple(str(name) for name in arrays["names"]),
                feature=arrays["feature"].astype(np.int32),
                threshold=arrays["threshold"].astype(np.float64),
                value=arrays["value"].astype(np.float64),
            )

    def dump(self) -> bytes:
        """The bytes that `load` reads; the same for the same trees."""
        held = io.BytesIO()
        np.savez_compressed(
            held,
            names=np.array(self.names),
            feature=self.feature.astype(np.int16),
            threshold=self.threshold,
            value=self.value.astype(np.float32),
        )
        return held.getvalue()

    def score(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of yes for each row of `matrix` (rows by `len(names)`)."""
        if not len(matrix):
            return np.zeros(0)
        if native is not None:
            margins = np.empty(len(matrix))
            native.margins(matrix, self.feature, self.threshold, self.value, margins)
            return 1.0 / (1.0 + np.exp(-margins))
        parts = [self._margins(matrix[at : at + ROWS_AT_ONCE]) for at in range(0, len(matrix), ROWS_AT_ONCE)]
        return 1.0 / (1.0 + np.exp(-np.concatenate(parts)))

    def _margins(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        asked, count = self.asked, len(rows)
        answers = rows.T.take(asked.column, axis=0) > asked.limit
        # All rows are at the root, then at one of two nodes: no need to look each up.
        right = answers.take(asked.first, axis=0)
        node = 1 - asked.nodes + 1 + right
        if asked.depth > 1:
            right = np.where(right, answers.take(asked.third, axis=0), answers.take(asked.second, axis=0))
            node += node
            node += asked.nodes
            node += right
        flat, row = answers.ravel(), np.arange(count)
        for _ in range(asked.depth - 2):
            question = asked.at.take(node)
            question *= count
            question += row
            right = flat.take(question)
            node += node
            node += asked.nodes
            node += right
        node += asked.leaves
        margins: NDArray[np.float64] = self.value.ravel().take(node).sum(axis=0)
        return margins


@cache
def load_model(name: str) -> Trees:
    """The model of that name that comes with the package, read once: pure data, so the cache changes no answer."""
    return Trees.load(resources.files("broadsheet.models").joinpath(f"{name}.npz").read_bytes())
