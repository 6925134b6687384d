"""Trains the splitter for HTML pages from single-article pages; `--cv` measures it instead.

    python -m training.tree FOLDER_OF_PAGE_SETS [--mixes N] [--cv OUT.pickle]

Deterministic for a seed. In the measurement every site that occurs in a test page is out of its training.
"""

import argparse
import gzip
import json
import pickle
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.errors import PageError
from broadsheet.html.scan.elements import Elements, element_arrays
from broadsheet.html.scan.naming import Lexicon
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.split.features import NAMES, BranchRows, rows
from broadsheet.html.split.learned import GATE, SECOND_NAMES, THRESHOLDS, second_stage
from training.cards import Card, data_sets, write_model
from training.dump import train
from training.export import flatten
from training.labels import block_labels
from training.pages import SETS, read_set, site_of
from training.tree_mix import Made, Story, container, mixed, shortened, slim

NOTHING = Lexicon({}, {})
FOLDS = 5
TESTS = ("dev-multi-html", "dev-site-html")
ALONE = 3.0
"""Weight of a page of one story against a made one: a wrong cut is worse than a missed one."""
SHORT = (90.0, 320.0)
"""Words of a story that is cut short."""
LEARNED_FROM = """
Single-article pages, pages of other kinds, and pages of two to five stories made of them by splicing scanned trees
(headings left h1, or made h2 or div; wrapped or not; a quarter from one site; three in ten cut short)."""
STORIES = (62, 24, 10, 4)
"""How many further stories a made page has, in parts of a hundred: one, two, three, four."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The two stages; the first is the mean of the halves while it is measured, and one model when it is shipped."""

    first: Any
    second: Any


def stories(folder: Path) -> list[Story]:
    """The single pages of all sets, scanned and labelled; pages of other types have no true text."""
    found = []
    for name in SETS:
        for page in read_set(folder, name):
            try:
                tree = scan(page.html)
            except PageError:
                continue
            article = page.type == "article" and bool(tree.blocks)
            labels = (
                block_labels([b.text for b in tree.blocks], page.truth)[0] if article else [False] * len(tree.blocks)
            )
            found.append(Story(page.id, page.site or page.id, name, slim(tree), tuple(labels), page.title))
    return found


def arrays(tree: Tree) -> Elements:
    """The elements as arrays; the words' weights of the block model are not asked for here."""
    return element_arrays(tree, NOTHING)


def _made(pages: Sequence[Story], count: int, rng: random.Random) -> list[Made]:
    """Pages as they are, and `count` pages of several stories."""
    hosts = [page for page in pages if container(page, 0.9)]
    by_site: dict[str, list[Story]] = {}
    for page in hosts:
        by_site.setdefault(page.site, []).append(page)
    pairs = [group for group in by_site.values() if len(group) > 1]
    made = [Made(page.tree, ()) for page in pages if any(page.body) or rng.random() < 0.6]
    made += [Made(shortened(page, rng.uniform(*SHORT)).tree, ()) for page in hosts if rng.random() < 0.3]
    for _ in range(count):
        further = 1 + rng.choices(range(4), STORIES)[0]
        group = rng.choice(pairs) if pairs and rng.random() < 0.25 else hosts
        host, *guests = rng.sample(group, min(len(group), further + 1))
        if rng.random() < 0.3:
            host, *guests = (shortened(page, rng.uniform(*SHORT)) for page in (host, *guests))
        joined = mixed(host, guests, rng)
        if joined is not None:
            made.append(joined)
    return made


def _marks(found: BranchRows, made: Made) -> Any:
    return np.isin(found.blocks, made.starts).astype(float)


def fit(pages: Sequence[Story], count: int, seed: int) -> Fitted:
    """Both stages: the second learns on scores of a first one that did not see the sites it learns from."""
    rng = random.Random(seed)
    sites = sorted({page.site for page in pages})
    rng.shuffle(sites)
    parted = [{*sites[::2]}, {*sites[1::2]}]
    halves = [_made([page for page in pages if page.site in half], count // 2, rng) for half in parted]
    found = [[rows(made.tree, arrays(made.tree)) for made in half] for half in halves]
    marks = [[_marks(r, made) for r, made in zip(f, half, strict=True)] for f, half in zip(found, halves, strict=True)]
    weights = [
        [np.full(len(y), 1.0 if made.starts else ALONE) for y, made in zip(m, half, strict=True)]
        for m, half in zip(marks, halves, strict=True)
    ]
    firsts = [
        train(np.concatenate([r.matrix for r in f]), np.concatenate(m), np.concatenate(w), 100)
        for f, m, w in zip(found, marks, weights, strict=True)
    ]
    matrices, ys, ws = [], [], []
    for k in (0, 1):
        for made, r, y, w in zip(halves[k], found[k], marks[k], weights[k], strict=True):
            if len(r.blocks):
                likely = firsts[1 - k].predict(r.matrix)
                if likely.max() >= GATE:
                    matrices.append(second_stage(made.tree, r, likely))
                    ys.append(y)
                    ws.append(w)
    first = train(
        np.concatenate([r.matrix for f in found for r in f]),
        np.concatenate([y for m in marks for y in m]),
        np.concatenate([w for half in weights for w in half]),
        100,
    )
    return Fitted(first, train(np.concatenate(matrices), np.concatenate(ys), np.concatenate(ws), 100))


def score(fitted: Fitted, tree: Tree) -> dict[str, Any]:
    """A page's candidates with both scores; empty where it has none or stays below the gate."""
    found = rows(tree, arrays(tree))
    if not len(found.blocks):
        return {"blocks": found.blocks, "scores": np.zeros(0), "sizes": found.sizes}
    likely = fitted.first.predict(found.matrix)
    scores = fitted.second.predict(second_stage(tree, found, likely)) if likely.max() >= GATE else likely
    return {"blocks": found.blocks, "first": likely, "scores": scores, "sizes": found.sizes}


def _tests(folder: Path) -> dict[str, list[dict[str, Any]]]:
    tests = {}
    for name in TESTS:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            tests[name] = [json.loads(line) for line in lines]
    return tests


def measure(pages: Sequence[Story], folder: Path, count: int, out: Path, folds: str) -> None:
    """Writes the scores of every test page and single page by models that saw none of its sites."""
    rng = random.Random(5)
    tests = _tests(folder)
    key = {page.title: page.site for page in pages}
    barred: list[set[str]] = [set() for _ in range(FOLDS)]
    fold = {}
    for name in TESTS:
        for index, row in enumerate(rng.sample(tests[name], len(tests[name]))):
            fold[row["id"]] = index % FOLDS
            barred[index % FOLDS] |= {
                site_of(row["url"] or ""),
                *(key.get(t["title"] or "?", "?") for t in row["truth"]),
            }
    rest = sorted({page.site for page in pages} - set().union(*barred))
    for index, site in enumerate(rng.sample(rest, len(rest))):
        barred[index % FOLDS].add(site)
    for k in map(int, folds):
        fitted = fit([page for page in pages if page.site not in barred[k]], count, k)
        found: list[dict[str, Any]] = []
        for name in TESTS:
            own = [row for row in tests[name] if fold[row["id"]] == k]
            found += [{"set": name, "id": row["id"], **score(fitted, scan(row["html"]))} for row in own]
        alone = [page for page in pages if next((q for q in range(FOLDS) if page.site in barred[q]), -1) == k]
        found += [{"set": page.set, "id": page.id, **score(fitted, page.tree)} for page in alone]
        out.with_suffix(f".{k}.pickle").write_bytes(pickle.dumps(found))
        sys.stdout.write(f"fold {k}: {len(found)} pages\n")
        sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mixes", type=int, default=1700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cv", type=Path)
    parser.add_argument("--folds", default="01234")
    parser.add_argument("--pages", type=Path, help="scanned pages kept from an earlier run (pickle)")
    chosen = parser.parse_args(arguments)
    if chosen.pages and chosen.pages.exists():
        pages = pickle.loads(chosen.pages.read_bytes())
    else:
        pages = stories(chosen.folder)
        if chosen.pages:
            chosen.pages.write_bytes(pickle.dumps(pages))
    if chosen.cv:
        measure(pages, chosen.folder, chosen.mixes, chosen.cv, chosen.folds)
        return
    fitted = fit(pages, chosen.mixes, chosen.seed)
    card = Card(
        "split_tree.npz",
        "Does a further story open at this block of an HTML page, by the tree alone?",
        f"python -m training.tree FOLDER --mixes {chosen.mixes} --seed {chosen.seed}",
        data_sets(chosen.folder, Counter(page.set for page in pages)),
        NAMES,
        {"gate": GATE},
        notes=" ".join(LEARNED_FROM.split()),
    )
    write_model(flatten(fitted.first, NAMES).dump(), card)
    second = replace(
        card,
        file="split_tree_second.npz",
        question="Does a further story open at this block of an HTML page, by tree, rivals and words?",
        columns=SECOND_NAMES,
        threshold=THRESHOLDS._asdict(),
    )
    write_model(flatten(fitted.second, SECOND_NAMES).dump(), second)


if __name__ == "__main__":
    main(sys.argv[1:])
