"""Dates as machines and people write them; never guessed, never from a clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.text.dates import date_in_url, find_date, machine_date


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-05T06:30:00+01:00", "2026-03-05T06:30:00+01:00"),
        ("2026-03-05T06:30:00Z", "2026-03-05T06:30:00+00:00"),
        ("2026-03-05T06:30:00.123-0430", "2026-03-05T06:30:00-04:30"),
        ("2026-03-05 06:30 UTC", "2026-03-05T06:30:00+00:00"),
        ("2026-03-05T06:30:00", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("Thu, 05 Mar 2026 06:30:00 GMT", "2026-03-05T06:30:00+00:00"),
        ("March 5, 2026", "2026-03-05"),
    ],
)
def test_a_field_is_read_with_its_offset_or_as_a_day(written: str, read: str) -> None:
    assert machine_date(written) == read


@pytest.mark.parametrize(
    "written", ["", "Thursday", "10:30", "2026", "March 2026", "2026-13-40", "1741152600", "null", "0000-00-00"]
)
def test_what_names_no_day_is_no_date(written: str) -> None:
    assert machine_date(written) is None


@pytest.mark.parametrize(
    "text",
    [
        "Published 5 March 2026 by the desk",
        "Mar. 5, 2026",
        "5. März 2026, 12 Uhr",
        "le 5 mars 2026",
        "5 de marzo de 2026",
        "5 марта 2026 г.",
        "٥ مارس ٢٠٢٦",
        "5 במרץ 2026",
        "5 मार्च 2026",
        "5 มีนาคม 2569",
        "2026年3月5日",
        "05.03.2026",
        "2026/03/05",
    ],
)
def test_a_date_is_found_in_many_languages(text: str) -> None:
    found = find_date(text)
    assert found is not None
    assert found.day == "2026-03-05"
    assert 0 <= found.start < found.end <= len(text)


def test_the_order_of_a_numeric_date_is_the_callers_choice() -> None:
    assert [found.day for first in (True, False) if (found := find_date("04/05/2026", month_first=first))] == [
        "2026-04-05",
        "2026-05-04",
    ]
    assert (found := find_date("25/05/2026")) is not None
    assert found.day == "2026-05-25"


def test_an_address_may_carry_its_day() -> None:
    assert date_in_url("https://example.com/2026/03/05/ferry") == "2026-03-05"
    assert date_in_url("https://example.com/ferry-20260305.html") == "2026-03-05"
    assert date_in_url("https://example.com/item/9920260399") is None


@given(st.text(max_size=60))
def test_any_text_has_a_date_or_none(text: str) -> None:
    machine_date(text)
    find_date(text)
