"""Addresses: one spelling, one identity, one site."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.text import urls
from broadsheet.text.urls import absolute, canonical, identity_key, is_root, normalise, same_site, site_domain


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.COM:443/a?utm_source=x&b=1#top", "https://example.com/a?b=1"),
        ("http://example.com", "http://example.com/"),
        ("https://example.com:8443/a?fbclid=1", "https://example.com:8443/a"),
        ("https://example.com/a%2Fb/ü", "https://example.com/a%2Fb/%C3%BC"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"),
    ],
)
def test_an_address_has_one_spelling(url: str, normal: str) -> None:
    assert normalise(url) == normal
    assert normalise(normal) == normal


@given(
    st.from_regex(r"\A(?:https?|HTTP|ftp)://[a-zA-Z0-9.:@-]{1,12}[a-z1]?/?[\w/.~,=+%;:&? #-]{0,12}\Z"),
)
def test_an_address_that_is_plain_is_spelt_as_any_other(url: str) -> None:
    plain = urls.normalise.__wrapped__(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_NORMAL", re.compile(r"(?!)"))
        assert plain == urls.normalise.__wrapped__(url)


@pytest.mark.parametrize(
    "url", ["", "mailto:a@example.com", "javascript:void(0)", "//", "https://", "http://[bad", "ftp://example.com/"]
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert normalise(url) is None
    assert absolute(url, None) is None


def test_an_article_is_the_same_over_both_schemes_and_with_a_closing_slash() -> None:
    keys = {
        identity_key(url) for url in ("http://www.example.com/a/", "https://example.com/a", "https://example.com/a#x")
    }
    assert len(keys) == 1
    assert identity_key("https://example.com/a?page=2") not in keys


def test_relative_addresses_are_made_absolute() -> None:
    assert absolute("../b?x=1", "https://example.com/a/c") == "https://example.com/b?x=1"
    assert absolute("//cdn.example/i.png", "https://example.com/") == "https://cdn.example/i.png"


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://127.0.0.1:8000/a", "127.0.0.1"),
        ("https://localhost/a", "localhost"),
        ("https://paper.blogspot.com/", "paper.blogspot.com"),
        (None, None),
    ],
)
def test_a_site_is_its_registrable_domain(url: str | None, domain: str | None) -> None:
    assert site_domain(url) == domain


def test_sites_and_front_pages() -> None:
    assert same_site("https://a.example.com/x", "http://example.com/")
    assert not same_site("https://example.com/", "https://example.org/")
    assert is_root("https://example.com")
    assert not is_root("https://example.com/?id=1")


@pytest.mark.parametrize(
    ("stated", "believed"),
    [
        (None, "https://www.example.com/news/ferry"),
        ("/news/ferry-1", "https://www.example.com/news/ferry-1"),
        ("https://example.com/news/ferry#top", "https://example.com/news/ferry"),
        ("https://other.example/news/ferry", "https://www.example.com/news/ferry"),
        ("https://www.example.com/", "https://www.example.com/news/ferry"),
        ("javascript:void(0)", "https://www.example.com/news/ferry"),
    ],
)
def test_a_canonical_address_is_believed_where_it_is_sane(stated: str | None, believed: str) -> None:
    assert canonical("https://www.example.com/news/ferry?utm_source=feed", stated) == believed


def test_a_page_without_an_address_is_where_it_says() -> None:
    assert canonical(None, "https://a.example/b") == "https://a.example/b"
    assert canonical(None, "/b") is None
    assert canonical(None, None) is None


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for url in (text, f"https://example.com/{text}", f"https://{text}/a"):
        normal = normalise(url)
        assert normal is None or normalise(normal) == normal
        site_domain(url)
        absolute(url, "https://example.com/")


@given(
    st.from_regex(urls._PLAIN, fullmatch=True), st.sampled_from([None, "https://example.com/a/b?c", "http://x.example"])
)
def test_a_plain_address_is_what_joining_gives(url: str, base: str | None) -> None:
    assert urls._joined(url, base) == url


@pytest.mark.parametrize("rest", ["a/../b", "a.b/c.html", "x?id=1&b=2", "x?", "x#", "x#top", "a;p?q", "", "?a#b"])
def test_an_absolute_address_stands_as_joining_gives_it(rest: str) -> None:
    url = f"https://paper.example/{rest}"
    assert absolute(url, "https://example.com/a/b") == urls._joined(url, "https://example.com/a/b")
