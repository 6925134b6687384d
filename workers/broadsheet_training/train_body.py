"""Train the block model: `python -m broadsheet_training.train_body ../shared/bench/data`.

Cross-validates by site over all pages, prints the figures, and writes the model that is trained on all of them with
its card. The same data and seed give the same model. About twenty minutes on one core.
"""

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.html.body.scores import THRESHOLD
from broadsheet.html.scan.tree import scan
from broadsheet_training.export import flatten
from broadsheet_training.fitting import Doubles, Fitted, Sample, column_names, fit, sample, site_folds
from broadsheet_training.labels import words
from broadsheet_training.pages import SETS, read_set

MODELS = Path(__file__).resolve().parent.parent / "broadsheet" / "models"
FOLDS = 5
KEEP = 150
TAUGHT = ("article", "service", "documentation", "forum")
SHOWN = ("dev-wcxb-article", "dev-fundus", "dev-wcxb-article-more")


def read_samples(folder: Path) -> list[Sample]:
    """All pages of the single-article sets, scanned and labelled."""
    return [
        sample(page.id, page.set, page.site, page.type, scan(page.html), page.truth)
        for name in SETS
        for page in read_set(folder, name)
    ]


def cross_validate(samples: Sequence[Sample], seed: int) -> list[Doubles]:
    """Scores for every page by a model that saw no page of its site."""
    folds = site_folds(samples, FOLDS, seed)
    scores: list[Doubles] = [np.zeros(0)] * len(samples)
    for fold in range(FOLDS):
        seen = [s for s, f in zip(samples, folds, strict=True) if f != fold and s.type in TAUGHT]
        fitted = fit(seen, KEEP)
        for i, s in enumerate(samples):
            if folds[i] == fold:
                scores[i] = fitted.score(s)
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return scores


def figures(samples: Sequence[Sample], scores: Sequence[Doubles], threshold: float, of: str) -> dict[str, float]:
    """The scorer's body figures of one set."""
    precision, recall, wrecked = [], [], 0
    for s, score in zip(samples, scores, strict=True):
        if s.set != of:
            continue
        got = [w for i in np.nonzero(score >= threshold)[0] for w in words(s.tree.blocks[i].text)]
        mine, true = _shingles(got), _shingles(s.true_words)
        hit = sum((mine & true).values())
        p = hit / mine.total() if mine else None
        r = hit / true.total() if true else None
        precision += [p] if p is not None else []
        recall += [r] if r is not None else []
        wrecked += bool(true) and (not hit or 2 * hit / (mine.total() + true.total()) < 0.5)
    p, r = float(np.mean(precision)), float(np.mean(recall))
    return {"f1": round(2 * p * r / (p + r), 4), "precision": round(p, 4), "recall": round(r, 4), "wrecked": wrecked}


def _shingles(found: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[i : i + 4]) for i in range(max(1, len(found) - 3))) if found else Counter()


def write(fitted: Fitted, card: dict[str, Any]) -> None:
    """The model, the words and the card, into the package."""
    (MODELS / "body.npz").write_bytes(flatten(fitted.booster, column_names(fitted)).dump())
    weights = {"text": fitted.lexicon.text, "names": fitted.lexicon.names}
    (MODELS / "words.json").write_text(json.dumps(weights, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    (MODELS / "body.json").write_text(json.dumps(card, indent=2) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of page sets with truth")
    parser.add_argument("--seed", type=int, default=0, help="of the outer folds")
    parser.add_argument("--skip-cv", action="store_true", help="only train the model that ships")
    parser.add_argument("--scores", type=Path, help="keep the cross-validated scores here (pickle)")
    given = parser.parse_args()
    samples = read_samples(given.folder)
    print(f"{len(samples)} pages", flush=True)
    taught = [s for s in samples if s.type in TAUGHT]
    card: dict[str, Any] = {"pages": len(taught), "sites": len({s.site for s in taught}), "threshold": THRESHOLD}
    if not given.skip_cv:
        scores = cross_validate(samples, given.seed)
        if given.scores:
            given.scores.write_bytes(pickle.dumps({s.id: v for s, v in zip(samples, scores, strict=True)}))
        for threshold in (0.4, THRESHOLD, 0.5):
            found = {name: figures(samples, scores, threshold, name) for name in SHOWN}
            print(threshold, json.dumps(found), flush=True)
            if threshold == THRESHOLD:
                card["cross_validated"] = found
    write(fit(taught, KEEP), card)
    print("written", flush=True)


if __name__ == "__main__":
    main()
