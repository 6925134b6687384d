"""Cuts a dump between its stories: a first model scores its lines, a second one weighs each zone against its rivals."""

from functools import cache
from typing import NamedTuple

from broadsheet.extract.boosted import Trees, load_model
from broadsheet.split.boundary import Candidates, Thresholds, candidates, cut
from broadsheet.split.features import Matrix
from broadsheet.split.lexicon import Lexicon, load_lexicon
from broadsheet.split.lines import Floats, Lines

THRESHOLDS = Thresholds(first=0.55, further=0.3)
"""By five folds (`models/split_zones.json`): 0.5 gains 0.014 artF1 on stories of one site and tears two whole pages
more of 483, 0.6 loses 0.013 of the right counts and tears two fewer. A wrong cut is worse than a missed one."""


class SplitModel(NamedTuple):
    """The learned parts; each first-stage pair was trained on one half of the sites, and is averaged."""

    lexicon: Lexicon
    join: tuple[Trees, Trees]
    title: tuple[Trees, Trees]
    zones: Trees


@cache
def default_model() -> SplitModel:
    """The model that comes with the package, read once."""
    return SplitModel(
        load_lexicon("split_lexicon"),
        (load_model("split_join_a"), load_model("split_join_b")),
        (load_model("split_title_a"), load_model("split_title_b")),
        load_model("split_zones"),
    )


def cut_lines(lines: Lines, matrix: Matrix, model: SplitModel | None = None) -> list[int]:
    """The indices of the lines at which further stories start, ascending; empty where the dump is one story.

    `matrix` holds the lines' features (`features.base`).
    """
    found, scores = score_zones(lines, matrix, model or default_model())
    return cut(found, scores, lines, THRESHOLDS)


def score_zones(lines: Lines, matrix: Matrix, model: SplitModel) -> tuple[Candidates, Floats]:
    """The zones that may hold the start of a further story, and how likely each does."""
    join = (model.join[0].score(matrix) + model.join[1].score(matrix)) / 2

    def title(rows: Matrix) -> Floats:
        return (model.title[0].score(rows) + model.title[1].score(rows)) / 2

    found = candidates(join, title, lines, matrix)
    return found, model.zones.score(found.matrix)
