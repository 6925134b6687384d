"""The block model on made-up pages: what is kept, as what, and what is said of the rest."""

import numpy as np
import pytest

from broadsheet.html.body.features import FEATURE_NAMES, page_rows
from broadsheet.html.body.scores import body_blocks, body_scores, lexicon
from broadsheet.html.refuse.decision import column_names, page_columns
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.naming import Lexicon
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import Block, Kind, RawPage, Removed

BASE = "https://paper.example/ferry"
PARAGRAPHS = [
    "The ferry to the north island was late for the ninth day, and those who wait on the pier begin to bring soup.",
    "Its captain, who has sailed the strait since spring, said that the new engine does not like the cold of mornings.",
    "The council will vote on Thursday about a second boat, which could be bought from the port across the bay by May.",
    "Until then a fishing boat takes up to twelve people over at seven, if the wind allows it and the nets are ashore.",
]
PAGE = f"""<html><head><title>Ferry late</title></head><body>
<nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Sport</a></li><li><a href="/c">Weather</a></li></ul></nav>
<div role="dialog" class="cookie-banner"><p>We use cookies to make this site work, to learn how it is used and to show
offers. You may accept all of them or only those that the site needs to work at all.</p><button>Accept</button></div>
<article><h1>Ferry late</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><h2>A second boat</h2>
<p>{PARAGRAPHS[2]} <a href="/vote">The agenda</a> is public.</p>
<blockquote><p>{PARAGRAPHS[3]}</p></blockquote></article>
<aside class="related"><ul><li><a href="/1">Harbour wall to be raised</a></li><li><a href="/2">Fish prices</a></li>
</ul></aside><footer class="footer"><p>© 2026 Harbour Paper</p></footer></body></html>"""


@pytest.fixture(scope="module")
def tree() -> Tree:
    return scan(PAGE)


@pytest.fixture(scope="module")
def taken(tree: Tree) -> tuple[list[Block], list[Removed]]:
    return body_blocks(tree, body_scores(tree), BASE)


def test_paragraphs_are_kept_and_what_stands_around_them_is_not(taken: tuple[list[Block], list[Removed]]) -> None:
    kept, removed = taken
    for paragraph in PARAGRAPHS:
        assert any(paragraph in block.text for block in kept)
    dropped = " ".join(block.text for block in removed)
    for furniture in ("cookies", "Weather", "Fish prices", "© 2026"):
        assert furniture in dropped


def test_every_block_is_kept_or_named_in_the_audit(tree: Tree, taken: tuple[list[Block], list[Removed]]) -> None:
    kept, removed = taken
    assert sorted([b.text for b in kept] + [r.text for r in removed]) == sorted(b.text for b in tree.blocks)
    reasons = {r.text: r.kind for r in removed}
    assert reasons["Home"] == "navigation"
    assert reasons["© 2026 Harbour Paper"] == "footer"


def test_kinds_levels_and_links(tree: Tree) -> None:
    kept, _ = body_blocks(tree, np.ones(len(tree.blocks)), BASE)
    by_text = {block.text: block for block in kept}
    assert (by_text["A second boat"].kind, by_text["A second boat"].level) == (Kind.HEADING, 2)
    assert by_text[PARAGRAPHS[3]].kind is Kind.QUOTE
    assert by_text["Harbour wall to be raised"].kind is Kind.LIST_ITEM
    agenda = next(block for block in kept if "The agenda" in block.text)
    assert [(link.url, link.text) for link in agenda.links] == [("https://paper.example/vote", "The agenda")]


def test_cells_of_a_row_are_one_block_and_code_is_code() -> None:
    tree = scan(
        "<table><tr><th>Day</th><th>Boats</th></tr><tr><td>Monday</td><td>2</td></tr></table>"
        '<pre><code class="language-x">x = 1\ny = 2</code></pre><pre>  a\n b</pre><p>one<br>two</p>'
    )
    kept, _ = body_blocks(tree, np.ones(len(tree.blocks)), None)
    assert [(block.text, block.kind) for block in kept] == [
        ("Day | Boats", Kind.TABLE_ROW),
        ("Monday | 2", Kind.TABLE_ROW),
        ("x = 1\ny = 2", Kind.CODE),
        ("  a\n b", Kind.PREFORMATTED),
        ("one\ntwo", Kind.PARAGRAPH),
    ]


def test_the_same_page_gives_the_same_scores(tree: Tree) -> None:
    assert np.array_equal(body_scores(tree), body_scores(scan(PAGE)))


def test_a_part_is_judged_as_if_it_were_the_page() -> None:
    double = scan(PAGE.replace("</body>", "").replace("</html>", "") + "<p>and</p>" * 3 + "</body></html>")
    whole = scan(PAGE)
    n = len(whole.blocks)
    arrays = element_arrays(double, Lexicon({}, {}))
    part = page_rows(double, Lexicon({}, {}), 0, n, arrays).matrix
    alone = page_rows(whole, Lexicon({}, {})).matrix
    same = [i for i, name in enumerate(FEATURE_NAMES) if not name.startswith("in_title")]
    assert np.allclose(part[:, same], alone[:, same])


@pytest.mark.parametrize(
    "page", ["", "<p>", "<p>word", "<a href='/x'>link</a>", "<p>\u200b</p>", "<ul>" + "<li>x" * 500]
)
def test_pages_of_next_to_nothing_have_scores_for_each_block(page: str) -> None:
    tree = scan(page)
    scores = body_scores(tree)
    assert len(scores) == len(tree.blocks)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert tuple(page_columns(tree, scores, None)) == column_names()


def test_absurdly_deep_pages_are_read() -> None:
    tree = scan("<div>" * 5_000 + "<p>" + PARAGRAPHS[0] + "</p>" * 5_000)
    kept, removed = body_blocks(tree, body_scores(tree), None)
    assert len(kept) + len(removed) == 1
    assert len((kept or removed)[0].where) < 1_000


def test_scripts_without_spaces_have_words_too() -> None:
    tree = scan(
        "<p>港の渡し船は九日続けて遅れ、桟橋で待つ人々はスープを持ち寄り始めた。<p>Donaudampfschifffahrtsgesellschaftskapitän"
    )
    spaced, compound = page_rows(tree, lexicon()).text[:, 0].tolist()
    assert (spaced > 10, compound) == (True, 1)


@pytest.mark.parametrize("count", [120, 300])
def test_a_story_of_many_plain_paragraphs_is_kept_whole(count: int) -> None:
    told = ["the harbour board met again", "nobody had seen the ferry", "a crane was painted", "the lamp went out"]
    paragraphs = [
        f"On day {at} {told[at % 4]} because {told[at * 3 % 4]}, and although it rained, {told[at * 7 % 4]} at last."
        for at in range(count)
    ]
    page = "<h1>A year at the harbour</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    result = read_page(RawPage(page.encode(), headers=(("content-type", b"text/html"),)), Options())
    (article,) = result.articles
    assert [block.text for block in article.body] == paragraphs
