"""The envelope: the one set of fields that every input form is read into, and what each of them may hold.

A form (`forms`) gives `Fields`: canonical names to values not yet looked at, with the name each had in the message,
so that a refusal names what the scraper wrote. Here they are held to their types. What a page cannot be read without
(its address, body, type and encoding) refuses it where it is wrong; any other field is left out, and that is told.
Fields not known are ignored.
"""

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from broadsheet.decode.numbers import without_large
from broadsheet.errors import PageError, Reason
from broadsheet.json_text import write_json
from broadsheet.moments import read_any_moment
from broadsheet.options import Limits

T = TypeVar("T")

DEFAULT_CONTENT_TYPE = "text/html"
_WEB = re.compile(r"https?://[^\s/?#\\]++[^\x00-\x1f\x7f]*+", re.IGNORECASE)
_CREDENTIALS = re.compile(r"\A(https?://)[^/?#\\]*@", re.IGNORECASE)
_TRACE_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_STATUS = range(100, 1000)  # three digits (RFC 9110, 15); some sites answer 999
_QUOTE_CHARS = 60


class Unreadable(NamedTuple):
    """Stands for a field's value that could not be taken from the message, and why."""

    problem: str


class Fields(NamedTuple):
    """An envelope's fields as they came: by canonical name, with the name the message had for each."""

    values: Mapping[str, Any]
    names: Mapping[str, str]

    def get(self, field: str) -> Any:
        """The field's value; None where it is absent or null."""
        return self.values.get(field)

    def wrong(self, field: str, problem: str) -> PageError:
        """The refusal that names the field in the message's own words."""
        value = self.get(field)
        problem = value.problem if isinstance(value, Unreadable) else problem
        return PageError(Reason.INVALID_ENVELOPE, f"{self.names.get(field, field)}: {problem}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A page as its scraper handed it over: every field held to its type, the body still packed."""

    url: str | None
    body: str | bytes
    content_type: str
    content_encoding: str | None
    charset: str | None
    fetched_at: datetime | None
    status: int | None
    response_headers: Mapping[str, str]
    page_id: str | None
    source: str | None
    metadata: Any
    left_out: tuple[str, ...] = ()
    """What was wrong with the fields that are null for it, a line each."""


def validated(fields: Fields, limits: Limits) -> Envelope:
    """The fields, each held to its type and bounds. Raises `invalid-envelope` naming the first that a page cannot be
    read without.
    """
    url = web_address(fields, "url", limits.url_chars)
    encoding = short_text(fields, "content_encoding")
    body = _body(fields, encoding, limits)
    content_type = short_text(fields, "content_type") or DEFAULT_CONTENT_TYPE
    left_out: list[str] = []

    def optional(read: Callable[[Fields, str], T], field: str) -> T | None:
        try:
            return read(fields, field)
        except PageError as fault:
            left_out.append(f"left out {fault.detail}")
            return None

    return Envelope(
        url=url,
        body=body,
        content_type=content_type,
        content_encoding=encoding,
        charset=optional(short_text, "charset"),
        fetched_at=optional(moment, "fetched_at"),
        status=optional(_status, "status"),
        response_headers=optional(_response_headers, "response_headers") or {},
        page_id=optional(short_text, "page_id"),
        source=optional(short_text, "source"),
        metadata=optional(_metadata, "metadata"),
        left_out=tuple(left_out),
    )


def web_address(fields: Fields, field: str, most_chars: int) -> str | None:
    """An absolute http(s) address, as it was written but for credentials, or None where it is null or empty. It must be
    there."""
    url = fields.get(field)
    if url is None:
        if field not in fields.values:
            raise fields.wrong(field, "missing (null says that it is unknown)")
        return None
    if not isinstance(url, str):
        raise fields.wrong(field, f"not a string: {quoted(url)}")
    url = url.strip()
    if not url:
        return None
    if len(url) > most_chars:
        raise fields.wrong(field, f"{len(url):,} characters, the limit is {most_chars:,}")
    if not is_web_address(url):
        raise fields.wrong(field, f"not an absolute http(s) address: {quoted(url)}")
    return without_credentials(url)


def without_credentials(url: str) -> str:
    """The address without the name and password of who fetched it (`https://user:password@…`)."""
    return _CREDENTIALS.sub(r"\1", url, count=1)


def is_web_address(text: str) -> bool:
    """Whether a text is an absolute http(s) address that can go into a record."""
    if not _WEB.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:  # a broken IPv6 address, a port that is none, a host that Unicode folds into another
        return False


def short_text(fields: Fields, field: str) -> str | None:
    """A string, or None where it is absent or null."""
    value = fields.get(field)
    if value is not None and not isinstance(value, str):
        raise fields.wrong(field, f"not a string: {quoted(value)}")
    return value


def moment(fields: Fields, field: str) -> datetime | None:
    """A date-time with its offset, or None where it is absent or null: RFC 3339, or another form of ISO 8601."""
    value = short_text(fields, field)
    if value is None:
        return None
    try:
        return read_any_moment(value)
    except ValueError as error:
        raise fields.wrong(field, f"not an RFC 3339 date-time: {quoted(value)} ({error})") from None


def trace_parent(fields: Fields) -> str | None:
    """The W3C trace context to carry on; one that is malformed is left out, as the standard asks."""
    value = fields.get("traceparent")
    return value if isinstance(value, str) and _TRACE_PARENT.fullmatch(value) else None


def unbase64(fields: Fields, field: str) -> bytes:
    """Strict base64 (RFC 4648, standard alphabet, padded, no line breaks)."""
    text = fields.get(field)
    if not isinstance(text, str):
        raise fields.wrong(field, f"not a string: {quoted(text)}")
    try:
        return binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise fields.wrong(field, f"not base64 ({error})") from None


def hold_writable(value: Any) -> None:
    """Raises TypeError or RecursionError where JSON cannot be written of it, whatever its integers."""
    try:
        write_json(value)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
        write_json(without_large(value))


def quoted(value: Any) -> str:
    """A value as it may stand in a refusal: one line, short, ASCII."""
    text = ascii(value)
    return text if len(text) <= _QUOTE_CHARS else text[:_QUOTE_CHARS] + "..."


def _body(fields: Fields, encoding: str | None, limits: Limits) -> str | bytes:
    body, packed = fields.get("body"), fields.get("body_base64")
    if (body is None) == (packed is None):
        problem = (
            "missing (a page has body or body_base64)" if body is None else "body and body_base64 exclude each other"
        )
        raise fields.wrong("body", problem)
    if packed is not None:
        return _unpacked(fields, limits)
    if not isinstance(body, str | bytes):
        raise fields.wrong("body", f"not a string: {quoted(body)}")
    if encoding and isinstance(body, str):
        raise fields.wrong("content_encoding", "goes with body_base64 only")
    return body


def _unpacked(fields: Fields, limits: Limits) -> bytes:
    """The bytes behind base64, refused by their length before they are made."""
    text = fields.get("body_base64")
    if isinstance(text, str) and len(text) // 4 * 3 > limits.page_bytes + 2:
        raise PageError(
            Reason.TOO_LARGE, f"the page has {len(text) // 4 * 3:,} bytes, the limit is {limits.page_bytes:,}"
        )
    return unbase64(fields, "body_base64")


def _status(fields: Fields, field: str) -> int | None:
    value = fields.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in _STATUS:
        raise fields.wrong(field, f"not an HTTP status: {quoted(value)}")
    return value


def _response_headers(fields: Fields, field: str) -> dict[str, str]:
    """Header names to values; several values of one name are joined by a comma (RFC 9110, 5.3)."""
    value = fields.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise fields.wrong(field, f"not an object: {quoted(value)}")
    return {name: _header_value(fields, field, one) for name, one in value.items()}


def _header_value(fields: Fields, field: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    raise fields.wrong(field, f"a value is neither a string nor a list of strings: {quoted(value)}")


def _metadata(fields: Fields, field: str) -> Any:
    """Passed through untouched; refused where it could not be written again (nested over 250 levels)."""
    value = fields.get(field)
    if isinstance(value, Unreadable):
        raise fields.wrong(field, value.problem)
    if value is not None:
        try:
            hold_writable([[[[value]]]])
        except (TypeError, RecursionError) as error:
            raise fields.wrong(field, f"cannot be passed through: {error}") from None
    return value
