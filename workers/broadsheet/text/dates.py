"""Dates as pages write them: machine-written ones with their offset, and those in a line of text.

All answers are RFC 3339: a date-time with offset where the source names one, else a plain date. A local time without
an offset is no instant, so only its day is kept.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dateutil import parser as dateutil_parser

from broadsheet.native.fields import date_signs
from broadsheet.text.months import MONTHS
from broadsheet.text.numbers import number_or_zero
from broadsheet.text.tables import one_of

YEARS = range(1990, 2100)
"""News on the web; years outside are misread numbers or templates' fillers."""
_BUDDHIST_ERA = 543

_ANY_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_YMD = re.compile(r"\b(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d])")
_MONTH = one_of(MONTHS)
_AGAIN = rf"(?:\s*/\s*(?:{_MONTH}))?"
"""The month's other name, as Arabic papers write it behind the first."""
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.|-го|-е)?,?\s*(?:de\s+|di\s+|of\s+|ב|"
    rf",\s*)?({_MONTH})\b{_AGAIN}\.?,?\s*(?:de\s+|del\s+|พ\.ศ\.\s*)?(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_ORDERS = (
    (4, _CJK, 1, 2, 3), (1, _ISO, 1, 2, 3), (2, _YMD, 1, 2, 3), (8, _DAY_FIRST, 3, 2, 1), (16, _MONTH_FIRST, 3, 1, 2),
)  # fmt: skip
"""Each spelt form with the sign of it (`date_signs`) and its groups of year, month and day."""
SPELT, NUMBERS = 31, 32
"""The signs of all spelt forms, and of three numbers."""
_ARABIC_DIGITS = {
    ord(digit): str(value) for zero in "٠۰०๐" for value, digit in enumerate(chr(ord(zero) + i) for i in range(10))
}
_FULLWIDTH_DIGITS = {0xFF10 + value: str(value) for value in range(10)}
_DIGITS = {**_ARABIC_DIGITS, **_FULLWIDTH_DIGITS}

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MACHINE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|"
    r"[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_ZONE_HOURS = """UT 0 UTC 0 GMT 0 Z 0 EST -5 EDT -4 CST -6 CDT -5 MST -7 MDT -6 PST -8 PDT -7 BST 1 CET 1 CEST 2
EET 2 EEST 3 MSK 3 JST 9 KST 9 SGT 8 HKT 8 AEST 10 AEDT 11""".split()  # noqa: SIM905
_ZONES = {name: int(hours) * 3600 for name, hours in zip(_ZONE_HOURS[::2], _ZONE_HOURS[1::2], strict=True)}
"""Zone abbreviations that a news page may write, in seconds east; "IST" or "ET" name several."""
_CLOCK = re.compile(r"\d:\d\d")
_DEFAULTS = (datetime(1901, 1, 1), datetime(1902, 2, 2))


class Found(NamedTuple):
    """A date in a text and where: `start` to `end` of the text."""

    day: str
    start: int
    end: int


def machine_date(value: str) -> str | None:
    """The date of a field written by a machine (ISO 8601 and its near misses, RFC 2822), or None."""
    value = value.strip()
    if not value.isascii():
        value = value.translate(_DIGITS)
    if not 8 <= len(value) <= 64:
        return None
    match = _MACHINE.match(value)
    if match:
        return _from_machine(match)
    if re.fullmatch(r"\d{10}|\d{13}", value):
        return None
    numeric = _numeric(value, month_first=True)
    if numeric and not _CLOCK.search(value):
        return numeric.day
    return _loosely(value) or getattr(find_date(value), "day", None)


def find_date(text: str, *, month_first: bool = True, marks: str = "/") -> Found | None:
    """The first full date that `text` names; `month_first` settles 04/05/2024, or what other `marks` part."""
    signs = date_signs(text)
    if not signs:
        return None
    if not text.isascii():
        text = text.translate(_DIGITS)
    spelt = _spelt(text, signs) if signs & SPELT else None
    numeric = _numeric(text, month_first, marks) if signs & NUMBERS else None
    if spelt is None or numeric is None:
        return spelt or numeric
    return numeric if numeric.start < spelt.start else spelt


def date_in_url(url: str) -> str | None:
    """The date that a URL's path carries, e.g. /2024/05/06/ or -20240506."""
    path = url.split("?", maxsplit=1)[0].split("//", 1)[-1].partition("/")[2]
    for match in _URL_DATE.finditer(path):
        day = _day(match[1], match[2], match[3])
        if day:
            return day
    return None


def _from_machine(match: re.Match[str]) -> str | None:
    day = _day(match[1], match[2], match[3])
    if not day or match[4] is None or match[7] is None:
        return day
    offset = match[7] if match[7][0] in "+-" else "+00:00"
    digits = offset[1:].replace(":", "").ljust(4, "0")
    hours, minutes, seconds = number_or_zero(match[4]), number_or_zero(match[5]), number_or_zero(match[6])
    if hours > 23 or minutes > 59 or seconds > 59 or number_or_zero(digits[:2]) > 23 or number_or_zero(digits[2:]) > 59:
        return day
    return f"{day}T{hours:02}:{minutes:02}:{seconds:02}{offset[0]}{digits[:2]}:{digits[2:]}"


def _loosely(value: str) -> str | None:
    """dateutil's reading, only if it names year, month and day: two defaults tell what it filled in."""
    try:
        first, second = (dateutil_parser.parse(value, default=default, tzinfos=_ZONES) for default in _DEFAULTS)
        if first.date() != second.date() or first.year not in YEARS:
            return None
        offset = first.utcoffset()
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None
    if offset is None or offset % timedelta(minutes=1):
        return first.date().isoformat()
    return first.replace(microsecond=0).isoformat()


def _spelt(text: str, signs: int) -> Found | None:
    """A date with its month spelt, or in the order that leaves no doubt."""
    for sign, pattern, year, month, day in _ORDERS:
        for match in pattern.finditer(text) if signs & sign else ():
            name = match[month]
            spelt = name if name.isdecimal() else str(MONTHS.get(name.casefold().strip("."), 0))
            found = _day(match[year], spelt, match[day])
            if found:
                return Found(found, match.start(), match.end())
    return None


def _numeric(text: str, month_first: bool, marks: str = "/") -> Found | None:
    for match in _NUMERIC.finditer(text):
        first, second, year = match[1], match[3], match[4]
        year = year if len(year) == 4 else f"20{year}"
        swap = month_first and match[2] in marks
        day = _day(year, first, second) if swap and number_or_zero(first) <= 12 else _day(year, second, first)
        day = day or _day(year, first, second)
        if day:
            return Found(day, *match.span())
    return None


def _day(year: str, month: str, day: str) -> str | None:
    common = number_or_zero(year)
    if common - _BUDDHIST_ERA in YEARS and common not in YEARS:
        common -= _BUDDHIST_ERA
    if common not in YEARS:
        return None
    try:
        return date(common, number_or_zero(month), number_or_zero(day)).isoformat()
    except ValueError:
        return None
