"""Numbers as a page writes them: the one place where its digits become one.

Python refuses to read more than 4,300 digits at once, and reading many costs by their square; what a page calls a
width, an hour or a year has few.
"""

MOST_DIGITS = 9
"""Digits of any number that a page is asked for: pixels, hours, years, pages of a row."""


def number(text: str, most: int = MOST_DIGITS) -> int | None:
    """The number that `text` is, of `most` decimal digits of any script at most; None for any other text."""
    return int(text) if len(text) <= most and text.isdecimal() else None


def number_or_zero(text: str | None) -> int:
    """As `number`, for a text whose form was looked at; 0 for none, or where it may be missing."""
    return number(text or "") or 0
