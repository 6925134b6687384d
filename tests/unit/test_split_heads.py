"""The lines of a story's head beside each other, and the headline chosen among them."""

from collections.abc import Sequence

import numpy as np
import pytest

from broadsheet.cohesion.lines import read
from broadsheet.dump.engine import extract_dump
from broadsheet.dump.head import HEAD_LINES, find_head, read_signs
from broadsheet.dump.heads import FAR_LINES, NAMES, head_rows
from broadsheet.dump.lines import gaps, read_lines
from broadsheet.dump.scores import LineScores
from broadsheet.dump.split.cuts import default_model
from broadsheet.dump.story import read_story
from broadsheet.text.line import Line
from broadsheet.values import ContentType, Page

PROSE = (
    "The harbour master closed the old quay on Monday after divers found that the quay wall had moved by a hand's "
    "breadth during the storm. The quay carries the ferry's only ramp, so the ferry stays in the harbour."
)


def rows(head: Sequence[str], prose: str = PROSE) -> dict[str, list[float]]:
    lines = read_lines("\n".join([*head, prose]))
    columns = read([line.text for line in lines], gaps(lines), default_model().lexicon)
    above = lines[: len(head)]
    matrix = head_rows(columns, [line.at for line in above], [read_signs(line) for line in above], len(head))
    assert matrix.shape == (len(head), len(NAMES))
    return dict(zip(NAMES, matrix.T.tolist(), strict=True))


def test_the_line_that_the_prose_takes_up_stands_out() -> None:
    found = rows(["Football results", "Harbour quay closed", "Weather"])
    assert found["taken"][1] == 1.0
    assert found["taken"][0] == found["taken"][2] == 0.0
    assert found["taken_sum_rank"] == [1.0, 0.0, 1.0]
    assert found["taken_sum_to_top"] == [-3.0, 0.0, -3.0]


def test_lines_that_hold_or_repeat_each_other_are_told() -> None:
    found = rows(["Home Harbour closes old quay", "Harbour closes old quay", "HARBOUR CLOSES OLD QUAY", "Weather"])
    assert found["holds"] == [2.0, 0.0, 0.0, 0.0]
    assert found["within"] == [0.0, 1.0, 1.0, 0.0]
    assert found["same_before"] == [0.0, 0.0, 1.0, 0.0]
    assert found["same_after"] == [0.0, 1.0, 0.0, 0.0]


def test_dates_and_bylines_below_a_line_are_counted_in_lines() -> None:
    found = rows(["Harbour closes old quay", "By Anna Berg", "3 March 2024", "More"])
    assert found["byline"] == [0.0, 1.0, 0.0, 0.0]
    assert found["date"] == [0.0, 0.0, 1.0, 0.0]
    assert found["date_next"] == [2.0, 1.0, FAR_LINES, FAR_LINES]
    assert found["byline_before"] == [0.0, 0.0, 1.0, 1.0]


def test_rows_of_a_head_without_words_or_prose() -> None:
    lines = read_lines("—\n***")
    columns = read([line.text for line in lines], gaps(lines), default_model().lexicon)
    assert np.isfinite(head_rows(columns, [0, 1], [(False, False, False)] * 2, 2)).all()


def test_the_head_ends_at_the_prose_and_is_no_longer_than_it_may_be() -> None:
    lines = read_lines("\n".join([*(f"Menu {number}" for number in range(100)), PROSE, "Foot"]))
    head, prose = find_head(lines, lambda line: line.prose, len(lines))
    assert (head[0].at, head[-1].at, prose) == (100 - HEAD_LINES, 99, 100)
    assert find_head(lines, lambda line: False, 102) == (lines[-HEAD_LINES:], 102)


def chosen(head: dict[str, float]) -> str | None:
    lines: list[Line] = read_lines("\n".join([*head, PROSE]))
    said = list(head.values())
    scores = LineScores(
        np.array([0.0] * len(head) + [1.0]), lambda places, _signs, _prose: np.array([said[place] for place in places])
    )
    return read_story(lines, scores).headline


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ({"The old quay": 0.2, "Harbour closes quay": 0.8, "Weather": 0.1}, "Harbour closes quay"),
        ({"Blog / Harbour closes quay": 0.8, "Harbour closes quay": 0.3}, "Harbour closes quay"),
        ({"Blog / Harbour closes quay": 0.8, "Harbour closes quay": 0.2}, "Blog / Harbour closes quay"),
        ({"Why the harbour closes": 0.8, "harbour closes": 0.7}, "Why the harbour closes"),
        ({"Harbour closes quay for good": 0.8, "Harbour closes quay": 0.7}, "Harbour closes quay for good"),
    ],
)
def test_the_likeliest_line_or_the_one_that_ends_it_is_the_headline(head: dict[str, float], headline: str) -> None:
    assert chosen(head) == headline


def test_a_headline_below_a_long_menu_is_found() -> None:
    menu = [f"{place} news" for place in ("Local", "World", "Sport", "Money", "Travel", "Food", "Science", "Health")]
    more = [
        "Engineers of the county now measure the wall twice a day, and a crane from the mainland is to lift the "
        "first of the loosened stones by the end of the week, the harbour master told a meeting in the fish hall.",
        "Until then the islanders are brought across in fishing boats, at a quarter of the price and whenever the "
        "wind allows, which in March means on three days out of seven, as every skipper on the quay will tell you.",
        "The council had put off the repair of the quay for two years because the money was needed for the school, and "
        "its members will now have to decide whether a loan can pay for both before the summer guests arrive.",
    ]
    lines = [*menu, *(f"Our {name}" for name in menu), *(f"More {name}" for name in menu)]
    head = "Storm closes the harbour's old quay"
    text = "\n".join(lines) + f"\n\n{head}\n\nBy Anna Berg\n\n" + "\n\n".join([PROSE, *more])
    (story,) = extract_dump(Page(None, text, ContentType.DUMP, "0" * 64)).stories
    assert story.headline == head
