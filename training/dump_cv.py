"""Measures the splitter for dumps: folds of test pages; every site that occurs in a test page is out of its training.

    python -m training.dump_cv FOLDER_OF_PAGE_SETS SCORES.pickle [--mixes N] [--folds 01234]

Writes, for each test page, its candidate cuts and their scores, so that thresholds can be read off other folds' pages.
"""

import argparse
import gzip
import json
import pickle
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.cohesion.lines import Floats
from broadsheet.cohesion.windows import Matrix
from broadsheet.dump.split.boundary import candidates, cut
from broadsheet.dump.split.cuts import LIKELY, hold
from broadsheet.dump.split.parts import NAMES
from broadsheet.models.trees import Trees
from training.dump import Fitted, fit, kept_sources, table
from training.dump_mix import Line, Source, split_lines
from training.export import flatten
from training.heads import fit_heads, other_sources
from training.pages import site_of

FOLDS = 5
TESTS = ("dev-multi-text", "dev-site-text", "sample-two-articles")


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The pages of a set."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def excluded(pages: Sequence[Source], tests: dict[str, list[dict[str, Any]]]) -> tuple[list[set[str]], dict[str, int]]:
    """The sites each fold may not learn from, and the fold of each test page."""
    rng = random.Random(5)
    key = {(page.title, page.truth[:200]): page.site for page in pages}
    barred: list[set[str]] = [set() for _ in range(FOLDS)]
    fold = {}
    for name in TESTS[:2]:
        for index, row in enumerate(rng.sample(tests[name], len(tests[name]))):
            fold[row["id"]] = index % FOLDS
            barred[index % FOLDS] |= {site_of(row["url"] or "")}
            barred[index % FOLDS] |= {key.get((t["title"], t["text"][:200]), "?") for t in row["truth"]}
    known = set().union(*barred)
    rest = sorted({page.site for page in pages} - known)
    for index, site in enumerate(rng.sample(rest, len(rest))):
        barred[index % FOLDS].add(site)
    return barred, fold


def scored(fitted: Fitted, parts: Trees, texts: list[str], gaps: list[int]) -> dict[str, Any]:
    """A dump's lines with its candidate cuts and their scores, the cuts held by the third model, and the surest's."""
    lines, matrix = table([Line(t, g, False, False) for t, g in zip(texts, gaps, strict=True)], fitted.lexicon)
    join = np.mean([booster.predict(matrix) for booster in fitted.join], axis=0)

    def title(rows: Matrix) -> Floats:
        scored: Floats = np.mean([booster.predict(rows) for booster in fitted.title], axis=0)
        return scored

    found = candidates(join, title, lines, matrix)
    scores = fitted.zones.predict(found.matrix) if len(found.lines) else np.zeros(0)
    likely = cut(found, scores, lines, LIKELY)
    strength = scores[np.searchsorted(found.lines, likely)].tolist()
    held, best = hold(lines, likely, strength, parts)
    return {"texts": texts, "gaps": gaps, "lines": found.lines, "scores": scores, "held": held, "best": best}


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mixes", type=int, default=1600)
    parser.add_argument("--folds", default="01234")
    parser.add_argument("--pages", type=Path, help="labelled dumps kept from an earlier run (pickle)")
    chosen = parser.parse_args(arguments)
    pages, titled = kept_sources(chosen.folder, chosen.pages), other_sources(chosen.folder)
    tests = {name: rows(chosen.folder, name) for name in TESTS}
    barred, fold = excluded(pages, tests)
    for k in map(int, chosen.folds):
        known, others = ([page for page in some if page.site not in barred[k]] for some in (pages, titled))
        fitted, (heads, _) = fit(known, chosen.mixes, k), fit_heads(known, others, k)
        parts = flatten(fitted.parts, list(NAMES))
        found = []
        for name in TESTS:
            found += [
                {"k": k, "set": name, "id": row["id"], **scored(fitted, parts, *split_lines(row["text"]))}
                for row in tests[name]
                if fold.get(row["id"], k) == k
            ]
        bare = split_lines(tests[TESTS[2]][0]["text"])[0]
        found.append({"k": k, "set": "sample-bare", "id": f"bare{k}", **scored(fitted, parts, bare, [0] * len(bare))})
        for page in pages:
            if next((q for q in range(FOLDS) if page.site in barred[q]), -1) == k:
                texts, gaps = [line.text for line in page.lines], [line.gap for line in page.lines]
                found.append({"k": k, "set": "single", "id": page.id, **scored(fitted, parts, texts, gaps)})
                found.append(
                    {"k": k, "set": "single-bare", "id": page.id, **scored(fitted, parts, texts, [0] * len(gaps))}
                )
                texts, gaps = [line.text for line in page.whole], [line.gap for line in page.whole]
                found.append({"k": k, "set": "single-whole", "id": page.id, **scored(fitted, parts, texts, gaps)})
        chosen.out.with_suffix(f".{k}.pickle").write_bytes(pickle.dumps((fitted, heads, found)))
        sys.stdout.write(f"fold {k}: {len(found)} pages, {time.process_time():.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
