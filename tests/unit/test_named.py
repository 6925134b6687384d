"""Stories that a page tells apart itself: by JSON-LD, or as cards; and pages that only look so."""

import json

import pytest

from broadsheet.errors import NoneReason, PageError, Reason
from broadsheet.options import Limits, Options
from broadsheet.pipeline import read_page
from broadsheet.values import PageResult, RawPage

PROSE = (
    "The harbour office has redrawn its tide tables after three winters in which the printed times were wrong.",
    "Captains had complained since the spring that the pier was reached by water earlier than the tables said.",
    "The new tables will be posted on Monday at the fish hall, the library and the pier itself, the office said.",
    "The old figures had been copied from a chart made before the southern breakwater was built by the district.",
    "A printed booklet follows in June and costs two crowns, the chair of the harbour board told the assembly.",
)
TITLES = ("Tide tables redrawn", "Bakery closes its oven", "Library lends out seeds")


def read(body: str, head: str = "", url: str = "https://harbour.example/week", **options: object) -> PageResult:
    page = f"<html lang=en><head><title>The week</title>{head}</head><body><main>{body}</main></body></html>"
    headers = (("url", url.encode()), ("content-type", b"text/html; charset=utf-8"))
    return read_page(RawPage(page.encode(), headers=headers), Options(**options))  # type: ignore[arg-type]


def paragraphs(turn: int, lines: int = 5) -> str:
    return "".join(f"<p>{line} {turn}</p>" for line in (PROSE[turn:] + PROSE[:turn])[:lines])


def stated(*titles: str) -> str:
    nodes = [
        {"@type": "NewsArticle", "headline": title, "author": {"name": f"Ada {at}"}, "url": f"/news/{at}"}
        for at, title in enumerate(titles)
    ]
    return f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>'


def rows(lines: int = 5) -> str:
    return "".join(f"<div>{title}</div>{paragraphs(at, lines)}" for at, title in enumerate(TITLES))


def test_a_page_holds_the_stories_that_its_json_ld_names() -> None:
    articles = read(rows(), stated(*TITLES)).articles
    assert [article.headline for article in articles] == list(TITLES)
    assert [article.authors[0].name for article in articles] == ["Ada 0", "Ada 1", "Ada 2"]
    assert [article.url for article in articles] == [f"https://harbour.example/news/{at}" for at in range(3)]
    assert len(read(rows()).articles) == 1


@pytest.mark.parametrize("named", [TITLES[:1], ("Other news", "More of it"), (TITLES[0], "More of it")])
def test_json_ld_that_the_page_does_not_bear_out_cuts_nothing(named: tuple[str, ...]) -> None:
    assert len(read(rows(), stated(*named)).articles) == 1


def test_stories_that_are_only_announced_cut_nothing() -> None:
    teasers = "".join(f"<div><h3>{title}</h3><p>{PROSE[0]}</p></div>" for title in TITLES[1:])
    page = f"<article><h1>{TITLES[0]}</h1>{paragraphs(0)}{paragraphs(1)}</article><aside>{teasers}</aside>"
    assert [article.headline for article in read(page, stated(*TITLES)).articles] == [TITLES[0]]


def cards(linked: bool, lines: int = 5) -> str:
    heads = (f'<a href="/news/{at}">{title}</a>' if linked else title for at, title in enumerate(TITLES))
    inner = (f"<h2>{head}</h2>{paragraphs(at, lines)}" for at, head in enumerate(heads))
    return "".join(f'<div class="card">{part}</div>' for part in inner)


def test_cards_with_the_full_text_are_stories() -> None:
    articles = read(cards(linked=True)).articles
    assert [article.headline for article in articles] == list(TITLES)
    assert [article.url for article in articles] == [f"https://harbour.example/news/{at}" for at in range(3)]


def test_a_page_that_calls_itself_an_article_has_parts_not_cards() -> None:
    article = '<meta property="og:type" content="article">'
    assert len(read("<h1>The year</h1>" + cards(linked=True), article).articles) == 1


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>', "https://a.example/1"),
        ('<script type="application/ld+json">{"@type": ["QAPage"]}</script>', "https://a.example/1"),
        ('<meta itemscope itemtype="https://schema.org/QAPage">', "https://a.example/1"),
        ("", "https://forum.a.example/t/tides/5"),
        ("", "https://a.example/threads/tides.5/"),
    ],
)
def test_a_discussion_is_no_article(head: str, url: str) -> None:
    result = read(f"<h1>Tides</h1>{paragraphs(0)}", head, url)
    assert result.reason is NoneReason.FORUM
    assert result.removed


def posts(count: int, name: str = "post") -> str:
    return "".join(
        f'<div class="{name}"><b>ada{at}</b> <i>3 March 2026</i>{paragraphs(at, 2)}</div>' for at in range(count)
    )


def test_a_row_of_dated_posts_is_a_discussion() -> None:
    assert read(f"<h1>Tides</h1>{posts(5)}").reason is NoneReason.FORUM


def test_an_article_with_comments_is_none() -> None:
    page = f"<article><h1>Tides</h1>{paragraphs(0)}{paragraphs(1)}</article>{posts(5, 'comment')}"
    assert len(read(page).articles) == 1


def test_an_article_is_one_wherever_it_stands() -> None:
    news = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Tides"}</script>'
    result = read(f"<h1>Tides</h1>{paragraphs(0)}{paragraphs(1)}", news, "https://a.example/forum/tides")
    assert len(result.articles) == 1


def test_more_articles_than_a_page_may_hold_are_too_large() -> None:
    assert len(read(cards(linked=True), limits=Limits(articles=3)).articles) == 3
    with pytest.raises(PageError) as told:
        read(cards(linked=True), limits=Limits(articles=2))
    assert told.value.reason is Reason.TOO_LARGE
