"""Headline and authors chosen among what a page offers."""

import json

import pytest

from broadsheet.html.authors.candidates import MOST_GROUPS, author_candidates
from broadsheet.html.authors.features import FEATURE_NAMES as AUTHOR_NAMES
from broadsheet.html.authors.features import author_rows
from broadsheet.html.authors.rules import rule_authors
from broadsheet.html.head.jsonld import describe
from broadsheet.html.head.site import Site
from broadsheet.html.metadata import read_metadata
from broadsheet.html.scan.surroundings import Surroundings
from broadsheet.html.scan.tree import scan
from broadsheet.html.title.candidates import MOST_CANDIDATES, head_titles, title_candidates
from broadsheet.html.title.features import FEATURE_NAMES as TITLE_NAMES
from broadsheet.html.title.features import title_rows
from broadsheet.html.title.headings import find_headings
from broadsheet.text.author_names import readings

URL = "https://www.lowtideherald.example/news/harbour-bridge-reopens-after-nine-months"
PROSE = (
    "The harbour bridge at Saltmarsh reopened to traffic on Tuesday morning, nine months after a barge struck its "
    "northern pier, and the first buses crossed it shortly after six with their drivers sounding their horns."
)


def page(head: str = "", top: str = "", bottom: str = "") -> str:
    body = "".join(f"<p>{PROSE} Part {n}.</p>" for n in range(6))
    return f"<html><head>{head}</head><body><main><article>{top}{body}{bottom}</article></main></body></html>"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("By Mara Quill", ("Mara Quill",)),
        ("By Mara Quill and Tobin Reyes", ("Mara Quill", "Tobin Reyes")),
        ("Von Jonas Feld | 4. Mai 2031", ("Jonas Feld",)),
        ("Written by: Mara Quill, MD", ("Mara Quill",)),
        ("Written by: Mara Quill, MD", ("Mara Quill, MD",)),
        ("作者：林海", ("林海",)),
    ],
)
def test_a_byline_offers_its_reading(line: str, wanted: tuple[str, ...]) -> None:
    assert wanted in [names for _, names in readings(line)]


def test_two_full_names_are_never_offered_as_one() -> None:
    assert ("Mara Quill and Tobin Reyes",) not in [names for _, names in readings("By Mara Quill and Tobin Reyes")]


@pytest.mark.parametrize("line", ["", "  ", "|", "By", "x" * 500])
def test_what_is_no_byline_offers_nothing(line: str) -> None:
    assert [names for _, names in readings(line) if names != ("By",)] == []


def test_a_role_before_a_name_is_no_part_of_it() -> None:
    stated = json.dumps({"@type": "NewsArticle", "author": {"@type": "Person", "name": "Interview: Mara Quill"}})
    head = f'<script type="application/ld+json">{stated}</script>'
    meta = read_metadata(scan(page(head, "<h1>Harbour bridge reopens</h1><p>Interview: Mara Quill</p>")), URL)
    assert [author.name for author in meta.authors] == ["Mara Quill"]


def test_the_visible_byline_wins_over_the_account_that_posted() -> None:
    account = json.dumps(
        {"@type": "NewsArticle", "headline": "Harbour bridge reopens after nine months", "author": {"name": "webadmin"}}
    )
    html = page(
        f'<script type="application/ld+json">{account}</script><title>Harbour bridge reopens after nine months</title>',
        '<h1>Harbour bridge reopens after nine months</h1><p class="byline">By '
        '<a rel="author" href="/authors/mara-quill">Mara Quill</a></p>',
    )
    assert [author.name for author in read_metadata(scan(html), URL).authors] == ["Mara Quill"]


def test_what_head_and_byline_both_say_is_taken_as_it_stands() -> None:
    account = json.dumps({"@type": "NewsArticle", "headline": "Harbour bridge reopens", "author": "Mara Quill"})
    html = page(
        f'<script type="application/ld+json">{account}</script>', "<h1>Harbour bridge reopens</h1><p>By MARA QUILL</p>"
    )
    tree = scan(html)
    described = describe(tree.head.json_ld, URL)
    credit = rule_authors(tree, described, Site(None, None, None), 0)
    assert (credit.agreed, credit.source) == (True, "json-ld")
    assert [author.name for author in read_metadata(tree, URL).authors] == ["Mara Quill"]
    other = scan(page(f'<script type="application/ld+json">{account}</script>', "<h1>T</h1><p>By Tobin Reyes</p>"))
    assert not rule_authors(other, describe(other.head.json_ld, URL), Site(None, None, None), 0).agreed


def test_a_page_without_names_has_no_authors() -> None:
    html = page("<title>Harbour bridge reopens</title>", "<h1>Harbour bridge reopens</h1>")
    found = read_metadata(scan(html), URL)
    assert found.authors == ()
    assert "authors" not in found.provenance


def test_the_headline_is_parted_from_the_name_of_the_site() -> None:
    html = page(
        "<title>Harbour bridge reopens after nine months - Low Tide Herald</title>"
        '<meta property="og:site_name" content="Low Tide Herald">'
        '<meta property="og:title" content="Harbour bridge reopens after nine months | Low Tide Herald">',
        "<h2>Harbour bridge reopens after nine months</h2>",
    )
    assert read_metadata(scan(html), URL).headline == "Harbour bridge reopens after nine months"


def test_a_page_that_offers_endless_names_stays_bounded() -> None:
    people = json.dumps({"@type": "Article", "author": [{"name": f"Person Number{n} Name"} for n in range(20_000)]})
    names = "".join(f'<p class="author">By Person Other{n}</p>' for n in range(5_000))
    tree = scan(page(f'<script type="application/ld+json">{people}</script>', "<h1>T</h1>", names))
    described = describe(tree.head.json_ld, URL)
    around = Surroundings.of(tree, 0)
    groups = author_candidates(around, described, [])
    assert len(groups) <= MOST_GROUPS
    assert author_rows(groups, around, Site(None, None, None), None).shape == (len(groups), len(AUTHOR_NAMES))


def test_a_page_of_endless_headings_stays_bounded() -> None:
    tree = scan(page(top="".join(f"<h1><p>Part {n}</p><p>Other {n}</p></h1>" for n in range(5_000))))
    site = Site(None, None, None)
    described = describe((), URL)
    headings, titles = find_headings(tree), head_titles(tree, described)
    found = title_candidates(tree, titles, headings, site, None)
    assert len(found) <= MOST_CANDIDATES
    assert title_rows(found, titles, headings, site, URL, Surroundings.of(tree, None)).shape == (
        len(found),
        len(TITLE_NAMES),
    )
