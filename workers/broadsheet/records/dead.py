"""A dead letter: the page's key, value and headers untouched, and beside them headers that say why it is there.

A page on the raw topic may bring such headers itself: a redriven letter does, and so may anybody. What it says of its
past is believed only where all of it can be read and fits together; where it stands now is always told beside it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from broadsheet.errors import Reason
from broadsheet.moments import read_moment, written_moment
from broadsheet.records.reading import RecordError
from broadsheet.values import Origin, RawPage

Headers = tuple[tuple[str, bytes], ...]

PREFIX = "dead-"
REASON, DETAIL, ORIGIN, LAST_ORIGIN, AT, ATTEMPTS, LEFT_OUT = (
    PREFIX + name for name in ("reason", "detail", "origin", "last-origin", "at", "attempts", "left-out")
)
_NAMES = (REASON, DETAIL, ORIGIN, LAST_ORIGIN, AT, ATTEMPTS, LEFT_OUT)
_DETAIL_CHARS = 500
_MOST_ATTEMPTS = 9_999
"""A page that says it was tried more often was not: at a redrive a minute that is a week without a pause."""
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
"""The names that Kafka gives topics."""
PARTS = ("value", "headers", "key")
"""What may be left out of a letter that would be too large, the most expendable first."""


class DeadLetter(NamedTuple):
    """Why a page is a dead letter.

    `origin` is where it first stood, by its own word if it was redriven; `last_origin` where it stood when it died (the
    same for a page that died once; None in letters of builds that did not tell); `attempts` how often it was tried in
    all. `left_out`: those of PARTS that the letter has no more, since it would have been too large.
    """

    reason: Reason
    detail: str
    origin: Origin | None
    at: datetime
    attempts: int
    last_origin: Origin | None = None
    left_out: tuple[str, ...] = ()


class Past(NamedTuple):
    """What a redriven page says of its deaths before: where it first stood, how often it was tried."""

    origin: Origin | None
    attempts: int


def dead_headers(
    raw: RawPage,
    reason: Reason,
    detail: str,
    at: datetime,
    attempts: int | None = None,
    *,
    left_out: Sequence[str] = (),
) -> tuple[tuple[str, bytes], ...]:
    """All headers of a page's dead letter: its own as they came, then the `dead-` ones.

    `at` needs an offset (ValueError). A page that is a redriven dead letter keeps its first origin; `attempts` is one
    more than it had, unless given. `detail` is kept to one line of 500 characters. A page that did not come from
    Kafka has no `dead-origin`. `left_out` names what the letter goes without (of PARTS); its own headers may be among.
    """
    past = past_of(raw)
    said = {
        REASON: reason.value,
        DETAIL: one_line(detail),
        ORIGIN: _written_origin(past.origin or raw.origin),
        LAST_ORIGIN: _written_origin(raw.origin),
        AT: written_moment(at),
        ATTEMPTS: str(past.attempts + 1 if attempts is None else attempts),
        LEFT_OUT: " ".join(left_out),
    }
    own = () if "headers" in left_out else without_dead_headers(raw.headers)
    return (*own, *((name, text.encode("utf-8", "replace")) for name, text in said.items() if text or name == DETAIL))


def one_line(detail: str) -> str:
    """A detail as it stands in records: one line of 500 characters."""
    return " ".join(detail[: _DETAIL_CHARS * 4].split())[:_DETAIL_CHARS]


def read_dead(headers: Iterable[tuple[str, bytes]]) -> DeadLetter:
    """Why a message of `pages.dead` is there. Raises `RecordError` naming the header that is missing or wrong."""
    said = {name: value for name, value in headers if name in _NAMES}
    return DeadLetter(
        reason=_reason(_text(said, REASON)),
        detail=_text(said, DETAIL),
        origin=_origin_in(said, ORIGIN),
        at=_moment(_text(said, AT)),
        attempts=_count(_text(said, ATTEMPTS)),
        last_origin=_origin_in(said, LAST_ORIGIN),
        left_out=_parts(_text(said, LEFT_OUT)) if LEFT_OUT in said else (),
    )


def past_of(raw: RawPage) -> Past:
    """What a page's headers say of its past, all or nothing: each said once, readable, and fit for where it stands."""
    said = [(name, value) for name, value in raw.headers if name in (ORIGIN, ATTEMPTS)]
    nothing = Past(None, 0)
    if sorted(name for name, _ in said) != sorted((ORIGIN, ATTEMPTS)):
        return nothing
    try:
        past = Past(_origin_in(dict(said), ORIGIN), _count(_text(dict(said), ATTEMPTS)))
    except RecordError:
        return nothing
    return past if past.attempts <= _MOST_ATTEMPTS and _is_before(past.origin, raw.origin) else nothing


def without_dead_headers(headers: Iterable[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    """The headers that are the page's own."""
    return tuple((name, value) for name, value in headers if name not in _NAMES)


def _is_before(first: Origin | None, now: Origin | None) -> bool:
    """Whether a page that first stood there can stand here now: further on, where it is the same partition."""
    return first is None or now is None or first[:2] != now[:2] or first.offset < now.offset


def _written_origin(origin: Origin | None) -> str:
    return "" if origin is None else "/".join(map(str, origin))


def _text(said: dict[str, bytes], name: str) -> str:
    if name not in said:
        raise RecordError(f"{name}: missing")
    try:
        return said[name].decode()
    except UnicodeDecodeError:
        raise RecordError(f"{name}: not UTF-8") from None


def _reason(text: str) -> Reason:
    try:
        return Reason(text)
    except ValueError:
        raise RecordError(f"{REASON}: not one of the closed list: {ascii(text)[:60]}") from None


def _origin_in(said: dict[str, bytes], name: str) -> Origin | None:
    if name not in said:
        return None
    text = _text(said, name)
    topic, _, place = text.partition("/")
    partition, _, offset = place.partition("/")
    if not (_TOPIC.fullmatch(topic) and _is_number(partition) and _is_number(offset)):
        raise RecordError(f"{name}: not topic/partition/offset: {ascii(text[:60])[:60]}")
    return Origin(topic, int(partition), int(offset))


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except ValueError as error:
        raise RecordError(f"{AT}: {error}: {ascii(text[:60])[:60]}") from None


def _count(text: str) -> int:
    if not _is_number(text) or int(text) < 1:
        raise RecordError(f"{ATTEMPTS}: not a number from 1: {ascii(text[:60])[:60]}")
    return int(text)


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split())
    if not parts or set(parts) - set(PARTS):
        raise RecordError(f"{LEFT_OUT}: not among {', '.join(PARTS)}: {ascii(text[:60])[:60]}")
    return parts


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20
