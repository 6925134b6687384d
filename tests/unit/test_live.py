"""Live blogs: what is one and what is not, one article or one an entry, and ids that outlive a re-scrape."""

import pytest

from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import Article, RawPage

LINES = (
    "The first boat since Sunday has left the pier with sixty passengers, two goats and all of the post on board.",
    "Deckhands have accepted the offer by a large majority, their speaker said outside the fish hall in the rain.",
    "The doors of the hall have been closed for the count, and two hundred people wait on the quay with suitcases.",
    "The board has raised its offer for winter nights by a tenth and promised two days of rest after each week.",
    "Both sides have come back to the table after a night without sleep, and bread will last until Monday evening.",
)
TIMES = ("14:32", "13:50", "12:15", "11:05", "09:20")
HEADLINE = "<h1>Ferry strike: the talks as they happen</h1>"


def entry(time: str, line: str, *, heading: str = "", name: str = "entry") -> str:
    return f'<div class="{name}"><p>{time}</p>{heading}<p>{line} {line.lower()}</p></div>'


def articles(body: str, live_blog: str = "one") -> tuple[Article, ...]:
    raw = RawPage(
        f"<html lang=en><body><main>{body}</main></body></html>".encode(),
        headers=(("url", b"https://harbour.example/live/strike"), ("content-type", b"text/html; charset=utf-8")),
    )
    return read_page(raw, Options(live_blog=live_blog)).articles  # type: ignore[arg-type]


def stream(times: tuple[str, ...] = TIMES, **kinds: str) -> str:
    return "<div>" + "".join(entry(time, line, **kinds) for time, line in zip(times, LINES, strict=False)) + "</div>"


def test_entries_stand_under_their_times() -> None:
    (article,) = articles(HEADLINE + stream())
    assert [block.text for block in article.body if block.kind == "heading"] == list(TIMES)
    assert [block.text[:20] for block in article.body if block.kind == "paragraph"] == [line[:20] for line in LINES]


def test_an_article_each_in_the_pages_order() -> None:
    each = articles(HEADLINE + stream(), "each")
    assert [article.body_text[:20] for article in each] == [line[:20] for line in LINES]
    assert [article.position for article in each] == list(range(len(LINES)))
    assert len({article.id for article in each}) == len(LINES)


def test_an_entry_keeps_its_id_when_others_come_before_it() -> None:
    fresh = entry(
        "15:10", "The second boat will leave at six in the evening, the harbour office has told its passengers."
    )
    before = articles(HEADLINE + stream(), "each")
    after = articles(HEADLINE + stream().replace("<div>", "<div>" + fresh, 1), "each")
    assert [article.id for article in after][1:] == [article.id for article in before]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(stream(("0:41", "1:49", "0:49", "1:36", "0:42")), id="lengths of videos"),
        pytest.param(stream(name="comment"), id="comments"),
        pytest.param(stream(TIMES[:3]), id="few times"),
        pytest.param(stream(heading='<h3><a href="/news/boat">A boat</a></h3>'), id="teasers"),
    ],
)
def test_other_timed_parts_are_no_live_blog(body: str) -> None:
    several = articles(HEADLINE + body, "each")
    assert [article.headline for article in several] in ([], ["Ferry strike: the talks as they happen"])


def test_two_entries_are_enough_where_the_page_calls_itself_a_live_blog() -> None:
    stated = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'
    assert len(articles(HEADLINE + stream(TIMES[:2]), "each")) == 1
    assert len(articles(stated + HEADLINE + stream(TIMES[:2]), "each")) == 2


def test_another_story_below_a_live_blog_stays_apart() -> None:
    prose = "".join(f"<p>{line} {line.lower()}</p>" for line in (*LINES, *LINES[::-1]))
    page = f"<article>{HEADLINE}{stream()}</article><article><h1>Bell found in a shed</h1>{prose}</article>"
    assert len(articles(page)) == 2
