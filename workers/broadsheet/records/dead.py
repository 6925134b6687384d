"""A dead letter: the page's key, value and headers untouched, and beside them headers that say why it is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from broadsheet.errors import Reason
from broadsheet.moments import read_moment, written_moment
from broadsheet.records.reading import RecordError
from broadsheet.values import Origin, RawPage

Headers = tuple[tuple[str, bytes], ...]

PREFIX = "dead-"
REASON, DETAIL, ORIGIN, AT, ATTEMPTS = (PREFIX + name for name in ("reason", "detail", "origin", "at", "attempts"))
_NAMES = (REASON, DETAIL, ORIGIN, AT, ATTEMPTS)
_DETAIL_CHARS = 500


class DeadLetter(NamedTuple):
    """Why a page is a dead letter. `origin` is where it first stood; `attempts` how often it was tried in all."""

    reason: Reason
    detail: str
    origin: Origin | None
    at: datetime
    attempts: int


def dead_headers(
    raw: RawPage, reason: Reason, detail: str, at: datetime, attempts: int | None = None
) -> tuple[tuple[str, bytes], ...]:
    """All headers of a page's dead letter: its own as they came, then the five `dead-` ones.

    `at` needs an offset (ValueError). A page that is a redriven dead letter keeps its first origin; `attempts` is one
    more than it had, unless given. `detail` is kept to one line of 500 characters. A page that did not come from
    Kafka has no `dead-origin`.
    """
    kept = dict(raw.headers).get(ORIGIN)
    origin = kept if kept is not None else _origin_bytes(raw.origin)
    count = attempts_before(raw.headers) + 1 if attempts is None else attempts
    line = " ".join(detail.split())[:_DETAIL_CHARS]
    said = (
        (REASON, reason.value.encode()),
        (DETAIL, line.encode("utf-8", "replace")),
        *(((ORIGIN, origin),) if origin is not None else ()),
        (AT, written_moment(at).encode()),
        (ATTEMPTS, str(count).encode()),
    )
    return (*without_dead_headers(raw.headers), *said)


def read_dead(headers: Iterable[tuple[str, bytes]]) -> DeadLetter:
    """Why a message of `pages.dead` is there. Raises `RecordError` naming the header that is missing or wrong."""
    said = {name: value for name, value in headers if name in _NAMES}
    return DeadLetter(
        reason=_reason(_text(said, REASON)),
        detail=_text(said, DETAIL),
        origin=_origin(_text(said, ORIGIN)) if ORIGIN in said else None,
        at=_moment(_text(said, AT)),
        attempts=_count(_text(said, ATTEMPTS)),
    )


def attempts_before(headers: Iterable[tuple[str, bytes]]) -> int:
    """How often a page was tried before, by its headers: 0 for one that is no redriven dead letter."""
    value = dict(headers).get(ATTEMPTS, b"0")
    return int(value) if value.isdigit() and len(value) < 10 else 0


def without_dead_headers(headers: Iterable[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    """The headers that are the page's own."""
    return tuple((name, value) for name, value in headers if name not in _NAMES)


def _origin_bytes(origin: Origin | None) -> bytes | None:
    return None if origin is None else "/".join(map(str, origin)).encode()


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


def _origin(text: str) -> Origin:
    topic, _, place = text.partition("/")
    partition, _, offset = place.partition("/")
    if not (topic and _is_number(partition) and _is_number(offset)):
        raise RecordError(f"{ORIGIN}: not topic/partition/offset: {ascii(text)[:60]}")
    return Origin(topic, int(partition), int(offset))


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except ValueError as error:
        raise RecordError(f"{AT}: {error}: {ascii(text)[:60]}") from None


def _count(text: str) -> int:
    if not _is_number(text) or int(text) < 1:
        raise RecordError(f"{ATTEMPTS}: not a number from 1: {ascii(text)[:60]}")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20
