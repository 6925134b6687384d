"""From scores to cuts: two thresholds, zones, distances."""

import numpy as np
import pytest

from broadsheet.split.boundary import Thresholds, cut, second_stage
from broadsheet.split.lexicon import EMPTY
from broadsheet.split.lines import Lines, read

PROSE = (
    "The harbour board said that the boats would stay in dock until both sides had met again on the old quay at night."
)


def _dump(paragraphs: int = 24) -> Lines:
    """Prose with a short line after every fourth paragraph."""
    texts = [text for n in range(paragraphs) for text in ([PROSE] if n % 4 else ["A short line", PROSE])]
    return read(texts, [0] * len(texts), EMPTY)


def _scores(lines: Lines, **at: float) -> np.ndarray:
    scores = np.zeros(len(lines))
    for line, score in at.items():
        scores[int(line[1:])] = score
    return scores


def test_nothing_is_cut_unless_one_zone_is_near_certain() -> None:
    lines = _dump()
    assert cut(_scores(lines, l10=0.55, l20=0.5), lines, Thresholds(0.6, 0.2)) == []
    assert cut(_scores(lines, l10=0.65, l20=0.25), lines, Thresholds(0.6, 0.2)) == [10, 20]


def test_lines_of_one_zone_compete_and_add_up() -> None:
    texts = [PROSE] * 6 + ["Published today", "A title", "By one"] + [PROSE] * 6
    lines = read(texts, [0] * len(texts), EMPTY)
    assert cut(_scores(lines, l6=0.4, l7=0.45, l8=0.1), lines, Thresholds(0.6, 0.2)) == [7]


def test_no_cut_near_an_end_or_another_cut() -> None:
    lines = _dump()
    assert cut(_scores(lines, l1=0.9), lines, Thresholds(0.6, 0.2)) == []
    assert cut(_scores(lines, l29=0.9), lines, Thresholds(0.6, 0.2)) == []
    assert cut(_scores(lines, l12=0.9, l13=0.8), lines, Thresholds(0.6, 0.2)) == [12]


@pytest.mark.parametrize("count", [1, 2, 30])
def test_second_stage_has_a_finite_row_a_line(count: int) -> None:
    lines = read([PROSE] * count, [0] * count, EMPTY)
    rng = np.random.default_rng(3)
    around = second_stage(rng.random(count), rng.random(count), lines)
    assert around.shape[0] == count
    assert np.isfinite(around).all()
