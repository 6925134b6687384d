"""The input forms and how each is told: all of them end as the envelope's fields.

The sender tells the form, never what was scraped. In this order: CloudEvents headers (binary mode); a `url` or
`response-headers` header, with which the value is the page's own bytes whatever type the site gave it; a
`content-type` header that says JSON or CloudEvents; a value that starts with `{` where no content type is named; else
the value is the page's own bytes. JSON is then told by its shape: `specversion` (CloudEvents), scrapy-cluster's names,
else the envelope.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

from broadsheet.decode.envelope import Fields, Unreadable, hold_writable, is_web_address, quoted, without_credentials
from broadsheet.decode.media import looks_like_json
from broadsheet.decode.numbers import became_float
from broadsheet.errors import PageError, Reason
from broadsheet.json_text import read_json
from broadsheet.text.numbers import number
from broadsheet.values import RawPage

_JSON_TYPES = frozenset({"application/json", "text/json"})
_EVENT_TYPE = "application/cloudevents+json"
_EVENT_BATCH = "application/cloudevents-batch"
_EVENT_HEADERS = ("ce_specversion", "ce_id", "ce_source", "ce_subject")
_OF_BYTES = ("url", "response-headers")
"""Headers that only a page's own bytes have beside them: an envelope names these within."""
_STRUCTURED_HEADERS = frozenset({"metadata", "response_headers"})  # their header values are JSON
_HEADER_FIELDS = (
    "url", "content_type", "content_encoding", "charset", "fetched_at", "status", "page_id", "source",
    "metadata", "response_headers", "traceparent",
)  # fmt: skip
_EVENT_FIELDS = {"id": "page_id", "source": "source", "subject": "url", "time": "fetched_at"}
_CRAWLED_FIELDS = {
    "status": "status_code", "response_headers": "response_headers", "page_id": "crawlid", "source": "appid",
    "charset": "encoding", "metadata": "attrs", "body": "body",
}  # fmt: skip
_PASSED_ON = ("metadata", "attrs", "data")
"""Where a message holds the scraper's metadata; `data` is a CloudEvent's envelope."""
_CRAWLED_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"
_JSON_SPACE = b" \t\r\n"


def read_fields(raw: RawPage) -> Fields:
    """The envelope's fields of a message in any form. Raises `PageError` (`invalid-envelope`) where there is none."""
    headers = {name.lower(): value for name, value in raw.headers}  # of a repeated header the last counts
    kind = _media_type(headers)
    if not raw.value and not _names_page(headers, kind):
        raise PageError(Reason.INVALID_ENVELOPE, "value: empty (a tombstone, or a page whose body was lost)")
    if kind.startswith(_EVENT_BATCH):
        raise PageError(Reason.INVALID_ENVELOPE, "content-type: a batch of events; send one page a message")
    if kind != _EVENT_TYPE and any(name in headers for name in _EVENT_HEADERS):
        return _event_binary(raw, headers, kind)
    if any(name in headers for name in _OF_BYTES):
        return _page_bytes(raw, headers)
    if kind == _EVENT_TYPE or kind in _JSON_TYPES or (not kind and _opens_object(raw.value)):
        return _by_shape(_json_object(raw.value, "value"), headers, raw.key)
    if not kind and looks_like_json(raw.value):
        raise PageError(Reason.INVALID_ENVELOPE, "value: a JSON array; send one page a message")
    return _page_bytes(raw, headers)


def _names_page(headers: Mapping[str, bytes], kind: str) -> bool:
    """Whether headers stand beside an empty value that make it a page with no text, as an envelope's empty body is."""
    fields = {field.replace("_", "-") for field in _HEADER_FIELDS} - {"traceparent"}
    return kind not in _JSON_TYPES and kind != _EVENT_TYPE and any(name in fields for name in headers)


def _media_type(headers: Mapping[str, bytes]) -> str:
    return (headers.get("content-type") or b"").partition(b";")[0].strip().lower().decode("latin-1")


def _opens_object(value: bytes) -> bool:
    return value[:64].removeprefix(_BOM).lstrip(_JSON_SPACE).startswith(b"{")


def _by_shape(message: dict[str, Any], headers: Mapping[str, bytes], key: bytes | None) -> Fields:
    trace = {"traceparent": _trace(headers)}
    if "specversion" in message:
        return _event_structured({**trace, **message}, key)
    if "crawlid" in message or ("response_url" in message and "status_code" in message):
        return _crawled({**trace, **message})
    return Fields({**message, **trace}, {})


# --- bytes and headers


def _page_bytes(raw: RawPage, headers: Mapping[str, bytes]) -> Fields:
    """The page itself as the value, its fields as headers named with dashes. No `url` header: the key, if it is one."""
    fields = _header_fields(headers)
    values = {"url": key_address(raw.key), **fields.values, "body": raw.value}
    return Fields(values, {**fields.names, "body": "value"})


def _header_fields(headers: Mapping[str, bytes]) -> Fields:
    names = {field: field.replace("_", "-") for field in _HEADER_FIELDS}
    values = {field: _header_value(headers, field, name) for field, name in names.items() if name in headers}
    return Fields(values, names)


def _header_value(headers: Mapping[str, bytes], field: str, name: str) -> Any:
    value = headers[name]
    if value is None:
        return None
    if field in _STRUCTURED_HEADERS:
        return _json_header(value, name)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return Unreadable("not UTF-8")
    status = number(text, most=4) if field == "status" and text.isascii() else None
    return text if status is None else status


def _json_header(value: bytes, name: str) -> Any:
    try:
        found = _json(value, name)
        return _json_exact(value, name) if became_float(found) else found
    except PageError as fault:
        return Unreadable(fault.detail.removeprefix(f"{name}: "))


def key_address(key: bytes | None) -> str | None:
    """The message's key where it is an absolute http(s) address that may stand in for the page's."""
    if not key:
        return None
    try:
        text = key.decode()
    except UnicodeDecodeError:
        return None
    return without_credentials(text) if is_web_address(text) else None


def _trace(headers: Mapping[str, bytes]) -> str | None:
    value = headers.get("traceparent") or headers.get("ce_traceparent") or b""
    return value.decode("latin-1") or None


# --- CloudEvents 1.0


def _event_binary(raw: RawPage, headers: Mapping[str, bytes], kind: str) -> Fields:
    """Attributes as `ce_` headers, the data as the value: the page's bytes, or an envelope where it is JSON.

    An event that names its page goes before what its data says: a site must not speak for another.
    """
    _hold_version((headers.get("ce_specversion") or b"1.0").decode("latin-1"), "ce_specversion")
    plain = _header_fields(headers)
    if kind in _JSON_TYPES:
        data = _json_object(raw.value, "value")
        plain = Fields(data, {})
    else:
        plain = Fields({**plain.values, "body": raw.value}, {**plain.names, "body": "value"})
    names = {field: f"ce_{attribute}" for attribute, field in _EVENT_FIELDS.items()}
    values = {field: _header_value(headers, field, name) for field, name in names.items() if name in headers}
    values.setdefault("url", key_address(raw.key))
    named = {**names, **{field: name for field, name in plain.names.items() if field in plain.values}}
    both = {**plain.values, **values} if values.get("url") else {**values, **plain.values}
    return Fields({**both, "traceparent": _trace(headers)}, named)


def _event_structured(event: dict[str, Any], key: bytes | None) -> Fields:
    """The whole event as JSON: `data` is the page's text or an envelope, `data_base64` the page's bytes.

    As in binary mode, an event that names its page goes before what its data says.
    """
    _hold_version(event["specversion"], "specversion")
    values = {field: event[attribute] for attribute, field in _EVENT_FIELDS.items() if attribute in event}
    values.setdefault("url", key_address(key))
    names = {field: attribute for attribute, field in _EVENT_FIELDS.items()}
    data = event.get("data")
    if isinstance(data, dict):
        both = {**data, **values} if values["url"] else {**values, **data}
        named = {field: name for field, name in names.items() if field not in data or values["url"]}
        return Fields({**both, "traceparent": event["traceparent"]}, named)
    body = {"body": data, "body_base64": event.get("data_base64"), "content_type": event.get("datacontenttype")}
    named = {**names, "body": "data", "body_base64": "data_base64", "content_type": "datacontenttype"}
    return Fields({**values, **body, "traceparent": event["traceparent"]}, named)


def _hold_version(version: Any, name: str) -> None:
    if version != "1.0":
        raise PageError(Reason.INVALID_ENVELOPE, f"{name}: CloudEvents 1.0 is read, this says {quoted(version)}")


# --- scrapy-cluster


def _crawled(crawled: dict[str, Any]) -> Fields:
    """scrapy-cluster's `crawled` message. Its time is UTC with no offset, its body may be base64 (its own setting)."""
    names = {**_CRAWLED_FIELDS, "url": "response_url", "fetched_at": "timestamp", "body_base64": "body"}
    values = {field: crawled.get(name) for field, name in _CRAWLED_FIELDS.items()}
    values["url"] = crawled.get("response_url") or crawled.get("url")
    values["fetched_at"] = _in_utc(crawled.get("timestamp"))
    values["content_type"] = _served_type(crawled.get("response_headers"))
    values["traceparent"] = crawled["traceparent"]
    body = values["body"]
    if isinstance(body, str) and len(body) % 4 == 0 and _CRAWLED_BASE64.fullmatch(body):
        values["body"], values["body_base64"] = None, body
    return Fields(values, names)


def _in_utc(moment: Any) -> Any:
    return moment if not isinstance(moment, str) or _OFFSET.search(moment) else moment.replace(" ", "T") + "Z"


def _served_type(headers: Any) -> Any:
    """The server's content type: the crawler gives a header's values as a list."""
    if not isinstance(headers, dict):
        return None
    value = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    return value[0] if isinstance(value, list) and value else value


# --- JSON


def _json_object(data: bytes, name: str) -> dict[str, Any]:
    value = _json(data, name)
    if not isinstance(value, dict):
        raise PageError(Reason.INVALID_ENVELOPE, f"{name}: a JSON object is needed, this is {quoted(value)}")
    return value


def _json(data: bytes, name: str) -> Any:
    """JSON of RFC 8259, read again by the exact reader where the fast one would lose something."""
    try:
        value = read_json(data.removeprefix(_BOM))
    except OverflowError as error:
        raise PageError(Reason.TOO_LARGE, f"{name}: {error}") from None
    except orjson.JSONDecodeError as error:
        if b"\\ud" in data or b"\\uD" in data:
            return _json_exact(data, name)
        raise PageError(Reason.INVALID_ENVELOPE, f"{name}: not JSON ({error})") from None
    return _json_exact(data, name) if _passes_floats(value) else value


def _passes_floats(value: Any) -> bool:
    """Whether what is passed through untouched may hold integers beyond 64 bits, which orjson reads as floats."""
    return isinstance(value, dict) and became_float([value.get(name) for name in _PASSED_ON])


def _json_exact(data: bytes, name: str) -> Any:
    """The same with integers of any size; lone surrogates, which strict readers refuse, become U+FFFD."""
    try:
        value = _scrubbed(json.loads(data.removeprefix(_BOM), parse_constant=_no_constant))
        hold_writable(value)
        return value
    except (ValueError, TypeError, RecursionError) as error:
        problem = str(error) or type(error).__name__
        raise PageError(Reason.INVALID_ENVELOPE, f"{name}: not JSON ({problem})") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_scrubbed(one) for one in value]
    if isinstance(value, dict):
        return {_SURROGATE.sub("\ufffd", name): _scrubbed(one) for name, one in value.items()}
    return value
