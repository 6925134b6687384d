"""Train the page decision: `python -m training.page ../shared/bench/data SCORES`.

SCORES are the cross-validated block scores that `training.body --scores` keeps: the page model must learn from what the
block model makes of pages it has not seen. Cross-validated by site; the threshold that `extract.decision.LEAST`
names is read off what this prints.
"""

import argparse
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.scores import settled
from broadsheet.html.refuse.decision import DECISION_NAMES, LEAST, page_numbers
from broadsheet.html.scan.tree import scan
from training.cards import Card, data_sets, measured, write_model
from training.export import flatten
from training.pages import SETS, TruePage, read_set

NO_ARTICLE = ("listing", "collection", "product")
FOLDS = 10
KEPT = 0.993
"""Of articles, in cross-validation: a little above the 99 % that is promised."""
TREES: dict[str, Any] = {
    "objective": "binary", "num_leaves": 8, "max_depth": 4, "learning_rate": 0.05, "min_data_in_leaf": 10,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "num_threads": 1,
    "verbose": -1, "seed": 1, "deterministic": True, "force_col_wise": True,
}  # fmt: skip
ROUNDS = 160
WITHOUT_ADDRESS = 0.3


def _fit(x: NDArray[np.float32], without: NDArray[np.float32], y: NDArray[np.float64]) -> Any:
    """Every page once with its address and, with less weight, once without: addresses may be unknown."""
    weight = np.concatenate([np.ones(len(y)), np.full(len(y), WITHOUT_ADDRESS)])
    rows = lightgbm.Dataset(np.concatenate([x, without]), np.concatenate([y, y]), weight=weight)
    return lightgbm.train(TREES, rows, ROUNDS)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scores", type=Path)
    given = parser.parse_args()
    scores = pickle.loads(given.scores.read_bytes())
    pages: list[TruePage] = []
    rows, bare = [], []
    for name in SETS:
        for page in read_set(given.folder, name):
            if page.type == "article" or page.type in NO_ARTICLE:
                tree = scan(page.html)
                seen = settled(scores[page.id])
                rows.append(page_numbers(tree, seen, page.url))
                bare.append(page_numbers(tree, seen, None))
                pages.append(page)
    x, without = np.stack(rows), np.stack(bare)
    y = np.array([page.type == "article" for page in pages], dtype=float)
    sites = sorted({page.site for page in pages})
    np.random.default_rng(0).shuffle(sites)
    fold = np.array([sites.index(page.site) % FOLDS for page in pages])
    chance = np.zeros(len(y))
    for k in range(FOLDS):
        seen = fold != k
        chance[~seen] = _fit(x[seen], without[seen], y[seen]).predict(x[~seen])
    told: dict[str, dict[str, float]] = {}
    for kept in (0.98, 0.99, KEPT, 0.995, 0.998):
        limit = float(np.quantile(chance[y == 1], 1 - kept))
        refused = float((chance[y == 0] < limit).mean())
        print(f"{kept:.3f} of articles kept: {refused:.3f} of the others refused, threshold {limit:.3f}")
        told[f"{kept:.3f} of articles kept"] = {"refused": round(refused, 3), "threshold": round(limit, 4)}
    lost = [(page.id, round(float(c), 3)) for page, c in zip(pages, chance, strict=True) if page.type == "article"]
    print("lowest articles", sorted(lost, key=lambda item: item[1])[:12])
    booster = _fit(x, without, y)
    gain = booster.feature_importance("gain")
    print([(DECISION_NAMES[i], round(gain[i] / gain.sum(), 3)) for i in np.argsort(-gain)[:25]])
    card = Card(
        "page.npz",
        "Does this page hold an article?",
        "python -m training.page FOLDER SCORES",
        data_sets(given.folder, Counter(page.set for page in pages)),
        DECISION_NAMES,
        {"least": LEAST},
        measured(f"{FOLDS} folds, no site in two of them; listings, collections and products refused", told),
    )
    write_model(flatten(booster, DECISION_NAMES).dump(), card)


if __name__ == "__main__":
    main()
