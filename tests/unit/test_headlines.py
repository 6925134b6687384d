"""Headlines out of the lines of a dump."""

import pytest

from broadsheet.text.headlines import bare_headline, without_kicker


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Home » Harbour » Last ferry leaves the old quay", "Last ferry leaves the old quay"),
        ("News >Harbour >Last ferry leaves the old quay", "Last ferry leaves the old quay"),
        ("Last ferry leaves the old quay | The Harbour Gazette", "Last ferry leaves the old quay"),
        ("Last ferry leaves the old quay | Harbour | The Gazette", "Last ferry leaves the old quay"),
        ("Harbour | Last ferry leaves the old quay", "Harbour | Last ferry leaves the old quay"),
        ("Tides > winds", "Tides > winds"),
        ("Last ferry leaves", "Last ferry leaves"),
        (" | ", " | "),
        ("", ""),
    ],
)
def test_paths_before_and_names_after_go(line: str, headline: str) -> None:
    assert bare_headline(line) == headline


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Trouble in the fisheriesHarbour shuts for good", "Harbour shuts for good"),
        ("“All is lost now”Skipper leaves for good", "Skipper leaves for good"),
        ("The skipper on YouTube tells his story", "The skipper on YouTube tells his story"),
        ("The skipper on NewsTube tells his story", "The skipper on NewsTube tells his story"),
        ("TroubleHarbour shuts for good", "TroubleHarbour shuts for good"),
        ("Trouble in the fisheriesHarbour shuts", "Trouble in the fisheriesHarbour shuts"),
        ("The skipper, an “idol”Skipper of men", "The skipper, an “idol”Skipper of men"),
        ("「帰らぬ人」と船長 Harbour の物語です", "「帰らぬ人」と船長 Harbour の物語です"),
        ("", ""),
    ],
)
def test_a_kicker_that_runs_into_the_headline_goes(line: str, headline: str) -> None:
    words = {"Harbour", "YouTube", "Tube"} if "NewsTube" not in line else {"News"}
    assert without_kicker(line, lambda: words) == headline


def test_the_story_is_read_for_a_kicker_only_where_one_may_be() -> None:
    def told() -> set[str]:
        raise AssertionError

    assert without_kicker("The last ferry leaves the Old Quay", told) == "The last ferry leaves the Old Quay"
    assert without_kicker("wordWord and " * 40, told) == "wordWord and " * 40
