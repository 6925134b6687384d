"""Train the block model: `python -m training.body ../shared/bench/data`.

Cross-validates by site over all pages, prints the figures, and writes the model that is trained on all of them with
its card. The same data and seed give the same model. About twenty minutes on one core.
"""

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from broadsheet.html.body.scores import THRESHOLD
from broadsheet.html.scan.tree import scan
from training.cards import Card, Figures, data_sets, measured, write_model
from training.export import flatten
from training.fitting import Doubles, Fitted, Sample, column_names, fit, sample, site_folds
from training.labels import words
from training.pages import SETS, read_set

FOLDS = 5
QUESTION = "Is this block of an HTML page true text of its article?"
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


def write(fitted: Fitted, folder: Path, taught: Sequence[Sample], figures: Figures | None) -> None:
    """The model and the words, each with its card, into the package."""
    data = data_sets(folder, Counter(s.set for s in taught))
    columns = tuple(column_names(fitted))
    made_by = "python -m training.body FOLDER"
    weights = {"text": fitted.lexicon.text, "names": fitted.lexicon.names}
    words_file = json.dumps(weights, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    write_model(
        flatten(fitted.booster, columns).dump(),
        Card("body.npz", QUESTION, made_by, data, columns, {"least": THRESHOLD}, figures),
    )
    asked = "What do a block's words, and names around it, say of it?"
    write_model(words_file, Card("words.json", asked, made_by, data))


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
    told: Figures | None = None
    if not given.skip_cv:
        scores = cross_validate(samples, given.seed)
        if given.scores:
            given.scores.write_bytes(pickle.dumps({s.id: v for s, v in zip(samples, scores, strict=True)}))
        for threshold in (0.4, THRESHOLD, 0.5):
            found = {name: figures(samples, scores, threshold, name) for name in SHOWN}
            print(threshold, json.dumps(found), flush=True)
            if threshold == THRESHOLD:
                told = measured(f"{FOLDS} folds, no site in two of them; blocks as the model gives them", found)
    write(fit(taught, KEEP), given.folder, taught, told)
    print("written", flush=True)


if __name__ == "__main__":
    main()
