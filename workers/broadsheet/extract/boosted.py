"""Boosted trees as flat arrays: loaded from a data file, run in plain numpy, the same answer everywhere.

Every tree is laid out as a full binary tree of one depth, so a step down is arithmetic: the children of node i are
2i + 1 and 2i + 2. Branches that end early repeat their leaf. Thresholds stay float64, as the trainer compared them.
"""

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 512
"""Bounds the work arrays: 512 rows by 150 trees are 0.6 MB each."""


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble for one yes-or-no question. `names` are the columns it was trained on, in order."""

    names: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]

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
        parts = [self._margins(matrix[at : at + ROWS_AT_ONCE]) for at in range(0, len(matrix), ROWS_AT_ONCE)]
        return 1.0 / (1.0 + np.exp(-np.concatenate(parts)))

    def _margins(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        inner = self.feature.shape[1]
        trees = len(self.feature)
        flat_feature, flat_threshold = self.feature.ravel(), self.threshold.ravel()
        offset = (np.arange(trees) * inner)[:, None]
        row_offset = np.arange(len(rows)) * rows.shape[1]
        values = np.ascontiguousarray(rows).ravel()
        node = np.zeros((trees, len(rows)), dtype=np.intp)
        depth = (inner + 1).bit_length() - 1
        for _ in range(depth):
            at = node + offset
            right = values.take(flat_feature.take(at) + row_offset) > flat_threshold.take(at)
            node = 2 * node + 1 + right
        leaf = node - inner + (np.arange(trees) * (inner + 1))[:, None]
        margins: NDArray[np.float64] = self.value.ravel().take(leaf).sum(axis=0)
        return margins


@cache
def load_model(name: str) -> Trees:
    """The model of that name that comes with the package, read once: pure data, so the cache changes no answer."""
    return Trees.load(resources.files("broadsheet.models").joinpath(f"{name}.npz").read_bytes())
