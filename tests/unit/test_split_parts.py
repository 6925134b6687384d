"""What the parts of a dump are seen as: prose and its runs, words that come back, what two sides share."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import Floats, Lines, read
from broadsheet.cohesion.windows import Matrix
from broadsheet.dump.split import cuts as splitting
from broadsheet.dump.split.boundary import Candidates
from broadsheet.dump.split.cuts import THRESHOLDS, ZONES_ALONE, default_model, hold
from broadsheet.dump.split.parts import NAMES, Parts

HARBOUR = (
    "The harbour board said that the boats would stay in dock until both sides had met again on the old quay at night."
)
ORCHARD = (
    "Growers planted three hundred apple trees along the southern slope this spring, where late frost rarely kills "
    "blossom before summer starts."
)
TEASER = (
    "Ministers argued over pensions, teachers walked out again, engineers resigned, and nobody could explain why "
    "trains never ran on time…"
)


def _lines(texts: Sequence[str]) -> Lines:
    return read(texts, [0] * len(texts), EMPTY)


def _row(texts: Sequence[str], cut: int) -> dict[str, float]:
    return dict(zip(NAMES, Parts(_lines(texts)).rows([cut], [0.5])[0].tolist(), strict=True))


def test_a_run_of_prose_ends_where_too_many_other_words_stand_between() -> None:
    close = [HARBOUR, "A subhead", HARBOUR, HARBOUR]
    far = [HARBOUR, *["Ten words of menu stand here and none of them"] * 4, HARBOUR, HARBOUR]
    row = _row([*close, *far], len(close))
    assert (row["before_runs"], row["after_runs"]) == (1, 2)
    assert row["before_prose"] == row["after_prose"]
    assert row["before_run_share"] == 1
    assert row["after_run_share"] == pytest.approx(2 / 3)
    assert row["after_words_to_run"] > row["after_words_to_prose"] == 0


def test_a_headline_is_known_by_the_prose_that_takes_up_its_words() -> None:
    row = _row(["Harbour boats stay docked", HARBOUR, HARBOUR, "Pensions harbour xylophones", ORCHARD, ORCHARD], 3)
    assert row["before_head_returns"] > 0.5
    assert row["after_head_returns"] == 0


def test_paragraphs_of_one_story_come_back_to_its_words_and_teasers_do_not() -> None:
    row = _row([HARBOUR, HARBOUR, HARBOUR, "More", HARBOUR, "More", ORCHARD, "More", TEASER], 3)
    assert row["before_stood"] > 0.5 > row["after_stood"]
    assert row["before_trailing_off"] == 0 < row["after_trailing_off"]
    assert row["before_broken"] == 0 < row["after_broken"]


def test_sides_that_tell_of_the_same_share_their_words() -> None:
    same = _row([HARBOUR, HARBOUR, "Head", HARBOUR, HARBOUR], 2)
    other = _row([HARBOUR, HARBOUR, "Head", ORCHARD, ORCHARD], 2)
    assert same["shared"] > other["shared"]
    assert same["twin_lines"] > 0 == other["twin_lines"]


def test_the_smaller_side_is_told_beside_the_largest_part() -> None:
    assert _row([HARBOUR] * 8 + ["Head", ORCHARD, ORCHARD], 8)["prose_of_most"] < 0.3
    assert _row([HARBOUR] * 4 + ["Head"] + [ORCHARD] * 4, 4)["prose_of_most"] > 0.8


@pytest.mark.parametrize(
    "texts",
    [
        ["—", "***"],
        ["A", "B", "C"],
        ["港" * 80 + "。", "口", "船" * 90 + "。"],
        ["…", "...", HARBOUR],
        ["\udc80 x", "y\0"],
    ],
)
def test_parts_of_any_lines_are_finite_numbers(texts: list[str]) -> None:
    rows = Parts(_lines(texts)).rows([1], [0.2])
    assert rows.shape == (1, len(NAMES))
    assert np.isfinite(rows).all()


def test_a_part_is_seen_the_same_whatever_was_asked_before() -> None:
    lines = _lines(["Head", HARBOUR, HARBOUR, "Second", ORCHARD, ORCHARD, "Third", TEASER, HARBOUR])
    asked = Parts(lines)
    asked.rows([3, 6], [0.9, 0.4])
    assert np.array_equal(asked.rows([6], [0.4]), Parts(lines).rows([6], [0.4]))


class _Said:
    """A model that says of each cut what it was told to, by the cut's score; it keeps what it was asked."""

    def __init__(self, said: dict[float, float], later: dict[float, float] | None = None) -> None:
        self.said, self.later = said, later
        self.asked: list[list[float]] = []

    def score(self, matrix: Matrix) -> Floats:
        scores = [round(float(score), 3) for score in matrix[:, NAMES.index("score")]]
        said = self.later if self.asked and self.later else self.said
        self.asked.append(scores)
        return np.array([said[score] for score in scores])


def _held(model: Any, scores: Sequence[float]) -> tuple[list[int], float]:
    lines = _lines([HARBOUR, ORCHARD] * 12)
    return hold(lines, [4 * (at + 1) for at in range(len(scores))], scores, model)


def test_the_weakest_cut_goes_first_and_the_others_are_looked_at_anew() -> None:
    model = _Said({0.3: 0.4, 0.6: 0.1, 0.9: 0.9}, later={0.3: 0.7, 0.9: 0.95})
    assert _held(model, [0.3, 0.6, 0.9]) == ([4, 12], 0.95)
    assert model.asked == [[0.3, 0.6, 0.9], [0.3, 0.9]]


def test_a_cut_is_held_that_is_likelier_than_not() -> None:
    likely = THRESHOLDS.further
    assert _held(_Said({0.3: likely, 0.9: 0.9}), [0.3, 0.9]) == ([4, 8], 0.9)
    assert _held(_Said({0.3: likely - 0.01, 0.9: 0.9}), [0.3, 0.9]) == ([8], 0.9)
    assert _held(_Said({0.3: 0.1, 0.9: 0.2}), [0.3, 0.9]) == ([], 0.0)
    assert _held(_Said({}), []) == ([], 0.0)


def _cuts(monkeypatch: pytest.MonkeyPatch, scores: Floats, said: dict[float, float]) -> list[int]:
    """The cuts of a dump with a zone at every fourth line from the fourth on, whose scores are these."""
    lines = _lines([HARBOUR, ORCHARD] * (2 * len(scores) + 2))
    found = Candidates(4 * np.arange(1, len(scores) + 1), np.zeros((len(scores), 1), dtype=np.float32))
    monkeypatch.setattr(splitting, "score_zones", lambda *_: (found, scores))
    model = default_model()._replace(parts=_Said(said))  # type: ignore[arg-type]
    return splitting.cut_lines(lines, np.zeros((len(lines), 1), dtype=np.float32), model)


def test_a_dump_is_cut_only_where_one_cut_is_near_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.array([0.3, 0.9])
    sure = THRESHOLDS.first
    assert _cuts(monkeypatch, scores, {0.3: 0.6, 0.9: sure}) == [4, 8]
    assert _cuts(monkeypatch, scores, {0.3: 0.6, 0.9: sure - 0.01}) == []


def test_of_a_great_many_cuts_each_is_taken_by_its_zone_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = (ZONES_ALONE.further + splitting.LIKELY.further) / 2
    scores = np.where(np.arange(100) % 2, 0.9, weak)
    assert _cuts(monkeypatch, scores, {}) == [*range(8, 404, 8)]
