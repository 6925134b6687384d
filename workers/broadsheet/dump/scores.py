"""The learned line classifier for a story's stretch of a dump: how likely each line is its body, and its headline."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from broadsheet.cohesion.lines import Floats, Lines
from broadsheet.cohesion.windows import Matrix
from broadsheet.dump.features import line_names
from broadsheet.dump.heads import NAMES, head_rows
from broadsheet.models.trees import Trees, load_model

BODY = 0.45
"""Lines at or above it are body. The guides' figure for blocks and lines alike; flat between 0.4 and 0.5."""


ALONE = 0.5
"""The say of the model that sees each line alone, beside the one that compares the lines of a head. It learned from all
lines of stories what captions and prose are: a hundredth of the headlines of dumps of several stories is right by it,
at a whole say fewer."""
SURE = 1e-6
"""Scores are held as far from 0 and 1, so that their logarithms stay finite."""


class LinesModel(NamedTuple):
    """The learned parts: which lines are body; which the headline, a line alone, and the lines of a head compared."""

    body: Trees
    title: Trees
    heads: Trees


class LineScores(NamedTuple):
    """How likely each line is body; how likely each line of a head is the headline, as `dump.heads.head_rows` takes
    them.
    """

    body: Floats
    title: Callable[[Sequence[int], Sequence[Sequence[bool]], int], Floats]


@cache
def default_model() -> LinesModel:
    """The model that comes with the package, read once."""
    lines = line_names()
    return LinesModel(
        load_model("lines_body", lines), load_model("lines_title", lines), load_model("lines_heads", (*lines, *NAMES))
    )


def score_lines(lines: Lines, matrix: Matrix, model: LinesModel | None = None) -> LineScores:
    """Scores of a single story's lines, furniture and all, from their features (`features.base`)."""
    model = model or default_model()

    def title(places: Sequence[int], signs: Sequence[Sequence[bool]], prose: int) -> Floats:
        rows = title_rows(lines, matrix, places, signs, prose)
        odds = _log_odds(model.heads.score(rows)) + ALONE * _log_odds(model.title.score(rows[:, : matrix.shape[1]]))
        return 1.0 / (1.0 + np.exp(-odds / (1.0 + ALONE)))

    return LineScores(model.body.score(matrix), title)


def title_rows(
    lines: Lines, matrix: Matrix, places: Sequence[int], signs: Sequence[Sequence[bool]], prose: int
) -> Matrix:
    """What the model of headlines sees of the lines of a head: their features, and how they compare."""
    return np.hstack([matrix[list(places)], head_rows(lines, places, signs, prose)])


def _log_odds(scores: Floats) -> Floats:
    held = np.clip(scores, SURE, 1.0 - SURE)
    return np.log(held / (1.0 - held))
