"""Train the choices of fields: `python -m training.fields ../shared/bench/data`.

For each field the page offers candidates; a model scores them and the best is taken. Cross-validated by site, then
trained on all pages. The same data and seed give the same models. Two minutes on one core.
"""

import argparse
import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from broadsheet.html.authors import features as author_features
from broadsheet.html.authors.candidates import author_candidates
from broadsheet.html.authors.choice import LEAST
from broadsheet.html.authors.rules import rule_authors, site_names
from broadsheet.html.head.jsonld import describe
from broadsheet.html.head.site import read_site
from broadsheet.html.scan.surroundings import Surroundings
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.title import features as title_features
from broadsheet.html.title.candidates import head_titles, title_candidates
from broadsheet.html.title.headings import find_headings
from broadsheet.html.title.rules import first_heading, read_told, rule_title
from broadsheet.models.trees import Trees
from training.cards import Card, data_sets, measured, write_model
from training.export import flatten
from training.pages import site_of

SETS = ("dev-wcxb-article", "dev-fundus", "dev-wcxb-article-more")
FOLDS = 5
SEEDS = (1, 2, 3)
"""The model that ships is the sum of so many, each on other samples of rows and columns: steadier than one."""
ROUNDS = 70
NEWS = ("dev-fundus",)
NEWS_WEIGHT = 2.5
"""News pages are what the worker is for, and the fewer of the two kinds: news gains 0.02, others lose nothing."""
TREES: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 12,
    "max_depth": 5,
    "learning_rate": 0.1,
    "min_data_in_leaf": 8,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "verbose": -1,
    "deterministic": True,
    "force_col_wise": True,
}
_TOKEN = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one page for one field: their rows, and how right each is (0-1); none is where it is silent."""

    of: str
    site: str
    rows: NDArray[np.float32]
    right: NDArray[np.float64]
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field to choose: its model's name, question and columns, and a page's choice (None where it teaches nothing).

    `truth` is the field's name in the page sets; a candidate less likely than `least` is not taken.
    """

    name: str
    question: str
    columns: tuple[str, ...]
    choice: Callable[[Tree, str, dict[str, Any]], tuple[NDArray[np.float32], list[float]] | None]
    truth: str
    least: float = 0.0


def fold(text: str | None) -> str:
    """Words as the scorer compares them."""
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFKC", text or "").lower()))


def authors_of(tree: Tree, url: str, truth: dict[str, Any]) -> tuple[NDArray[np.float32], list[float]] | None:
    """The candidates for the authors, each with its F1 of names: 0 for all of a page that names nobody."""
    described = describe(tree.head.json_ld, url)
    site = read_site(tree.head, described, url)
    headings = find_headings(tree)
    title = rule_title(read_told(tree, described, site, url, headings.h1s))
    heading = first_heading(tree, title.text, headings.h1s)
    around = Surroundings.of(tree, heading)
    ruled = rule_authors(tree, described, site, heading).authors
    groups = author_candidates(around, described, [author.name for author in ruled], site_names(site))
    wanted = {fold(name) for name in truth.get("authors") or ()}
    right = []
    for group in groups:
        got = {fold(name) for name in group.names}
        right.append(2 * len(got & wanted) / (len(got) + len(wanted)))
    return author_features.author_rows(groups, around, site, title.text), right


def title_of(tree: Tree, url: str, truth: dict[str, Any]) -> tuple[NDArray[np.float32], list[float]] | None:
    """The candidates for the headline; right is the exact one."""
    if not truth.get("title"):
        return None
    described = describe(tree.head.json_ld, url)
    site = read_site(tree.head, described, url)
    headings, titles = find_headings(tree), head_titles(tree, described)
    ruled = rule_title(read_told(tree, described, site, url, headings.h1s))
    candidates = title_candidates(tree, titles, headings, site, ruled.text)
    around = Surroundings.of(tree, headings.h1s[0].block if headings.h1s else None)
    rows = title_features.title_rows(candidates, titles, headings, site, url, around)
    return rows, [float(fold(candidate.text) == fold(truth["title"])) for candidate in candidates]


FIELDS = (
    Field(
        "authors",
        "Which of these names are the article's authors?",
        author_features.FEATURE_NAMES,
        authors_of,
        "authors",
        LEAST,
    ),
    Field("title", "Which of these texts is the article's headline?", title_features.FEATURE_NAMES, title_of, "title"),
)


def read_choices(folder: Path, fields: Sequence[Field]) -> dict[str, list[Choice]]:
    """Every page scanned once, its choices for each field."""
    found: dict[str, list[Choice]] = {field.name: [] for field in fields}
    for name in SETS:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                tree = scan(row["html"])
                for field in fields:
                    choice = field.choice(tree, row["url"], row["truth"])
                    if choice is not None:
                        rows, right = choice
                        silent = not row["truth"].get(field.truth)
                        found[field.name].append(Choice(name, site_of(row["url"]), rows, np.array(right), silent))
    return found


def fit(choices: Sequence[Choice]) -> list[Any]:
    """The boosters whose sum chooses."""
    seen = [choice for choice in choices if len(choice.rows)]
    rows = np.concatenate([choice.rows for choice in seen])
    goal = np.concatenate([(choice.right > 0.99).astype(float) for choice in seen])
    weight = np.concatenate([np.full(len(choice.rows), NEWS_WEIGHT if choice.of in NEWS else 1.0) for choice in seen])
    return [
        lightgbm.train({**TREES, "seed": seed}, lightgbm.Dataset(rows, goal, weight=weight), ROUNDS) for seed in SEEDS
    ]


def train(choices: Sequence[Choice], columns: Sequence[str]) -> bytes:
    """The model that ships: the bytes of its file."""
    return merged(fit(choices), columns)


def cross_validate(choices: Sequence[Choice], seed: int, least: float) -> dict[str, dict[str, float]]:
    """Mean rightness of what is chosen on sites the model did not see, with the best any choice could give.

    `said_where_silent` is the share of pages without the field for which something is chosen all the same.
    """
    sites = sorted({choice.site for choice in choices})
    np.random.default_rng(seed).shuffle(sites)
    place = {site: i % FOLDS for i, site in enumerate(sites)}
    got: dict[str, list[float]] = {name: [] for name in SETS}
    best: dict[str, list[float]] = {name: [] for name in SETS}
    said: dict[str, list[float]] = {name: [] for name in SETS}
    for number in range(FOLDS):
        boosters = fit([choice for choice in choices if place[choice.site] != number])
        for choice in choices:
            if place[choice.site] != number:
                continue
            right, taken = 0.0, False
            if len(choice.rows):
                margin = sum(b.predict(choice.rows, raw_score=True) for b in boosters) / len(boosters)
                at = int(np.argmax(margin))
                taken = bool(1 / (1 + np.exp(-margin[at])) >= least)
                right = float(choice.right[at]) if taken else 0.0
            if choice.silent:
                said[choice.of].append(float(taken))
            else:
                got[choice.of].append(right)
                best[choice.of].append(float(max(choice.right, default=0.0)))
    return {
        name: {"pages": len(got[name]), "right": round(float(np.mean(got[name])), 4),
               "best_possible": round(float(np.mean(best[name])), 4),
               **({"said_where_silent": round(float(np.mean(said[name])), 4)} if said[name] else {})}
        for name in SETS
    }  # fmt: skip


def merged(boosters: Sequence[Any], columns: Sequence[str]) -> bytes:
    """One model file of several boosters: the mean of their margins, by leaves divided by their number."""
    parts = [flatten(booster, list(columns)) for booster in boosters]
    depth = max(part.feature.shape[1] for part in parts)
    assert all(part.feature.shape[1] == depth for part in parts), "boosters differ in depth"
    return Trees(
        tuple(columns),
        np.concatenate([part.feature for part in parts]),
        np.concatenate([part.threshold for part in parts]),
        np.concatenate([part.value for part in parts]) / len(parts),
    ).dump()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of page sets with truth")
    parser.add_argument("--seed", type=int, default=0, help="of the outer folds")
    parser.add_argument("--only", choices=[field.name for field in FIELDS], action="append")
    given = parser.parse_args()
    fields = [field for field in FIELDS if not given.only or field.name in given.only]
    choices = read_choices(given.folder, fields)
    for field in fields:
        found = choices[field.name]
        shown = cross_validate(found, given.seed, field.least)
        print(field.name, json.dumps(shown), flush=True)
        card = Card(
            f"{field.name}.npz",
            field.question,
            f"python -m training.fields FOLDER --only {field.name}",
            data_sets(given.folder, Counter(choice.of for choice in found)),
            field.columns,
            {"least": field.least} if field.least else {},
            measured(f"{FOLDS} folds, no site in two of them", shown),
        )
        write_model(train(found, field.columns), card)


if __name__ == "__main__":
    main()
