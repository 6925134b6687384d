"""Trains the splitter for dumps and the line classifier from single-article pages; writes their model files.
A second model of headlines is trained beside them (`training.heads`).

    python -m training.dump FOLDER_OF_PAGE_SETS [--mixes N] [--seed N]

Deterministic for a seed. The second model, of zones, learns on scores of first models that did not see the sites it
learns from: sites are parted in two halves, each half's dumps are scored by the model of the other. Beside the made
dumps it sees every page alone, its main part and all of it: what must not be cut. The third, of the parts that cuts
leave, learns in the same way on the likely cuts that a second model of the other half finds, in these dumps and in as
many again.
"""

import argparse
import json
import pickle
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from resiliparse.extract.html2text import extract_plain_text

from broadsheet.cohesion import lexicon as lexicons
from broadsheet.cohesion.lexicon import Lexicon
from broadsheet.cohesion.lines import Lines, read
from broadsheet.dump.features import base
from broadsheet.dump.scores import BODY
from broadsheet.dump.split import cuts as shipped
from broadsheet.dump.split.boundary import Candidates, candidates, cut, zone_names, zone_of
from broadsheet.dump.split.parts import NAMES as PART_NAMES
from broadsheet.dump.split.parts import Parts
from broadsheet.models.trees import Thresholds
from training.cards import MODELS, Card, data_sets, write_model
from training.dump_mix import Line, Mix, Source, alone, cleaned, jittered, make_source, mixes, places
from training.export import flatten
from training.pages import TruePage, read_set

SETS = ("dev-wcxb-article", "dev-fundus", "dev-wcxb-article-more")
HELD = 0.85
"""A source's dump must hold this share of its true text."""
NEAR_LINES = 12
FAR_SHARE = 0.2
"""Rows further than `NEAR_LINES` from a join are thinned to this share, and weigh as much more."""
SEGMENT_ROWS = 120_000
LIKELY = Thresholds(first=0.1, further=0.07)
"""Zones that the third model learns from: some more than it is asked about."""
THRESHOLDS_OF = {
    "split_zones": shipped.LIKELY._asdict(),
    "split_parts": shipped.THRESHOLDS._asdict(),
    "lines_body": {"least": BODY},
}
"""What the worker asks of the models' answers."""
ASIDE_WORDS = 20
"""A cut so few words of true text away from a join finds it."""
QUESTIONS = {
    "split_join": "Does a further story open at this line of a dump? (one half of the sites)",
    "split_title": "Is this line of a dump a headline? (one half of the sites)",
    "split_zones": "Does this zone of a dump, between two lines of prose, hold the start of a further story?",
    "split_parts": "Does a cut here part two stories, by what it leaves on its two sides?",
    "lines_body": "Is this line of a story's stretch its body?",
    "lines_title": "Is this line of a story's stretch its headline, seen alone?",
}
LEARNED_FROM = """
Dumps of one to five stories made of single-article pages that hold their text: some without blank lines, from one site,
under one page's furniture, whole, short, with doubled heads, teasers, halves of one story, in other alphabets; for the
zones and the parts also every page alone, its main part and all of it; for the parts as many dumps and pages again."""

Row = tuple[Mix, Lines, Any]
Weighed = tuple[Mix, Lines, Candidates]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The boosters of one training: two halves of the first stage, zones, parts, body and title of a segment."""

    lexicon: Lexicon
    names: list[str]
    join: tuple[Any, Any]
    title: tuple[Any, Any]
    zones: Any
    parts: Any
    body: Any
    headline: Any


def sources(folder: Path) -> list[Source]:
    """The single-article pages of the sets as labelled dumps."""
    found = (labelled(page) for name in SETS for page in read_set(folder, name))
    return [s for s in found if usable(s)]


def labelled(page: TruePage) -> Source:
    """A page as a labelled dump, of its main part and of the whole."""
    return make_source(page, extract_plain_text(page.html, main_content=True), extract_plain_text(page.html))


def kept_sources(folder: Path, kept: Path | None) -> list[Source]:
    """The same, from a file of an earlier run where there is one."""
    if kept and kept.exists():
        read_back: list[Source] = pickle.loads(kept.read_bytes())
        return read_back
    found = sources(folder)
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def usable(source: Source) -> bool:
    """Whether the dump holds its true text, and that is an article."""
    return source.held > HELD and bool(source.lines) and len(source.truth.split()) > 30


def table(lines: Sequence[Line], lexicon: Lexicon) -> tuple[Lines, Any]:
    """The columns and the feature matrix of a dump."""
    columns = read([line.text for line in lines], [0, *(line.gap for line in lines[1:])], lexicon)
    return columns, base(columns).matrix()


def fit(pages: Sequence[Source], count: int, seed: int) -> Fitted:
    """All models from these pages, on `count` made dumps."""
    rng = random.Random(seed)
    sites = sorted({page.site for page in pages})
    rng.shuffle(sites)
    parted = [{*sites[::2]}, {*sites[1::2]}]
    halves = [[page for page in pages if page.site in half] for half in parted]
    words = [lexicons.learn(places(half), 3) for half in halves]
    rows: list[list[Row]] = []
    for own, other in ((0, 1), (1, 0)):
        made = mixes(halves[own], count // 2, rng)
        rows.append([(mix, *table(mix.lines, words[other])) for mix in made])
    picked = [[_picked(mix, rng) for mix, _, _ in half] for half in rows]
    join = tuple(_boundary(rows[k], picked[k], _starts, 120) for k in (0, 1))
    title = tuple(_boundary(rows[k], picked[k], _titles, 60) for k in (0, 1))
    every = [[*rows[k], *((mix, *table(mix.lines, words[1 - k])) for mix in alone(halves[k], rng))] for k in (0, 1)]
    weighed = [[weigh(join[1 - k], title[1 - k], row) for row in every[k]] for k in (0, 1)]
    del every
    zones = _zones([*weighed[0], *weighed[1]])
    again = random.Random(seed + 100)

    def drawn(k: int) -> Iterator[Weighed]:
        for mix in (*mixes(halves[k], count // 2, again), *alone(halves[k], again)):
            yield weigh(join[1 - k], title[1 - k], (mix, *table(mix.lines, words[1 - k])))

    parts = _parts(weighed, [drawn(0), drawn(1)])
    del weighed
    body, headline = _segments([(row, words[1 - k]) for k in (0, 1) for row in rows[k]], rng)
    full = lexicons.learn(places(pages), 4)
    return Fitted(
        full, base(rows[0][0][1]).names, (join[0], join[1]), (title[0], title[1]), zones, parts, body, headline
    )


def train(matrix: Any, marks: Any, weight: Any, trees: int, **changes: Any) -> Any:
    """One booster of shallow trees, on one thread, the same for the same rows."""
    settings = {
        "objective": "binary", "num_leaves": 31, "max_depth": 6, "learning_rate": 0.08, "feature_fraction": 0.35,
        "bagging_fraction": 0.7, "bagging_freq": 1, "min_data_in_leaf": 20, "lambda_l2": 3.0, "num_threads": 1,
        "max_bin": 127, "verbose": -1, "seed": 1, "deterministic": True, "force_row_wise": True,
    }  # fmt: skip
    return lightgbm.train({**settings, **changes}, lightgbm.Dataset(matrix, marks, weight=weight), trees)


def _starts(mix: Mix) -> Any:
    marks = np.zeros(len(mix.lines))
    marks[list(mix.starts)] = 1
    return marks


def _titles(mix: Mix) -> Any:
    return np.array([line.title for line in mix.lines], dtype=float)


def _picked(mix: Mix, rng: random.Random) -> tuple[Any, Any]:
    """The rows of a dump that are learned from, and their weights."""
    near = np.zeros(len(mix.lines), dtype=bool)
    for start in mix.starts:
        near[max(0, start - NEAR_LINES) : start + NEAR_LINES + 1] = True
    keep = near | np.array([rng.random() < FAR_SHARE for _ in mix.lines])
    rows = np.flatnonzero(keep)
    return rows, np.where(near[rows], 1.0, 1.0 / FAR_SHARE)


def _boundary(rows: Sequence[Row], picked: Sequence[tuple[Any, Any]], mark: Any, trees: int) -> Any:
    matrix = np.concatenate([matrix[at] for (_, _, matrix), (at, _) in zip(rows, picked, strict=True)])
    marks = np.concatenate([mark(mix)[at] for (mix, _, _), (at, _) in zip(rows, picked, strict=True)])
    return train(matrix, marks, np.concatenate([weight for _, weight in picked]), trees)


def weigh(join: Any, title: Any, row: Row) -> Weighed:
    """A dump's zones as the second model sees them, by these boosters of the first."""
    mix, lines, matrix = row
    return mix, lines, candidates(join.predict(matrix), title.predict, lines, matrix)


def _zones(rows: Iterable[Weighed]) -> Any:
    """The second model: which of a dump's zones hold the start of a further story."""
    matrices, marks = [], []
    for mix, lines, found in rows:
        if len(found.lines):
            zone = zone_of(lines)
            matrices.append(found.matrix)
            marks.append(np.isin(zone[found.lines], zone[list(mix.starts)]).astype(float))
    return train(np.concatenate(matrices), np.concatenate(marks), None, 150, num_leaves=15, learning_rate=0.06)


def _parts(first: Sequence[Sequence[Weighed]], second: Sequence[Iterable[Weighed]]) -> Any:
    """The third model: which likely cuts part stories. Of two draws of dumps by halves the first makes its zones."""
    zones = [_zones(half) for half in first]
    matrices, marks = [], []
    for k in (0, 1):
        for mix, lines, found in (*first[k], *second[k]):
            scores = zones[1 - k].predict(found.matrix) if len(found.lines) else np.zeros(0)
            cuts = cut(found, scores, lines, LIKELY)
            if cuts:
                at = np.searchsorted(found.lines, cuts)
                matrices.append(Parts(lines).rows(cuts, scores[at].tolist()))
                marks.append(_joins(mix, cuts, scores[at]))
    return train(np.concatenate(matrices), np.concatenate(marks), None, 200, num_leaves=15, learning_rate=0.06)


def _joins(mix: Mix, cuts: Sequence[int], scores: Any) -> Any:
    """Which cuts are joins: for each join the strongest one that leaves hardly any true text on the wrong side."""
    marks = np.zeros(len(cuts))
    words = np.cumsum([0, *(len(line.text.split()) if line.body else 0 for line in mix.lines)])
    for start in mix.starts:
        near = np.flatnonzero(np.abs(words[list(cuts)] - words[start]) <= ASIDE_WORDS)
        if len(near):
            marks[near[scores[near].argmax()]] = 1
    return marks


def _segments(rows: Sequence[tuple[Row, Lexicon]], rng: random.Random) -> tuple[Any, Any]:
    """The line classifier: which lines of a story's stretch are its body, and which its title."""
    matrices, bodies, titles, weights = [], [], [], []
    held = 0
    for (mix, _, _), lexicon in rng.sample(list(rows), len(rows)):
        for segment in (cleaned(part, rng) for part in jittered(mix, rng)):
            _, matrix = table(segment, lexicon)
            body = np.array([line.body for line in segment], dtype=float)
            words = np.array([max(1, len(line.text.split())) for line in segment], dtype=float)
            matrices.append(matrix)
            bodies.append(body)
            titles.append(np.array([line.title for line in segment], dtype=float))
            weights.append(np.minimum(words / max(60.0, float((words * body).sum())), 0.2) * 20 + 0.1)
            held += len(segment)
        if held > SEGMENT_ROWS:
            break
    matrix = np.concatenate(matrices)
    body = train(matrix, np.concatenate(bodies), np.concatenate(weights), 120)
    return body, train(matrix, np.concatenate(titles), None, 80)


def export(fitted: Fitted, card: Card, out: Path) -> None:
    """Writes the model files, each with its card: `card` says what all of them were made of."""
    names = fitted.names
    for name, booster, columns in _named(fitted, names, list(zone_names(names))):
        told = replace(
            card,
            file=f"{name}.npz",
            question=QUESTIONS[name.removesuffix("_a").removesuffix("_b")],
            columns=tuple(columns),
            threshold=THRESHOLDS_OF.get(name, {}),
        )
        write_model(flatten(booster, columns).dump(), told, out)
    weights = json.dumps(fitted.lexicon.weights, ensure_ascii=False, sort_keys=True).encode()
    write_model(weights, replace(card, file="split_lexicon.json", question="Where do lines with this word stand?"), out)


def _named(fitted: Fitted, names: list[str], zone: list[str]) -> Iterator[tuple[str, Any, list[str]]]:
    yield "split_join_a", fitted.join[0], names
    yield "split_join_b", fitted.join[1], names
    yield "split_title_a", fitted.title[0], names
    yield "split_title_b", fitted.title[1], names
    yield "split_zones", fitted.zones, zone
    yield "split_parts", fitted.parts, list(PART_NAMES)
    yield "lines_body", fitted.body, names
    yield "lines_title", fitted.headline, names


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the page sets, one .jsonl.gz each")
    parser.add_argument("--mixes", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, help="labelled dumps kept from an earlier run (pickle)")
    parser.add_argument("--out", type=Path, default=MODELS)
    chosen = parser.parse_args(arguments)
    pages = kept_sources(chosen.folder, chosen.pages)
    made_by = f"python -m training.dump FOLDER --mixes {chosen.mixes} --seed {chosen.seed}"
    data = data_sets(chosen.folder, Counter(page.set for page in pages))
    card = Card("", "", made_by, data, notes=" ".join(LEARNED_FROM.split()))
    export(fit(pages, chosen.mixes, chosen.seed), card, chosen.out)


if __name__ == "__main__":
    main(sys.argv[1:])
