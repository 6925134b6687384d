"""From scores to cuts: zones compete, two thresholds, distances."""

import numpy as np
import pytest

from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import Floats, Lines, read
from broadsheet.dump.split.boundary import LEAST, Candidates, candidates, cut, zone_of
from broadsheet.models.trees import Thresholds

PROSE = (
    "The harbour board said that the boats would stay in dock until both sides had met again on the old quay at night."
)


def _dump(paragraphs: int = 24) -> Lines:
    """Prose with a short line after every fourth paragraph."""
    texts = [text for n in range(paragraphs) for text in ([PROSE] if n % 4 else ["A short line", PROSE])]
    return read(texts, [0] * len(texts), EMPTY)


def _scores(lines: Lines, **at: float) -> Floats:
    scores = np.zeros(len(lines))
    for line, score in at.items():
        scores[int(line[1:])] = score
    return scores


def _candidates(lines: Lines, join: Floats) -> Candidates:
    return candidates(join, lambda rows: np.zeros(len(rows)), lines, np.zeros((len(lines), 2), dtype=np.float32))


def _cut(lines: Lines, **at: float) -> list[int]:
    """Cuts where the second model says of a candidate's line just what `at` says."""
    scores = _scores(lines, **at)
    found = _candidates(lines, scores)
    return cut(found, scores[found.lines], lines, Thresholds(0.6, 0.2))


def test_nothing_is_cut_unless_one_zone_is_near_certain() -> None:
    lines = _dump()
    assert _cut(lines, l10=0.55, l20=0.5) == []
    assert _cut(lines, l10=0.65, l20=0.25, l25=0.1) == [10, 20]


def test_a_zone_is_what_lies_between_two_lines_of_prose() -> None:
    texts = [PROSE, "Published today", "A title", PROSE, PROSE, "Foot"]
    assert zone_of(read(texts, [0] * 6, EMPTY)).tolist() == [0, 1, 1, 1, 2, 3]


def test_lines_of_one_zone_compete() -> None:
    texts = [PROSE] * 6 + ["Published today", "A title", "By one"] + [PROSE] * 6
    lines = read(texts, [0] * len(texts), EMPTY)
    found = _candidates(lines, _scores(lines, l6=0.4, l7=0.45, l8=0.1))
    assert found.lines.tolist() == [7]
    strength = 1 - (1 - 0.4) * (1 - 0.45) * (1 - 0.1)
    assert found.matrix[0, 0] == pytest.approx(strength)


def test_zones_without_any_sign_are_no_candidates() -> None:
    lines = _dump()
    assert _candidates(lines, _scores(lines, l10=LEAST / 2)).lines.tolist() == []


def test_no_cut_near_an_end_or_another_cut() -> None:
    lines = _dump()
    assert _cut(lines, l1=0.9) == []
    assert _cut(lines, l29=0.9) == []
    assert _cut(lines, l12=0.9, l13=0.8) == [12]


@pytest.mark.parametrize("count", [1, 2, 3, 30])
def test_every_candidate_has_a_finite_row(count: int) -> None:
    lines = read([PROSE, "A short line"] * count, [0] * 2 * count, EMPTY)
    rng = np.random.default_rng(3)
    matrix = np.ones((len(lines), 3), dtype=np.float32)
    found = candidates(rng.random(len(lines)), lambda rows: rng.random(len(rows)), lines, matrix)
    assert len(found.matrix) == len(found.lines)
    assert np.isfinite(found.matrix).all()
