"""Train the page decision: `python -m training.page ../shared/bench/data SCORES`.

SCORES are the cross-validated block scores that `training.body --scores` keeps: the page model must learn from what the
block model makes of pages it has not seen. Sets that the block model did not learn from are scored by it as it ships.
The thresholds that `html.refuse.decision.LEAST` names are read off what this prints: shares of stories kept on sites
that the model did not see, and on whole sets and whole languages that it did not see.
"""

import argparse
import pickle
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.scores import body_scores, settled
from broadsheet.html.refuse.decision import LEAST, column_names, page_columns
from broadsheet.html.scan.tree import scan
from training.cards import Card, data_sets, measured, write_model
from training.export import flatten
from training.pages import SETS, TruePage, read_set

OTHER_SETS = ("dev-fixtures", "dev-chinese", "dev-dates", "dev-chunks")
"""Stories of other origins and in other languages. No page of theirs is said to be none."""
ORIGINS = {
    "dev-fundus": ("dev-fundus",),
    "dev-fixtures": ("dev-fixtures",),
    "dev-chinese": ("dev-chinese",),
    "dev-dates and dev-chunks": ("dev-dates", "dev-chunks"),
}
"""What is left out as a whole to see how many stories of a new origin are kept; two sets that share pages are one."""
NO_ARTICLE = ("listing", "collection", "product")
FOLDS = 10
KEPT = (0.98, 0.99, 0.993, 0.995, 0.998)
LANGUAGE_PAGES = 12
"""A language with fewer pages tells nothing."""
TREES: dict[str, Any] = {
    "objective": "binary", "num_leaves": 8, "max_depth": 4, "learning_rate": 0.05, "min_data_in_leaf": 10,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "num_threads": 1,
    "verbose": -1, "seed": 1, "deterministic": True, "force_col_wise": True,
}  # fmt: skip
ROUNDS = 160
WITHOUT_ADDRESS = 0.3
_LANGUAGE = re.compile(r"<html[^>]*\blang=[\"']?([a-z]{2})", re.IGNORECASE)
_ROOT = re.compile(r"https?://[^/]+/?$")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the model sees it, with its address and without; whether it is a story."""

    page: TruePage
    language: str
    row: NDArray[np.float32]
    bare: NDArray[np.float32]
    story: bool


def read_pages(folder: Path, scores: Mapping[str, NDArray[np.float64]]) -> list[Seen]:
    """Stories, and listings, collections and products. A site's front page is no story, whatever its set says."""
    found = []
    for name in (*SETS, *OTHER_SETS):
        for page in read_set(folder, name):
            if page.type != "article" and page.type not in NO_ARTICLE:
                continue
            tree = scan(page.html)
            if not tree.blocks or (name in OTHER_SETS and _ROOT.match(page.url)):
                continue
            seen = settled(scores[page.id]) if page.id in scores else body_scores(tree)
            row, bare = (
                np.array(list(page_columns(tree, seen, url).values()), dtype=np.float32) for url in (page.url, None)
            )
            language = _LANGUAGE.search(page.html[:5_000])
            found.append(Seen(page, language[1].lower() if language else "", row, bare, page.type == "article"))
    return found


def fit(pages: Sequence[Seen]) -> Any:
    """Every page once with its address and, with less weight, once without: addresses may be unknown."""
    rows = np.concatenate([np.stack([one.row for one in pages]), np.stack([one.bare for one in pages])])
    goal = np.tile([float(one.story) for one in pages], 2)
    weight = np.repeat([1.0, WITHOUT_ADDRESS], len(pages))
    return lightgbm.train(TREES, lightgbm.Dataset(rows, goal, weight=weight), ROUNDS)


def chances(pages: Sequence[Seen], held: Iterable[set[int]]) -> NDArray[np.float64]:
    """The chance of each page by a model that saw none of its group; NaN for those in no group."""
    found = np.full(len(pages), np.nan)
    for group in held:
        booster = fit([one for at, one in enumerate(pages) if at not in group])
        places = sorted(group)
        found[places] = booster.predict(np.stack([pages[at].row for at in places]))
    return found


def by_site(pages: Sequence[Seen]) -> list[set[int]]:
    """Folds of which no two share a site."""
    sites = sorted({one.page.site for one in pages})
    np.random.default_rng(0).shuffle(sites)
    fold = {site: number % FOLDS for number, site in enumerate(sites)}
    return [{at for at, one in enumerate(pages) if fold[one.page.site] == number} for number in range(FOLDS)]


def by_origin(pages: Sequence[Seen]) -> dict[str, set[int]]:
    """Whole sets, and whole languages but English."""
    groups = {name: {at for at, one in enumerate(pages) if one.page.set in sets} for name, sets in ORIGINS.items()}
    spoken = Counter(one.language for one in pages if one.story)
    for language in sorted(spoken):
        if language not in ("", "en") and spoken[language] >= LANGUAGE_PAGES:
            groups[f"language {language}"] = {at for at, one in enumerate(pages) if one.language == language}
    return groups


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scores", type=Path)
    given = parser.parse_args()
    pages = read_pages(given.folder, pickle.loads(given.scores.read_bytes()))
    story = np.array([one.story for one in pages])
    chance = chances(pages, by_site(pages))
    told: dict[str, dict[str, float]] = {}
    for kept in KEPT:
        limit = float(np.quantile(chance[story], 1 - kept))
        refused = float((chance[~story] < limit).mean())
        told[f"{kept:.3f} of stories kept"] = {"refused": round(refused, 3), "threshold": round(limit, 4)}
    for name, group in by_origin(pages).items():
        unseen = chances(pages, [group])[sorted(at for at in group if story[at])]
        told[f"{name} left out"] = {"stories": len(unseen)} | {
            f"kept at {word}": round(float((unseen >= least).mean()), 4) for word, least in LEAST.items()
        }
    for name, figures in told.items():
        print(name, figures, flush=True)
    low = sorted((round(float(c), 3), one.page.id) for c, one in zip(chance, pages, strict=True) if one.story)
    print("lowest stories", low[:20])
    card = Card(
        "page.npz",
        "Does this page hold an article?",
        "python -m training.page FOLDER SCORES",
        data_sets(given.folder, Counter(one.page.set for one in pages)),
        column_names(),
        {str(boldness): least for boldness, least in LEAST.items()},
        measured(f"{FOLDS} folds, no site in two of them; listings, collections and products refused", told),
    )
    write_model(flatten(fit(pages), column_names()).dump(), card)


if __name__ == "__main__":
    main()
