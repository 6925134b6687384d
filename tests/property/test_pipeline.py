"""What holds for every page: one clear end, the same twice, and no text that the page does not hold."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.decode.answer import no_page
from broadsheet.dump.lines import LINE_END
from broadsheet.errors import Reason
from broadsheet.options import Options
from broadsheet.pipeline import extract_page, read_page
from broadsheet.samples import samples
from broadsheet.text.tidy import tidy
from broadsheet.text.words import folded_words
from broadsheet.values import ContentType, Page, PageResult, RawPage
from tests.property.promises import check, ended

OPTIONS = Options()
SAMPLES = [sample.raw for sample in samples()]
NAMES = ["url", "content-type", "content-encoding", "charset", "fetched-at", "status", "ce_source", "ce_subject", "x"]
VALUES = b"https://example.com/a text/html text/plain gzip utf-8 utf-16 2026-01-01T00:00:00Z 200 {}".split()

header = st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.binary(max_size=30)))
tag = st.sampled_from(
    ["<p>", "</p>", "<article>", "</div>", "<h1>", "<h2>", "<li>", "<table><tr><td>", "<figure><img src=a.png>",
     "<a href='/x'>", "<script type='application/ld+json'>", "</script>", "<meta property='og:title' content='T'>",
     "<title>",
     '{"@type": "NewsArticle", "author": [{"name": 7}], "datePublished": {}}', "<time datetime='2026-13-01'>",
     "<br><br>", "<pre>"]
)  # fmt: skip
prose = st.sampled_from(
    ["The boats of the harbour lay still, and nobody who was asked could say when they would sail again.",
     "By Ada Lund", "Read more", "TT", "5 March 2026", "港の鐘が見つかり、町の人々は喜んだ。", "ม.ค. 2569",
     "A short line", "", "(Reuters)"]
)  # fmt: skip
html = st.lists(st.one_of(tag, prose, st.text(max_size=30)), max_size=40).map("\n".join)
dump = st.lists(st.one_of(prose, prose, st.text(max_size=40)), max_size=40).map("\n".join)


def timeless(result: PageResult | Reason) -> PageResult | Reason:
    return result if isinstance(result, Reason) else replace(result, timings_ms={})


@given(st.binary(max_size=400), st.lists(header, max_size=5))
def test_any_bytes_and_headers_end_one_way(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    check(ended(RawPage(value, headers=tuple(headers))))


@settings(max_examples=60)
@given(st.sampled_from(SAMPLES), st.integers(0, 6000), st.integers(0, 60), st.binary(max_size=20))
def test_a_damaged_page_ends_one_way(raw: RawPage, at: int, cut: int, put: bytes) -> None:
    check(ended(replace(raw, value=raw.value[:at] + put + raw.value[at + cut :])))


@settings(max_examples=80)
@given(html)
def test_any_markup_ends_one_way_and_twice_the_same(text: str) -> None:
    raw = RawPage(
        text.encode(), headers=(("url", b"https://example.com/a"), ("content-type", b"text/html; charset=utf-8"))
    )
    first = ended(raw)
    check(first)
    assert timeless(first) == timeless(ended(raw))


@settings(max_examples=80)
@given(dump)
def test_any_dump_ends_one_way_and_twice_the_same(text: str) -> None:
    raw = RawPage(text.encode(), headers=(("content-type", b"text/plain; charset=utf-8"),))
    first = ended(raw)
    check(first)
    assert timeless(first) == timeless(ended(raw))


@settings(max_examples=80)
@given(dump)
def test_every_word_of_a_dump_is_the_pages_own_and_none_is_lost(text: str) -> None:
    page = Page(None, text, ContentType.DUMP, "0" * 64)
    extraction = extract_page(page, OPTIONS)
    lines = {tidy(line) for line in LINE_END.split(text)}
    kept = [block.text for story in extraction.stories for block in story.body]
    heads = [story.headline for story in extraction.stories if story.headline]
    assert all(any(part in line for line in lines) for part in (*kept, *heads))
    removed = (*extraction.removed, *(item for story in extraction.stories for item in story.removed))
    dropped = [item.text for item in removed]
    captions = [f"{i.caption or ''} {i.credit or ''}" for story in extraction.stories for i in story.images]
    accounted = set(folded_words(" ".join((*kept, *heads, *dropped, *captions))))
    if no_page(page) is None:
        assert {word for line in lines for word in folded_words(line)} <= accounted


@pytest.mark.parametrize("sample", [s for s in samples() if s.result == "articles"], ids=lambda s: s.name)
def test_every_word_of_a_sample_is_the_pages_own(sample: object) -> None:
    result = read_page(sample.raw, OPTIONS)  # type: ignore[attr-defined]
    words = set(folded_words(tidy(result.page.text)))
    for article in result.articles:
        assert set(folded_words(article.body_text)) <= words
        assert set(folded_words(article.headline or "")) <= words
        assert all(set(folded_words(image.caption or "")) <= words for image in article.images)


MANY = 30_000
PROSE = "<p>" + "The boats of the harbour lay still, and nobody who was asked could say when. " * 4 + "</p>"


@pytest.mark.parametrize(
    "head",
    [
        f'<meta property="og:title" content="{"a | " * MANY}">',
        f"<title>{'a - ' * MANY}</title>",
        f'<meta name="author" content="{"(" * MANY}">',
        f'<meta name="author" content="{"a b, " * MANY}">',
        f'<script type="application/ld+json">{"[" * MANY}</script>',
        f'<link rel="canonical" href="http://[{"a" * MANY}">',
        f'<meta name="date" content="{"2026-" * MANY}">',
        f'<meta name="keywords" content="{"a," * MANY}">',
    ],
    ids=lambda head: head[:40],
)
def test_a_field_without_measure_does_not_spoil_its_page(head: str) -> None:
    value = f"<html><head>{head}</head><body><h1>A title of the page</h1>{PROSE * 3}</body></html>".encode()
    result = ended(RawPage(value, headers=(("url", b"https://example.com/a"), ("content-type", b"text/html"))))
    check(result)
    assert isinstance(result, PageResult)
    assert len(result.articles) == 1


@pytest.mark.parametrize(
    "text", ["!", "(", "_", "a,", "By ", "&amp;", "â€", "5 March 2026\n", "Title Line Here\n", "a\n"]
)
def test_a_dump_of_one_thing_ends_one_way(text: str) -> None:
    check(ended(RawPage((text * 5_000).encode(), headers=(("content-type", b"text/plain; charset=utf-8"),))))


def row_of_articles(*inner: str) -> RawPage:
    value = "".join(f"<article><h1>Tides {at}</h1>{part}</article>" for at, part in enumerate(inner)).encode()
    return RawPage(value, headers=(("url", b"https://example.com/a"), ("content-type", b"text/html; charset=utf-8")))


@pytest.mark.parametrize("junk", ["<p>\u200b</p>", "<h1>\x02</h1>", "<p>\ufeff</p>", "<pre>\x7f</pre>"])
def test_no_block_of_a_story_is_blank(junk: str) -> None:
    result = ended(row_of_articles(PROSE * 3 + junk, junk + PROSE * 3))
    check(result)
    assert isinstance(result, PageResult)
    assert len(result.articles) == 2


def test_no_story_is_without_a_body() -> None:
    caption = f"<figure><figcaption>{PROSE * 3}</figcaption></figure>"
    check(ended(row_of_articles(PROSE * 3, caption)))
