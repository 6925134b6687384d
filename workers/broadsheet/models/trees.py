"""Boosted trees as flat arrays: loaded from a data file, run by `broadsheet.native.trees`, the same answer everywhere.

Every tree is laid out as a full binary tree of one depth, so a step down is arithmetic: the children of node i are
2i + 1 and 2i + 2. Branches that end early repeat their leaf.
"""

import io
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.native.trees import Forest


def _rounded_down(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    """Float32 limits: a float32 number is above the rounded one exactly where it is above the float64 one that the
    trainer compared it with.
    """
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
    walked: Forest = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "walked", Forest(self.feature, _rounded_down(self.threshold), self.value))

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
        return self.walked.chances(matrix) if len(matrix) else np.zeros(0)

    def among(self, names: tuple[str, ...]) -> "Trees":
        """The same trees, asked with rows of other columns that hold theirs."""
        place = np.array([names.index(name) for name in self.names], dtype=np.int32)
        return Trees(names, place[self.feature], self.threshold, self.value)


class ColumnsError(ValueError):
    """A model was trained on other columns than the code gives it: it would answer, and be wrong."""


@cache
def load_model(name: str, columns: tuple[str, ...], *, chosen: bool = False) -> Trees:
    """The model of that name that comes with the package, asked with rows of `columns`; read once.

    With `chosen` it was trained on some of the columns and finds them by their names. Raises `ColumnsError` for a model
    of any other columns. Pure data, so the cache changes no answer.
    """
    trees = Trees.load(resources.files("broadsheet.models").joinpath(f"{name}.npz").read_bytes())
    if trees.names == columns:
        return trees
    unknown = [column for column in trees.names if column not in columns]
    if unknown or not chosen:
        said = f"does not give: {', '.join(unknown[:3])}" if unknown else "gives in another order, or with others"
        raise ColumnsError(f"the model {name} was trained on columns that the code {said}")
    return trees.among(columns)


class Thresholds(NamedTuple):
    """A page is cut at all only where one candidate reaches `first`; then every one that reaches `further` is a cut."""

    first: float
    further: float
