"""The block model's fit: lexicon and trees from pages, the way it is done for every fold and for the model that ships.

The lexicon is fitted on what the trees cannot see without it, and the trees see only weights from other sites' pages:
both by an inner split of the sites, so that no page is judged by words learned on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.features import FEATURE_NAMES, page_rows
from broadsheet.html.body.features_text import edge_words
from broadsheet.html.scan.hints import name_words
from broadsheet.html.scan.naming import Lexicon
from broadsheet.html.scan.tree import Tree
from training.labels import block_labels, words
from training.lexicon import matrix, regression, vocabulary

Doubles = NDArray[np.float64]

NO_WORDS = Lexicon({}, {})
INNER = 2
SEED = 1
WORD_SITES, NAME_SITES = 14, 8
"""A word of the text, or of names, must be seen on so many sites to get a weight."""
WORDS = 5_000
PENALTY = 6.0
OTHER_WEIGHT = 0.4
"""Pages that are no articles but have text (services, documentation, forums) teach too, with less say."""

TREES: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 20,
    "max_depth": 5,
    "learning_rate": 0.07,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 8.0,
    "num_threads": 1,
    "verbose": -1,
    "seed": SEED,
    "deterministic": True,
    "force_col_wise": True,
}
ROUNDS = 160


@dataclass(slots=True)
class Sample:
    """A labelled page: its scan, which blocks are true, and what stays the same whatever the lexicon."""

    id: str
    set: str
    site: str
    type: str
    tree: Tree
    labels: NDArray[np.bool_]
    sizes: list[int]
    true_words: list[str]
    index: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    bare: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    @property
    def goal(self) -> Doubles:
        """1 for true rows, else 0."""
        return self.labels[self.index].astype(np.float64)

    @property
    def weight(self) -> Doubles:
        """A row's words over the article's, capped, plus a floor: short articles count as much as long ones."""
        sizes = np.array(self.sizes, dtype=np.float64)
        article = max(50.0, float(sizes[self.labels].sum()))
        share: Doubles = np.minimum(sizes[self.index] / article, 0.25) + 0.002
        return share * (1.0 if self.type == "article" else OTHER_WEIGHT)


def sample(name: str, of: str, site: str, kind: str, tree: Tree, truth: str) -> Sample:
    """Label a page and compute its features without words."""
    labels, _ = block_labels([block.text for block in tree.blocks], truth)
    made = Sample(
        name,
        of,
        site,
        kind,
        tree,
        np.array(labels, dtype=bool),
        [len(words(b.text)) for b in tree.blocks],
        words(truth),
    )
    rows = page_rows(tree, NO_WORDS)
    made.index, made.bare = rows.index, rows.matrix
    return made


def site_folds(samples: Sequence[Sample], count: int, seed: int) -> NDArray[np.int64]:
    """A fold for each page; all pages of a site in one."""
    sites = sorted({s.site for s in samples})
    np.random.default_rng(seed).shuffle(sites)
    place = {site: i % count for i, site in enumerate(sites)}
    return np.array([place[s.site] for s in samples], dtype=np.int64)


def boost(samples: Sequence[Sample], matrices: Sequence[NDArray[np.float32]], rounds: int, **changes: Any) -> Any:
    """Boosted trees over all rows of the pages."""
    weight = np.concatenate([s.weight for s in samples])
    rows = lightgbm.Dataset(
        np.concatenate(matrices), np.concatenate([s.goal for s in samples]), weight=weight / weight.mean()
    )
    return lightgbm.train({**TREES, **changes}, rows, rounds)


def text_bags(s: Sample) -> list[list[str]]:
    """The words each row's block begins with."""
    return [list(dict.fromkeys(edge_words(s.tree.blocks[i].text))) for i in s.index]


def name_bags(s: Sample) -> list[tuple[str, ...]]:
    """The words in the names on all elements around each row's block."""
    held: list[tuple[str, ...]] = []
    for e, element in enumerate(s.tree.elements):
        held.append((held[element.parent] if e else ()) + name_words(element.names))
    return [held[s.tree.blocks[i].owner] for i in s.index]


def fit_lexicon(samples: Sequence[Sample], offsets: Sequence[Doubles]) -> Lexicon:
    """Weights of words on top of `offsets`, the log odds the trees give each row without words."""
    goal = np.concatenate([s.goal for s in samples])
    weight = np.concatenate([s.weight for s in samples])
    weight *= 0.2 / weight.mean()
    offset = np.concatenate(offsets)
    sites = [s.site for s in samples for _ in s.index]
    fitted: list[dict[str, float]] = []
    for bag, least in ((text_bags, WORD_SITES), (name_bags, NAME_SITES)):
        bags: list[Sequence[str]] = [b for s in samples for b in bag(s)]
        known = vocabulary(bags, sites, least, WORDS)
        found = regression(matrix(bags, known), goal, weight, PENALTY, offset)
        fitted.append({w: round(float(v), 3) for w, v in zip(known, found, strict=True) if abs(v) >= 0.02})
    return Lexicon(*fitted)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A lexicon, the trees over `columns`, and the trees' own names of these."""

    lexicon: Lexicon
    booster: Any
    columns: NDArray[np.intp]

    def score(self, s: Sample) -> Doubles:
        """Probability for each block of a page; 0 where it has no row."""
        scores = np.zeros(len(s.labels))
        if len(s.index):
            scores[s.index] = self.booster.predict(page_rows(s.tree, self.lexicon).matrix[:, self.columns])
        return scores


def fit(samples: Sequence[Sample], keep: int, seed: int = SEED) -> Fitted:
    """The whole fit. `keep` columns of most gain stay."""
    inner = site_folds(samples, INNER, seed + 10)
    offsets: list[Doubles] = [np.zeros(0)] * len(samples)
    for fold in range(INNER):
        seen = [s for s, f in zip(samples, inner, strict=True) if f != fold]
        rough = boost(seen, [s.bare for s in seen], 35, learning_rate=0.2, feature_fraction=0.2)
        for i, s in enumerate(samples):
            if inner[i] == fold:
                chance = np.clip(rough.predict(s.bare), 1e-4, 1 - 1e-4) if len(s.index) else np.zeros(0)
                offsets[i] = 0.8 * np.log(chance / (1 - chance))
    worded: list[NDArray[np.float32]] = [s.bare for s in samples]
    for fold in range(INNER):
        held = [i for i in range(len(samples)) if inner[i] != fold]
        words_of = fit_lexicon([samples[i] for i in held], [offsets[i] for i in held])
        for i, s in enumerate(samples):
            if inner[i] == fold:
                worded[i] = page_rows(s.tree, words_of).matrix
    lexicon = fit_lexicon(samples, offsets)
    first = boost(samples, worded, 40, learning_rate=0.15)
    gain = first.feature_importance("gain")
    columns = np.sort(np.argsort(-gain, kind="stable")[:keep])
    booster = boost(samples, [m[:, columns] for m in worded], ROUNDS)
    return Fitted(lexicon, booster, columns)


def column_names(fitted: Fitted) -> list[str]:
    """The features the trees were trained on, in order."""
    return [FEATURE_NAMES[i] for i in fitted.columns]
