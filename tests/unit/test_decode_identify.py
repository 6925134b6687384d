"""What can be told of a page that cannot be read: as much as its message says, and never an exception."""

import base64

import orjson
import pytest

from broadsheet.decode import decode, identify
from broadsheet.options import Limits
from broadsheet.values import Origin, PageRef, RawPage

URL = "https://harbourpost.example/ferry"
ORIGIN = Origin("pages.raw", 1, 7)


def test_a_bad_field_hides_only_itself() -> None:
    value = orjson.dumps({"url": URL, "page_id": 7, "source": "coast", "fetched_at": "yesterday", "body": None})
    assert identify(RawPage(value, origin=ORIGIN)) == PageRef(url=URL, source="coast", origin=ORIGIN)


def test_the_digest_is_not_told() -> None:
    value = orjson.dumps({"url": URL, "body_base64": base64.b64encode(b"<p>").decode(), "page_id": "p"})
    assert identify(RawPage(value)) == PageRef(url=URL, page_id="p")


def test_headers_tell_of_bytes() -> None:
    raw = RawPage(
        b"%PDF-1.7", None, (("url", URL.encode()), ("page-id", b"p"), ("fetched-at", b"2026-03-02T07:15:30Z"))
    )
    ref = identify(raw)
    assert (ref.url, ref.page_id) == (URL, "p")
    assert ref.fetched_at is not None
    assert ref.fetched_at.isoformat() == "2026-03-02T07:15:30+00:00"


@pytest.mark.parametrize("value", [b"", b'{"url": ', b'{"body": "x"', b'{"body": "x"}', b'{"url": 7}'])
def test_the_key_tells_where_the_value_does_not(value: bytes) -> None:
    assert identify(RawPage(value, URL.encode())).url == URL


@pytest.mark.parametrize("key", [None, b"\xff\xfe", b"ferry", b"ftp://a.example/"])
def test_nothing_can_be_told(key: bytes | None) -> None:
    assert identify(RawPage(b"", key)) == PageRef()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://user:secret@harbourpost.example/ferry", URL),
        ("https://user@harbourpost.example/ferry", URL),
        ("https://a:b@c:d@harbourpost.example/ferry", URL),
        ("HTTPS://user:secret@harbourpost.example/ferry", "HTTPS://harbourpost.example/ferry"),
        (f"{URL}?by=a@b.example", f"{URL}?by=a@b.example"),
        (f"{URL}?of=https://x:y@b.example", f"{URL}?of=https://x:y@b.example"),
        (f"{URL}/@ann", f"{URL}/@ann"),
    ],
)
def test_credentials_do_not_stay_in_an_address(written: str, told: str) -> None:
    """Neither in the field nor in the key; who reads the records did not fetch the page."""
    assert identify(RawPage(orjson.dumps({"url": written, "body": "x"}))).url == told
    assert identify(RawPage(b"", written.encode())).url == told
    assert decode(RawPage(b"<p>words", written.encode(), (("content-type", b"text/html"),)), Limits()).url == told
