"""Scraped text on a terminal: shown, never obeyed; every script stays whole."""

import pytest

from broadsheet.cli.terminal import printable, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pier\x1b[2J closed", "Pier\ufffd[2J closed"),
        ("Pier\x9b2J closed", "Pier\ufffd2J closed"),
        ("Pier \u202eclosed", "Pier \ufffdclosed"),
        ("Pier\r\n\t closed\x00", "Pier closed\ufffd"),
        ("می‌خواهم", "می‌خواهم"),
        ("क्‍ष", "क्‍ष"),
        ("港の鐘 🔔", "港の鐘 🔔"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_shortened_marks_the_cut() -> None:
    assert shortened("Pier closed", 11) == "Pier closed"
    assert shortened("Pier closed again", 12) == "Pier closed…"
