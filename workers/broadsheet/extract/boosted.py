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
    from broadsheet.native.trees import Forest
except ImportError:
    Forest = None  # type: ignore[assignment, misc]

ROWS_AT_ONCE = 512
"""Bounds the work arrays: 512 rows by 150 trees are 0.6 MB each, the answers of 2,000 questions 1 MB."""


def _rounded_down(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    """Float32 limits: a float32 number is above the rounded one exactly where it is above the float64 one that the
    trainer compared it with.
    """
    with np.errstate(over="ignore"):
        near = threshold.astype(np.float32)
    return np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)


class Questions:
    """Trees that lie in rows, a node a column, as the questions that the nodes ask, each once.

    A question is whether `column` is above `limit`; `at` tells which one each node asks, tree by tree. `nodes` and
    `leaves` lead from a node to the same tree's next level.
    """

    def __init__(self, feature: NDArray[np.int32], limit: NDArray[np.float32], value: NDArray[np.float64]) -> None:
        trees, inner = feature.shape
        keys = feature.astype(np.int64) << 32 | limit.view(np.uint32)
        _, where, which = np.unique(keys.ravel(), return_index=True, return_inverse=True)
        asked = which.reshape(trees, inner).astype(np.intp)
        tree = np.arange(trees, dtype=np.intp)[:, None]
        self.column = feature.ravel()[where].astype(np.intp)
        self.limit = limit.ravel()[where][:, None]
        self.at = asked.ravel()
        self.first, self.second, self.third = asked[:, 0], asked[:, min(1, inner - 1)], asked[:, min(2, inner - 1)]
        self.nodes = 1 - tree * inner
        self.leaves = tree - inner
        self.depth = (inner + 1).bit_length() - 1
        self.value = value.ravel()

    def margins(self, matrix: NDArray[np.float32], out: NDArray[np.float64]) -> None:
        """Add up for each row the leaves it falls into, tree by tree, into `out`."""
        for at in range(0, len(matrix), ROWS_AT_ONCE):
            self._add(matrix[at : at + ROWS_AT_ONCE], out[at : at + ROWS_AT_ONCE])

    def _add(self, rows: NDArray[np.float32], out: NDArray[np.float64]) -> None:
        count = len(rows)
        answers = rows.T.take(self.column, axis=0) > self.limit
        # All rows are at the root, then at one of two nodes: no need to look each up.
        right = answers.take(self.first, axis=0)
        node = 1 - self.nodes + 1 + right
        if self.depth > 1:
            right = np.where(right, answers.take(self.third, axis=0), answers.take(self.second, axis=0))
            node += node
            node += self.nodes
            node += right
        flat, row = answers.ravel(), np.arange(count)
        for _ in range(self.depth - 2):
            question = self.at.take(node)
            question *= count
            question += row
            right = flat.take(question)
            node += node
            node += self.nodes
            node += right
        node += self.leaves
        leaves = self.value.take(node)
        # Of a single column numpy sums pairs of pairs: in another order, with another last bit.
        out[:] = leaves.sum(axis=0) if count > 1 else leaves.cumsum()[-1:]


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble for one yes-or-no question. `names` are the columns it was trained on, in order."""

    names: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]
    walked: "Forest | Questions" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        made = Questions if Forest is None else Forest
        object.__setattr__(self, "walked", made(self.feature, _rounded_down(self.threshold), self.value))

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
        if not isinstance(self.walked, Questions):
            return self.walked.chances(matrix)
        margins = np.empty(len(matrix))
        self.walked.margins(matrix, margins)
        return 1.0 / (1.0 + np.exp(-margins))

    def among(self, names: tuple[str, ...]) -> "Trees":
        """The same trees, asked with rows of other columns that hold theirs."""
        place = np.array([names.index(name) for name in self.names], dtype=np.int32)
        return Trees(names, place[self.feature], self.threshold, self.value)


@cache
def load_model(name: str) -> Trees:
    """The model of that name that comes with the package, read once: pure data, so the cache changes no answer."""
    return Trees.load(resources.files("broadsheet.models").joinpath(f"{name}.npz").read_bytes())
