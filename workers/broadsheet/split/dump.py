"""Cuts a dump between its stories: a first model scores every line, a second one weighs each against its rivals."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from broadsheet.extract.boosted import Trees, load_model
from broadsheet.split.boundary import Thresholds, cut, second_stage
from broadsheet.split.features import base
from broadsheet.split.lexicon import Lexicon, load_lexicon
from broadsheet.split.lines import Floats, Lines, Parsed, arrange, parse

THRESHOLDS = Thresholds(first=0.6, further=0.2)
"""At 0.5 the dumps of 515 whole single pages were cut 23 times, menus taken for stories; at 0.6 10 times, at 0.7 once,
but there a tenth of the true joins is lost too. A wrong cut is worse than a missed one."""


class SplitModel(NamedTuple):
    """The learned parts; each first-stage pair was trained on one half of the sites, and is averaged."""

    lexicon: Lexicon
    join: tuple[Trees, Trees]
    title: tuple[Trees, Trees]
    second: Trees


@cache
def default_model() -> SplitModel:
    """The model that comes with the package, read once."""
    return SplitModel(
        load_lexicon("split_lexicon"),
        (load_model("split_join_a"), load_model("split_join_b")),
        (load_model("split_title_a"), load_model("split_title_b")),
        load_model("split_second"),
    )


def parse_lines(texts: Sequence[str], model: SplitModel | None = None) -> list[Parsed]:
    """The lines of a dump as both models read them: parsed once, for the cuts and for each story's labels."""
    lexicon = (model or default_model()).lexicon
    return [parse(text, lexicon) for text in texts]


def cut_lines(texts: Sequence[str], gaps: Sequence[int], model: SplitModel | None = None) -> list[int]:
    """The indices of the lines at which further stories start, ascending; empty where the dump is one story.

    `texts` are the lines that hold text, without outer white space; `gaps` the number of blank lines before each.
    """
    return cut_parsed(parse_lines(texts, model), gaps, model)


def cut_parsed(parsed: Sequence[Parsed], gaps: Sequence[int], model: SplitModel | None = None) -> list[int]:
    """As `cut_lines`, of lines that were parsed before."""
    if len(parsed) < 2:
        return []
    lines = arrange(parsed, gaps)
    return cut(join_scores(lines, model or default_model()), lines, THRESHOLDS)


def join_scores(lines: Lines, model: SplitModel) -> Floats:
    """For each line how likely it is the first of a further story: the mean of both stages."""
    matrix = base(lines).matrix()
    join = (model.join[0].score(matrix) + model.join[1].score(matrix)) / 2
    title = (model.title[0].score(matrix) + model.title[1].score(matrix)) / 2
    around = second_stage(join, title, lines).astype(np.float32)
    return (join + model.second.score(np.hstack([around, matrix]))) / 2
