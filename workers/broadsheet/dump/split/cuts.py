"""Cuts a dump between its stories: a first model scores its lines, a second one weighs each zone against its rivals, a
third one looks at what each cut leaves on its two sides.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from broadsheet.cohesion.lexicon import Lexicon, load_lexicon
from broadsheet.cohesion.lines import Floats, Lines
from broadsheet.cohesion.windows import Matrix
from broadsheet.dump.features import line_names
from broadsheet.dump.split.boundary import Candidates, candidates, cut, zone_names
from broadsheet.dump.split.parts import NAMES, Parts
from broadsheet.models.trees import Thresholds, Trees, load_model

LIKELY = Thresholds(first=0.2, further=0.1)
"""Zones that are tried as cuts. Flat between 0.1 and 0.3: the third model tells the good ones."""
THRESHOLDS = Thresholds(first=0.85, further=0.5)
"""Of the third model. By five folds (`models/split_parts.card.json`) 0.8 gains 0.013 of the right counts and tears two
whole pages more of 483, 0.9 loses as much and tears two fewer. A wrong cut is worse than a missed one."""
MANY_CUTS = 40
"""With more the zones alone decide, so that the weakest are not looked for again and again. No dump of 3,575 has more
than seven."""
ZONES_ALONE = Thresholds(first=0.55, further=0.3)
"""Of the second model, where it has the last word."""


class SplitModel(NamedTuple):
    """The learned parts; each first-stage pair was trained on one half of the sites, and is averaged."""

    lexicon: Lexicon
    join: tuple[Trees, Trees]
    title: tuple[Trees, Trees]
    zones: Trees
    parts: Trees


@cache
def default_model() -> SplitModel:
    """The model that comes with the package, read once."""
    lines = line_names()
    return SplitModel(
        load_lexicon("split_lexicon"),
        (load_model("split_join_a", lines), load_model("split_join_b", lines)),
        (load_model("split_title_a", lines), load_model("split_title_b", lines)),
        load_model("split_zones", zone_names(lines)),
        load_model("split_parts", NAMES),
    )


def cut_lines(lines: Lines, matrix: Matrix, model: SplitModel | None = None) -> list[int]:
    """The indices of the lines at which further stories start, ascending; empty where the dump is one story.

    `matrix` holds the lines' features (`features.base`).
    """
    model = model or default_model()
    found, scores = score_zones(lines, matrix, model)
    likely = cut(found, scores, lines, LIKELY)
    if len(likely) > MANY_CUTS:
        return cut(found, scores, lines, ZONES_ALONE)
    strength = dict(zip(found.lines.tolist(), scores.tolist(), strict=True))
    held, best = hold(lines, likely, [strength[line] for line in likely], model.parts)
    return held if best >= THRESHOLDS.first else []


def score_zones(lines: Lines, matrix: Matrix, model: SplitModel) -> tuple[Candidates, Floats]:
    """The zones that may hold the start of a further story, and how likely each does."""
    join = (model.join[0].score(matrix) + model.join[1].score(matrix)) / 2

    def title(rows: Matrix) -> Floats:
        return (model.title[0].score(rows) + model.title[1].score(rows)) / 2

    found = candidates(join, title, lines, matrix)
    return found, model.zones.score(found.matrix)


def hold(lines: Lines, cuts: Sequence[int], scores: Sequence[float], model: Trees) -> tuple[list[int], float]:
    """Those of the likely cuts that part stories, by what they leave on their sides, and how sure the surest is.

    `scores` is what their zones have. The weakest goes first, and the others are looked at anew: what it parted is one
    part now.
    """
    kept = list(zip(cuts, scores, strict=True))
    parts = Parts(lines) if kept else None
    while parts and kept:
        said = model.score(parts.rows([cut for cut, _ in kept], [score for _, score in kept]))
        if float(said.min()) >= THRESHOLDS.further:
            return [cut for cut, _ in kept], float(said.max())
        del kept[int(said.argmin())]
    return [], 0.0
