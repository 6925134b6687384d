"""Whatever comes on the topic, decoding ends as a page or as one error of the closed list, and the same way twice."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import orjson
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from webencodings import lookup
from webencodings.labels import LABELS

from broadsheet.decode import decode, identify
from broadsheet.errors import PageError, Reason
from broadsheet.options import Limits
from broadsheet.records.writing import record_bytes
from broadsheet.values import Page, PageRef, RawPage

LIMITS = Limits(page_bytes=200_000)
URL = "https://harbourpost.example/ferry"
STORY = "Größe, façade, naïve — паром снова ходит. 渡し船は月曜日から運航を再開する。 Der Fährmann sagt: «Endlich!»"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
ENCODINGS = sorted(set(LABELS.values()) - {"replacement", "x-user-defined"})
FROM_DECODING = {
    Reason.UNDECODABLE, Reason.INVALID_ENVELOPE, Reason.UNSUPPORTED_CONTENT_TYPE, Reason.TOO_LARGE,
    Reason.EXPANSION_BOMB,
}  # fmt: skip

FIELD_NAMES = [
    "url", "body", "body_base64", "content_type", "content_encoding", "charset", "fetched_at", "status",
    "response_headers", "page_id", "source", "metadata", "specversion", "data", "data_base64", "subject", "time", "id",
    "crawlid", "appid", "response_url", "status_code", "timestamp", "encoding", "datacontenttype",
]  # fmt: skip
HEADER_NAMES = [
    "url", "content-type", "content-encoding", "charset", "fetched-at", "status", "page-id", "source", "metadata",
    "response-headers", "traceparent", "ce_specversion", "ce_id", "ce_source", "ce_subject", "ce_time", "Content-Type",
]  # fmt: skip
TELLING = [
    "", URL, "text/html", "text/plain; charset=utf-16", "application/json", "application/cloudevents+json", "gzip",
    "br", "zstd", "deflate", "gzip,br", "utf-8", "iso-2022-jp", "utf-16le", "hz-gb-2312", "1.0", "2026-03-02T07:15:30Z",
    "9999-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "200", "PHA+", "<p>x</p>", "{}", "\ud800", "\0",
]  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text() | st.sampled_from(TELLING),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
envelopes = st.dictionaries(st.sampled_from(FIELD_NAMES) | st.text(max_size=4), json_values, max_size=8)
headers = st.lists(
    st.tuples(
        st.sampled_from(HEADER_NAMES) | st.text(max_size=6),
        st.binary(max_size=40) | st.sampled_from([one.encode("utf-8", "replace") for one in TELLING]),
    ),
    max_size=6,
).map(tuple)
texts_in_bytes = st.builds(lambda text, name: encoded(text, name), st.text(), st.sampled_from(ENCODINGS))
values = st.binary(max_size=2_000) | texts_in_bytes | envelopes.map(lambda one: dumped(one))


def encoded(text: str, name: str) -> bytes:
    """The text in a WHATWG charset, without what the charset does not have."""
    return bytes(lookup(name).codec_info.encode(text, "ignore")[0])


def dumped(value: Any) -> bytes:
    """JSON as a careless writer makes it: half characters, NaN and numbers of any size let through."""
    return json.dumps(value).encode()


def outcome(raw: RawPage, limits: Limits = LIMITS) -> Page | tuple[Reason, str]:
    """The page or the one error; anything else fails the test."""
    try:
        page = decode(raw, limits)
    except PageError as error:
        return refused(error)
    assert page.utf8 in (None, page.text.encode())  # which raises for lone surrogates
    record_bytes({"metadata": page.metadata})
    orjson.dumps([page.page_id, page.source, page.url])
    assert page.fetched_at is None or page.fetched_at.utcoffset() is not None
    return page


def refused(error: PageError) -> tuple[Reason, str]:
    """The reason and detail of a refusal: of the closed list, one short line."""
    assert error.reason in FROM_DECODING
    assert error.detail
    assert "\n" not in error.detail
    assert len(error.detail) < 300
    return error.reason, error.detail


def packed(data: bytes, **fields: Any) -> RawPage:
    return RawPage(orjson.dumps({"url": URL, "body_base64": base64.b64encode(data).decode(), **fields}))


@given(values, headers, st.none() | st.binary(max_size=60))
def test_any_message_gives_a_page_or_the_one_error_and_the_same_twice(
    value: bytes, held: tuple[tuple[str, bytes], ...], key: bytes | None
) -> None:
    raw = RawPage(value, key, held)
    assert outcome(raw) == outcome(raw)
    assert isinstance(identify(raw), PageRef)
    assert identify(raw) == identify(raw)


@given(st.binary(max_size=3_000), st.sampled_from(sorted(PACKERS)), st.integers(0, 3_000), st.data())
def test_a_stream_cut_or_damaged_anywhere_is_never_taken_for_the_page(
    data: bytes, coding: str, cut: int, draw: st.DataObject
) -> None:
    stream = PACKERS[coding](data)
    cut = min(cut, len(stream) - 1)
    found = outcome(packed(stream[:cut], content_encoding=coding))
    assert isinstance(found, tuple)
    assert found[0] in (Reason.UNDECODABLE, Reason.EXPANSION_BOMB)
    place = draw.draw(st.integers(0, len(stream) - 1))
    damaged = stream[:place] + bytes([stream[place] ^ draw.draw(st.integers(1, 255))]) + stream[place + 1 :]
    outcome(packed(damaged, content_encoding=coding))


@given(st.integers(0, 4_000), st.sampled_from(sorted(PACKERS)), st.integers(1, 3_000))
def test_never_more_is_unpacked_than_the_limits_allow(size: int, coding: str, limit: int) -> None:
    stream = PACKERS[coding](b"<p>" + b"ab" * size)
    found = outcome(packed(stream, content_encoding=coding), Limits(page_bytes=limit))
    unpacked = 3 + 2 * size
    if len(stream) > limit or unpacked > limit:
        assert isinstance(found, tuple)
        assert found[0] in (Reason.TOO_LARGE, Reason.EXPANSION_BOMB)
    elif unpacked > 100 * len(stream):
        assert found == (Reason.EXPANSION_BOMB, f"{len(stream):,} bytes unpack to more than 100 times as many")
    else:
        assert isinstance(found, Page)
        assert len(found.text) == unpacked


@pytest.mark.parametrize("declared", ENCODINGS)
@settings(max_examples=10)
@given(st.sampled_from(ENCODINGS), st.integers(0, 400))
def test_every_encoding_declared_as_every_other_and_cut_anywhere(declared: str, actual: str, cut: int) -> None:
    data = encoded(f"<html><head><meta charset={declared}></head><p>{STORY}</p>", actual)
    for raw in (
        packed(data[:cut], charset=declared),
        RawPage(data[:cut] or b" ", None, (("content-type", f"text/html; charset={declared}".encode()),)),
    ):
        assert outcome(raw) == outcome(raw)


@given(st.text(min_size=1))
def test_text_of_an_envelope_is_the_page_s_text(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    found = outcome(RawPage(orjson.dumps({"url": URL, "body": clean})))
    if isinstance(found, Page):
        assert found.text == clean.removeprefix("\ufeff").replace("\0", "")
    else:
        assert found[0] in (Reason.UNDECODABLE, Reason.UNSUPPORTED_CONTENT_TYPE)


@given(json_values)
def test_metadata_is_passed_through_untouched(metadata: Any) -> None:
    found = outcome(RawPage(dumped({"url": URL, "body": "x", "metadata": metadata})))
    try:
        orjson.loads(dumped(metadata))
    except orjson.JSONDecodeError:
        return  # not JSON by the standard: refused, or repaired where a half character was all that was wrong
    assert isinstance(found, Page)
    assert found.metadata == metadata
    assert json.loads(record_bytes({"metadata": found.metadata}))["metadata"] == metadata


@given(json_values, st.integers(min_value=2**64), st.booleans())
def test_integers_of_any_size_are_passed_through(metadata: Any, large: int, in_a_header: bool) -> None:
    held = {"half": "\ud800", "n": [large, -large, metadata]}
    try:
        orjson.loads(dumped(metadata))
    except orjson.JSONDecodeError:
        return
    body = b"The harbour office said so."
    raw = (
        RawPage(body, None, (("url", URL.encode()), ("metadata", dumped(held))))
        if in_a_header
        else RawPage(dumped({"url": URL, "body": body.decode(), "metadata": held}))
    )
    found = outcome(raw)
    assert isinstance(found, Page)
    assert found.metadata == {"half": "\ufffd", "n": [large, -large, metadata]}
