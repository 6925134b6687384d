"""What a page says of its article: dates, titles, JSON-LD and images, and which source is believed."""

import pytest

from broadsheet.html.body.images import read_images
from broadsheet.html.head.dates import Dates, read_dates
from broadsheet.html.head.jsonld import describe
from broadsheet.html.head.site import Site, read_site, strip_site
from broadsheet.html.head.told import Metadata
from broadsheet.html.metadata import read_metadata
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.title.headings import find_headings
from broadsheet.html.title.rules import first_heading, read_told, rule_title

URL = "https://www.gazette.example/2026/03/valley-line-to-run-again"
PROSE = "<p>The boats of the harbour lay still, and nobody who was asked could say when they would sail again.</p>"


def page(head: str = "", above: str = "", below: str = "", h1: str = "Valley line to run again") -> Tree:
    return scan(f"<html><head>{head}</head><body>{above}<h1>{h1}</h1>{below}{PROSE * 3}</body></html>")


def dates(tree: Tree, url: str | None = URL) -> Dates:
    described = describe(tree.head.json_ld, url)
    site = read_site(tree.head, described, url)
    h1s = find_headings(tree).h1s
    title = rule_title(read_told(tree, described, site, url, h1s))
    return read_dates(tree, described, url, first_heading(tree, title.text, h1s))


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_dates_for_machines_come_before_those_for_readers() -> None:
    tree = page(
        ld('{"@type": "NewsArticle", "datePublished": "2026-03-05T06:30:00+01:00", "dateModified": "2026-03-06"}')
        + '<meta property="article:published_time" content="2026-03-04">',
        below="<p>5 March 2026</p>",
    )
    assert dates(tree) == ("2026-03-05T06:30:00+01:00", "json-ld", "2026-03-06", "json-ld")
    assert dates(page('<meta property="article:published_time" content="2026-03-04">'))[:2] == ("2026-03-04", "meta")
    assert dates(page('<meta name="x-published-date" content="2026-03-04">'))[:2] == ("2026-03-04", "meta")


SOURCES = (
    ("json-ld", "head", ld('{"@type": "NewsArticle", "datePublished": "2026-03-01"}')),
    ("meta", "head", '<meta property="article:published_time" content="2026-03-02">'),
    ("meta", "head", '<meta name="x-published-date" content="2026-03-03">'),
    ("microdata", "far", '<span itemprop="datePublished" content="2026-03-04"></span>'),
    ("json-ld", "head", ld('{"@type": "WebPage", "datePublished": "2026-03-05"}')),
    ("date-block", "below", "<p>6 March 2026</p>"),
    ("time-element", "below", '<p><time datetime="2026-03-07">last week</time></p>'),
    ("date-block", "far", "<p>Published on 8 March 2026</p>"),
    ("url", "url", "https://gazette.example/2026/03/09/line"),
    ("updated-date-block", "below", "<p>Updated 10 March 2026</p>"),
)
"""Whence a page's day is taken, in the order in which the sources are believed, each with a day of its own."""


@pytest.mark.parametrize("first", range(len(SOURCES)))
def test_each_source_of_a_date_is_asked_where_those_before_it_say_nothing(first: int) -> None:
    told = {
        place: "".join(text for _, at, text in SOURCES[first:] if at == place) for place in ("head", "below", "far")
    }
    address = next((text for _, at, text in SOURCES[first:] if at == "url"), "https://gazette.example/line")
    tree = page(told["head"], below=told["below"] + PROSE * 20 + told["far"])
    assert dates(tree, address)[:2] == (f"2026-03-{first + 1:02}", SOURCES[first][0])


@pytest.mark.parametrize(
    ("below", "published", "source"),
    [
        ("<p>Published on 4 March 2026</p>", "2026-03-04", "date-block"),
        ("<p>Updated 4 March 2026</p><p>1 March 2026</p>", "2026-03-01", "date-block"),
        ("<p>Updated 4 March 2026</p>", "2026-03-04", "updated-date-block"),
        ("<time datetime='2026-03-04T10:00:00Z'>yesterday</time>", "2026-03-04T10:00:00+00:00", "time-element"),
        ("", None, None),
    ],
)
def test_dates_for_readers_are_told_by_their_labels(below: str, published: str | None, source: str | None) -> None:
    assert dates(page(below=below), "https://gazette.example/line")[:2] == (published, source)


def test_an_address_may_tell_the_day() -> None:
    assert dates(page(), "https://gazette.example/2026/03/05/line")[:2] == ("2026-03-05", "url")


def test_a_story_stamped_anew_keeps_the_day_that_is_shown() -> None:
    stamped = ld('{"@type": "Article", "datePublished": "2026-02-01"}')
    assert dates(page(stamped, below="<p>5 May 2019</p>"))[:2] == ("2019-05-05", "date-block")
    assert dates(page(stamped, below="<p>5 May 2019</p><p>6 May 2019</p>"))[:2] == ("2026-02-01", "json-ld")
    assert dates(page(stamped, below="<p>Updated 5 May 2019</p>"))[:2] == ("2026-02-01", "json-ld")


def test_the_order_of_numbers_follows_the_pages_language() -> None:
    american = scan(f'<html lang="en-US"><h1>A line to run</h1><p>04/05/2026</p>{PROSE}</html>')
    british = scan(f'<html lang="en-GB"><h1>A line to run</h1><p>04/05/2026</p>{PROSE}</html>')
    assert [dates(tree, None).published for tree in (american, british)] == ["2026-04-05", "2026-05-04"]


@pytest.mark.parametrize(
    "text",
    [
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["Thing", "NewsArticle"], "headline": "Right"}]}',
        '[{"@type": "http://schema.org/NewsArticle", "headline": "Right"}]',
        '<!-- {"@type": "Article", "headline": "Right",} -->',
        '{"@type": "Article", "headline": "Right\n"}',
        '{"mainEntity": {"@type": "Article", "headline": "Right"}}',
    ],
)
def test_json_ld_is_read_however_it_is_written(text: str) -> None:
    article = describe([text], URL).article
    assert article is not None
    assert article["headline"].strip() == "Right"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '"text"', '{"@type": 7}', "[" * 5000, '{"@type": "Organization"}']
)
def test_json_ld_that_says_nothing_is_nothing(text: str) -> None:
    assert describe([text], URL).article is None


def test_the_pages_own_article_is_taken_among_several() -> None:
    one = '{"@type": "Article", "headline": "Other", "url": "https://www.gazette.example/other", "datePublished": "x"}'
    own = f'{{"@type": "Article", "headline": "Own", "mainEntityOfPage": {{"@id": "{URL}"}}}}'
    article = describe([one, own], URL).article
    assert article is not None
    assert article["headline"] == "Own"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Valley line to run again | The Gazette", "Valley line to run again"),
        ("The Gazette - Valley line to run again", "Valley line to run again"),
        ("Valley line to run again — gazette.example", "Valley line to run again"),
        ("Valley line to run again - News - The Gazette", "Valley line to run again"),
        ("Valley line - to run again", "Valley line - to run again"),
    ],
)
def test_a_title_loses_the_names_around_it(title: str, bare: str) -> None:
    site = Site("The Gazette", "gazette.example", "meta", folders=frozenset({"news"}))
    assert strip_site(title, site) == bare


def test_a_kicker_is_no_part_of_the_headline() -> None:
    tree = page('<meta property="og:title" content="Valley line to run again">', h1="Trains: Valley line to run again")
    described = describe(tree.head.json_ld, URL)
    told = read_told(tree, described, read_site(tree.head, described, URL), URL, find_headings(tree).h1s)
    assert rule_title(told).text == "Valley line to run again"


def test_a_page_names_its_section_keywords_and_summary() -> None:
    tree = page(
        ld(
            '{"@type": "Article", "articleSection": ["Transport"], "keywords": "railways, Tarn valley,railways",'
            ' "alternativeHeadline": "After 38 years"}'
        )
        + '<meta name="description" content="Trains return.">'
    )
    meta = read_metadata(tree, URL)
    assert meta.subheadline == "After 38 years"
    assert (meta.section, meta.keywords, meta.summary) == ("Transport", ("railways", "Tarn valley"), "Trains return.")
    assert {"section": "json-ld", "keywords": "json-ld", "summary": "meta"}.items() <= meta.provenance.items()


def test_images_have_their_captions_and_the_heads_is_no_second_one() -> None:
    figures = (
        "<figure><img data-src='/i/tarn-viaduct-800x450.jpg' src='data:image/gif;base64,x' alt='A viaduct'>"
        "<figcaption>The viaduct. (Reuters)</figcaption></figure>"
        "<figure><img src='/i/portrait.jpg' width='60'></figure><img src='/i/logo.png'>"
    )
    (image,) = read_images(page(below=figures), Metadata(image="https://cdn.example/tarn-viaduct-1200.jpg"), URL, [])
    assert image.url == "https://www.gazette.example/i/tarn-viaduct-800x450.jpg"
    assert (image.caption, image.credit, image.alt) == ("The viaduct.", "Reuters", "A viaduct")
    assert [i.url for i in read_images(page(), Metadata(image="/i/lead.jpg"), URL, [])] == [
        "https://www.gazette.example/i/lead.jpg"
    ]


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("<p class='author'>Harbour Office</p>", None),
        ("<p class='author'>Maud Ferrier</p>", "Maud Ferrier"),
        ("<p>By Harbour Office</p>", "By Harbour Office"),
    ],
)
def test_a_byline_says_that_it_is_one_or_names_an_author(line: str, byline: str | None) -> None:
    author = (
        '{"@type": "NewsArticle", "headline": "Valley line", "author": {"@type": "Person", "name": "Maud Ferrier"}}'
    )
    told = read_metadata(page(ld(author), below=line), URL)
    assert [author.name for author in told.authors] == ["Maud Ferrier"]
    assert told.byline == byline
