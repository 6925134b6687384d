"""Boosted trees in numpy, as `broadsheet.native.trees` runs them."""

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 512
"""Bounds the work arrays: 512 rows by 150 trees are 0.6 MB each, the answers of 2,000 questions 1 MB."""


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
