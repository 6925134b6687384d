"""Times as they stand in messages: RFC 3339, always with an offset."""

import re
from datetime import UTC, datetime, timedelta

_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:)(\d\d)(\.\d+)?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)

_DAY_AND_MINUTE = re.compile(r"\s*\d{4}-?\d\d-?\d\d[Tt ]\d\d:?\d\d", re.ASCII)
_LONGEST = 64


def read_moment(text: str) -> datetime:
    """A date-time of RFC 3339, strictly; a leap second counts as the first of the next minute.

    Raises ValueError. Fractions beyond microseconds are cut off.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError("not YYYY-MM-DDThh:mm:ss with an offset")
    start, seconds, fraction, offset = match.groups()
    leap = seconds == "60"
    try:
        moment = datetime.fromisoformat(f"{start}{'59' if leap else seconds}{(fraction or '')[:7]}{offset}")
        return moment + timedelta(seconds=leap)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def read_any_moment(text: str) -> datetime:
    """A date-time of RFC 3339, or of another form of ISO 8601 that names a day, a minute and an offset. Raises
    ValueError; less than that is no moment.
    """
    try:
        return read_moment(text)
    except ValueError:
        if len(text) > _LONGEST or not _DAY_AND_MINUTE.match(text):
            raise
    moment = datetime.fromisoformat(text.strip().upper())
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment


def written_moment(moment: datetime) -> str:
    """RFC 3339 with the moment's own offset, `Z` for UTC. Raises ValueError where it has none."""
    if moment.utcoffset() is None:
        raise ValueError("a time without an offset cannot go into a record")
    if moment.utcoffset() == UTC.utcoffset(None):
        moment = moment.replace(tzinfo=UTC)
    return moment.isoformat().replace("+00:00", "Z")
