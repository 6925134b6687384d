"""Whatever stands on the topic: it is refused, or every form of it can be made and read."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import orjson
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.feed.atom import atom
from broadsheet.feed.card import arrived
from broadsheet.feed.fields import safe_url
from broadsheet.feed.json_feed import json_feed
from broadsheet.feed.links import Links
from broadsheet.feed.page import article_page
from broadsheet.feed.reading import UnreadableError, read_entry
from tests.feed.records import record

LINKS = Links("http://127.0.0.1:1", "/feed")
NASTY = st.sampled_from(
    [
        "",
        "\x00\x1b\ufffe",
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "2026-02-30",
        "http://[x",
        "a\nb\rc",
        "\"'>",
    ]
)
TEXT = st.text(max_size=20) | NASTY
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
BLOCK = st.fixed_dictionaries({}, optional={"type": TEXT | ANY, "text": TEXT | ANY, "level": ANY})
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **{name: ANY for name in orjson.loads(record("x")) if name not in ("schema", "id")},
    "blocks": ANY | st.lists(BLOCK, max_size=5),
    "authors": ANY | st.lists(st.fixed_dictionaries({"name": ANY, "url": ANY}), max_size=3),
    "images": ANY | st.lists(st.fixed_dictionaries({"url": ANY, "caption": ANY, "credit": ANY}), max_size=3),
    "site": ANY | st.fixed_dictionaries({"domain": ANY, "name": ANY}),
    "language": ANY | st.fixed_dictionaries({"code": ANY}),
}


@given(st.binary(max_size=200) | ANY.map(lambda value: orjson.dumps(value)), st.none() | st.binary(max_size=20))
def test_any_bytes_are_an_entry_or_refused(value: bytes, key: bytes | None) -> None:
    for given_value in (value, None):
        try:
            entry = read_entry(0, 0, 0, key, given_value)
        except UnreadableError:
            continue
        assert entry.id


@given(st.fixed_dictionaries({}, optional=FIELDS), st.integers(-(2**63), 2**63 - 1))
def test_every_form_of_any_article_can_be_made_and_read(fields: dict[str, Any], at: int) -> None:
    value = orjson.dumps({"schema": "article/1", "id": "x/ü", **fields}, option=orjson.OPT_INDENT_2)
    entry = read_entry(0, 0, at, b"x", value)
    assert entry.value is not None
    assert b"\n" not in entry.value
    card = orjson.loads(entry.card)
    assert card["url"] is None or safe_url(card["url"])
    (item,) = orjson.loads(b"".join(json_feed("t", LINKS, [entry])))["items"]
    assert isinstance(item["content_text"], str)
    _hold_html(item.get("content_html", ""))
    feed = ET.fromstring(b"".join(atom("t", LINKS, arrived(at), [entry])))
    _hold_html(feed.findtext(".//{http://www.w3.org/2005/Atom}content") or "")
    page = article_page("t", entry)
    assert "<script" not in page
    assert not re.search(r'href="(?!https?://|\./|\.\./|static/|#main|\?format=json)', page)


def _hold_html(html: str) -> None:
    """Only elements of ours, without attributes: a scraped one would be escaped."""
    names = ("p", "blockquote", "pre", "code", "ul", "li", "h2", "h3", "h4", "h5", "h6")
    ours = {f"<{slash}{name}>" for slash in ("", "/") for name in names}
    assert set(re.findall(r"<[^>]*>?", html)) <= ours


def test_addresses_that_are_linked() -> None:
    good = ("http://a.example", "https://a.example/b?c=d#e", "HTTPS://A.EXAMPLE/", "https://ü.example/ö")
    bad = (
        "javascript:alert(1)",
        "//a.example",
        "ftp://a.example",
        "http://",
        "https:///x",
        "http://a b",
        "http://a\n",
        "",
        5,
        None,
    )
    assert all(safe_url(url) for url in good)
    assert not any(safe_url(url) for url in bad)


def test_an_empty_window_is_a_valid_feed() -> None:
    assert orjson.loads(b"".join(json_feed("t", LINKS, [])))["items"] == []
    feed = ET.fromstring(b"".join(atom("t", LINKS, arrived(0), [])))
    assert feed.findtext("{http://www.w3.org/2005/Atom}updated") == "1970-01-01T00:00:00Z"
