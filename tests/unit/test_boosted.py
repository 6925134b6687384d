"""Boosted trees as flat arrays: the same walk as a tree drawn by hand."""

import numpy as np

from broadsheet.html.title.features import FEATURE_NAMES
from broadsheet.models.trees import Trees, load_model


def _trees() -> Trees:
    """x0 <= 1 ? (x1 <= 5 ? -2 : 1) : 3, twice."""
    return Trees(
        names=("x0", "x1"),
        feature=np.array([[0, 1, 0]] * 2, dtype=np.int32),
        threshold=np.array([[1.0, 5.0, np.inf]] * 2),
        value=np.array([[-2.0, 1.0, 3.0, 3.0]] * 2),
    )


def test_each_row_reaches_its_leaf() -> None:
    rows = np.array([[0, 4], [0, 6], [2, 0], [1, 5]], dtype=np.float32)
    margins = np.array([-4, 2, 6, -4])
    assert np.allclose(_trees().score(rows), 1 / (1 + np.exp(-margins)))


def test_no_rows_no_scores() -> None:
    assert _trees().score(np.zeros((0, 2), dtype=np.float32)).tolist() == []


def test_a_dumped_model_is_the_same_model() -> None:
    data = _trees().dump()
    again = Trees.load(data)
    rows = np.random.default_rng(1).normal(2, 3, (700, 2)).astype(np.float32)
    assert again.names == ("x0", "x1")
    assert np.array_equal(again.score(rows), _trees().score(rows))
    assert again.dump() == data


def test_the_package_s_models_are_read_once() -> None:
    assert load_model("title", FEATURE_NAMES) is load_model("title", FEATURE_NAMES)
