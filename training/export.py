"""LightGBM's trees into the flat form that the worker runs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from broadsheet.models.trees import Trees


def flatten(booster: Any, names: Sequence[str]) -> Trees:
    """The trees of a trained booster (binary objective, numeric columns without missing values)."""
    roots = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    depth = max(_depth(root) for root in roots) or 1
    inner = 2**depth - 1
    feature = np.zeros((len(roots), inner), dtype=np.int32)
    threshold = np.full((len(roots), inner), np.inf)
    value = np.zeros((len(roots), inner + 1))
    for index, root in enumerate(roots):
        _fill(root, 0, feature[index], threshold[index], value[index])
    return Trees(tuple(names), feature, threshold, value)


def _depth(node: dict[str, Any]) -> int:
    return 0 if "leaf_value" in node else 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))


def _fill(node: dict[str, Any], at: int, feature: Any, threshold: Any, value: Any) -> None:
    inner = len(feature)
    if at >= inner:
        value[at - inner] = node["leaf_value"]
        return
    if "leaf_value" in node:
        _fill(node, 2 * at + 1, feature, threshold, value)
        _fill(node, 2 * at + 2, feature, threshold, value)
        return
    feature[at], threshold[at] = node["split_feature"], node["threshold"]
    _fill(node["left_child"], 2 * at + 1, feature, threshold, value)
    _fill(node["right_child"], 2 * at + 2, feature, threshold, value)
