"""Headlines out of the lines of a dump."""

import pytest

from broadsheet.clean.headlines import bare_headline


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
