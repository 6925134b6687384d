"""Trains the choice of a story's headline among the lines of its head in a dump; writes the model and its card.

    python -m training.heads FOLDER_OF_PAGE_SETS [--seed N]

It learns from every page alone, its main part and the whole of it, and from stories of made dumps; also from pages that
are no articles but show a title in the same ways. Cross-validated by site. Deterministic for a seed.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from broadsheet.cohesion import lexicon as lexicons
from broadsheet.cohesion.lexicon import Lexicon
from broadsheet.cohesion.lines import read
from broadsheet.dump.features import base
from broadsheet.dump.head import find_head, read_signs
from broadsheet.dump.heads import NAMES
from broadsheet.dump.lines import read_lines
from broadsheet.dump.scores import title_rows
from training.cards import MODELS, Card, data_sets, measured, write_model
from training.dump import kept_sources, labelled, train
from training.dump_mix import Line, Source, alone, cleaned, jittered, mixes, places
from training.export import flatten
from training.pages import read_set

OTHER_SETS = ("dev-wcxb-other", "dev-wcxb-other-more")
OTHER_TYPES = ("service", "documentation", "forum")
OTHER_HELD = 0.6
"""Their text is not learned from; it only tells where it begins."""
MIXES = 700
TREES = 250
FOLDS = 5


class Headed(NamedTuple):
    """The lines of a head as the model sees them, and which of them are the title."""

    names: list[str]
    rows: Any
    marks: Any


def other_sources(folder: Path) -> list[Source]:
    """The pages that are no articles as labelled dumps: those of one title."""
    pages = chain.from_iterable(read_set(folder, name) for name in OTHER_SETS)
    found = [labelled(page) for page in pages if page.type in OTHER_TYPES and page.title]
    return [source for source in found if source.held > OTHER_HELD]


def fit_heads(pages: Sequence[Source], others: Sequence[Source], seed: int) -> tuple[Any, list[str]]:
    """The booster and its columns. What words mean to a site's lines was learned from the other half of the sites."""
    rng = random.Random(seed)
    sites = sorted({page.site for page in (*pages, *others)})
    rng.shuffle(sites)
    found = []
    for own in ({*sites[::2]}, {*sites[1::2]}):
        words = lexicons.learn(places([page for page in pages if page.site not in own]), 3)
        learned = [page for page in pages if page.site in own]
        parts = chain.from_iterable(jittered(mix, rng) for mix in mixes(learned, MIXES // 2, rng))
        found += [head_of(cleaned(part, rng), words) for part in parts]
        every = alone([*learned, *(page for page in others if page.site in own)], rng)
        found += [head_of(mix.lines, words) for mix in every]
    held = [head for head in found if head and head.marks.any()]
    matrix, marks = np.concatenate([head.rows for head in held]), np.concatenate([head.marks for head in held])
    booster = train(matrix, marks, None, TREES, num_leaves=15, max_depth=5, learning_rate=0.05)
    return booster, held[0].names


def head_of(lines: Sequence[Line], words: Lexicon) -> Headed | None:
    """The head of a story by its true text; None where nothing stands above it."""
    shown = read_lines("\n".join("\n" * line.gap + line.text for line in lines))
    if len(shown) != len(lines):
        return None
    told = [line for line in shown if not line.furniture]
    head, prose = find_head(told, lambda line: lines[line.at].body, len(lines))
    if not head:
        return None
    columns = read([line.text for line in shown], [0, *(line.gap for line in lines[1:])], words)
    table = base(columns)
    at, signs = [line.at for line in head], [read_signs(line) for line in head]
    marks = np.array([lines[place].title for place in at], dtype=float)
    return Headed([*table.names, *NAMES], title_rows(columns, table.matrix(), at, signs, prose), marks)


def validate(pages: Sequence[Source], others: Sequence[Source], seed: int) -> dict[str, Any]:
    """How often the title is chosen on pages of unseen sites, above the true text; and how often it is there."""
    sites = sorted({page.site for page in pages})
    random.Random(seed).shuffle(sites)
    right: dict[str, list[tuple[bool, bool]]] = {"main_part": [], "whole_page": []}
    for k in range(FOLDS):
        held = {*sites[k::FOLDS]}
        known = [page for page in pages if page.site not in held]
        booster, _ = fit_heads(known, [page for page in others if page.site not in held], seed)
        words = lexicons.learn(places(known), 4)
        for page in (page for page in pages if page.site in held):
            for name, lines in (("main_part", page.lines), ("whole_page", page.whole)):
                head = head_of(lines, words) if lines else None
                chosen = head is not None and bool(head.marks[booster.predict(head.rows).argmax()])
                right[name].append((chosen, head is not None and bool(head.marks.any())))
    return {
        name: {
            "pages": len(told),
            **dict(zip(("right", "possible"), np.mean(told, axis=0).round(4).tolist(), strict=True)),
        }
        for name, told in right.items()
    }


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the page sets, one .jsonl.gz each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, help="labelled dumps kept from an earlier run (pickle)")
    parser.add_argument("--out", type=Path, default=MODELS)
    chosen = parser.parse_args(arguments)
    pages, others = kept_sources(chosen.folder, chosen.pages), other_sources(chosen.folder)
    booster, names = fit_heads(pages, others, chosen.seed)
    card = Card(
        "lines_heads.npz",
        "Which line of a story's head in a dump is its headline, beside the others?",
        f"python -m training.heads FOLDER --seed {chosen.seed}",
        data_sets(chosen.folder, Counter(page.set for page in (*pages, *others))),
        tuple(names),
        figures=measured(f"{FOLDS} folds, no site in two of them", validate(pages, others, chosen.seed)),
    )
    write_model(flatten(booster, names).dump(), card, chosen.out)


if __name__ == "__main__":
    main(sys.argv[1:])
