"""The learned line classifier for a story's stretch of a dump: how likely each line is its body, and its headline."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from broadsheet.extract.boosted import Trees, load_model
from broadsheet.split.features import Matrix
from broadsheet.split.lines import Floats

BODY = 0.45
"""Lines at or above it are body. The guides' figure for blocks and lines alike; flat between 0.4 and 0.5."""


class LinesModel(NamedTuple):
    """The learned parts."""

    body: Trees
    title: Trees


class LineScores(NamedTuple):
    """How likely each line is body; how likely some of them are the headline, by their places: only a head is asked."""

    body: Floats
    title: Callable[[Sequence[int]], Floats]


@cache
def default_model() -> LinesModel:
    """The model that comes with the package, read once."""
    return LinesModel(load_model("lines_body"), load_model("lines_title"))


def score_lines(matrix: Matrix, model: LinesModel | None = None) -> LineScores:
    """Scores of a single story's lines, furniture and all, from their features (`features.base`)."""
    model = model or default_model()
    headline = model.title
    return LineScores(model.body.score(matrix), lambda places: headline.score(matrix[list(places)]))
