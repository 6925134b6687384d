"""The story of decoding: envelope, bytes, text, Page. And what can be told of a page that cannot be read."""

import hashlib
from typing import Any

from broadsheet.decode.charset import Decoded, to_text
from broadsheet.decode.compression import inflate
from broadsheet.decode.envelope import Envelope, Fields, moment, short_text, trace_parent, validated, web_address
from broadsheet.decode.forms import key_address, read_fields
from broadsheet.decode.media import charset_label, page_type, refuse_binary, refuse_json, refuse_noise
from broadsheet.errors import PageError, Reason
from broadsheet.options import Limits
from broadsheet.values import Page, PageRef, RawPage


def decode(raw: RawPage, limits: Limits) -> Page:
    """The page that a message holds, as text.

    Forms: JSON envelope, the page's bytes with headers, CloudEvents 1.0 (binary and structured), scrapy-cluster's
    crawled JSON. Raises `PageError`: `invalid-envelope` (the field is named), `unsupported-content-type`,
    `undecodable`, `too-large`, `expansion-bomb`. The same message gives the same page, whatever came before.
    """
    fields = read_fields(raw)
    envelope = validated(fields, limits)
    kind = page_type(envelope.content_type)
    decoded, data = _text(envelope, limits)
    refuse_noise(decoded.text)
    return Page(
        url=envelope.url,
        text=decoded.text,
        content_type=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        charset=decoded.charset,
        page_id=envelope.page_id,
        source=envelope.source,
        fetched_at=envelope.fetched_at,
        status=envelope.status,
        response_headers=envelope.response_headers,
        metadata=envelope.metadata,
        traceparent=trace_parent(fields),
        origin=raw.origin,
        left_out=envelope.left_out,
        utf8=data if decoded.whole else None,
    )


def identify(raw: RawPage) -> PageRef:
    """What can be told of a page without reading it; unknown where it cannot. Never raises.

    For the outcome of a page that failed: a bad field hides only itself, and the key stands in for an unknown address.
    """
    try:
        fields = read_fields(raw)
    except PageError:
        fields = Fields({}, {})
    return PageRef(
        url=_or_none(web_address, fields, "url", Limits().url_chars)
        or _short(key_address(raw.key), Limits().url_chars),
        page_id=_or_none(short_text, fields, "page_id"),
        source=_or_none(short_text, fields, "source"),
        fetched_at=_or_none(moment, fields, "fetched_at"),
        origin=raw.origin,
    )


def _short(url: str | None, most_chars: int) -> str | None:
    return url if url is not None and len(url) <= most_chars else None


def _or_none(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except PageError:
        return None


def _text(envelope: Envelope, limits: Limits) -> tuple[Decoded, bytes]:
    """The page's text, and its bytes."""
    if isinstance(envelope.body, str):
        data = envelope.body.encode()
        _hold_size(len(data), limits)
        refuse_binary(data)
        decoded = Decoded(envelope.body, "utf-8", whole=True)
    else:
        data = _bytes(envelope.body, envelope.content_encoding, limits)
        refuse_binary(data)
        decoded = to_text(data, _declared(envelope), envelope.url)
    refuse_json(data)
    text = decoded.text.removeprefix("\ufeff")
    if b"\0" in data:  # null characters mean nothing in a page; browsers drop them from text too
        text = text.replace("\0", "")
    return decoded if text is decoded.text else Decoded(text, decoded.charset), data


def _declared(envelope: Envelope) -> list[str]:
    """Charset labels by rank: the scraper's own word, its content type, the server's header."""
    served = next((v for k, v in envelope.response_headers.items() if k.lower() == "content-type"), None)
    labels = (envelope.charset, charset_label(envelope.content_type), charset_label(served))
    return [label for label in labels if label]


def _bytes(body: bytes, encoding: str | None, limits: Limits) -> bytes:
    _hold_size(len(body), limits)
    return inflate(body, encoding, limits) if encoding else body


def _hold_size(size: int, limits: Limits) -> None:
    if size > limits.page_bytes:
        raise PageError(Reason.TOO_LARGE, f"the page has {size:,} bytes, the limit is {limits.page_bytes:,}")
