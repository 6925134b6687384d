"""Wherever a page puts a text of its own, it may put one that is made to hurt: no place makes it slow or fail."""

import json
from collections.abc import Callable

import pytest

from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record
from broadsheet.values import RawPage
from tests.golden.cases import FROZEN
from tests.hostile.budget import budget, measured
from tests.hostile.structures import PROSE, TITLE

MOST_SECONDS = 0.4
"""CPU of one page of some kilobytes: fifty times what it takes."""
UNITS = (
    " ", " \t", "\n", "\u00a0", "\u3000", "\u2028", "A. ", "AB. ", "a@", "@a.", "a.", "-111", "-1x", "x1", ", ",
    "(", "| ", " - ", "by ", "By A ", "and ", "//", "/a", "1", "1 ", "1.", ":", "10:", "2026-", "5 May ", "é", "市",
    "\u0301", "&amp;", "Photo: ", "© ", "A | ", "» ", "&#x", "\u00c3\u00a9",
)  # fmt: skip
LENGTHS = (110, 950)


def described(**fields: object) -> str:
    told = json.dumps({"@type": "NewsArticle", "headline": TITLE, **fields})
    return f'<script type="application/ld+json">{told}</script>'


SLOTS: dict[str, Callable[[str], tuple[str, str]]] = {
    "title": lambda text: (f"<title>{text}</title>", ""),
    "meta author": lambda text: (f'<meta name="author" content="Ann{text}Lee">', ""),
    "meta date": lambda text: (f'<meta name="date" content="2026{text}">', ""),
    "meta site": lambda text: (f'<meta property="og:site_name" content="{text}Gazette">', ""),
    "meta title": lambda text: (f'<meta property="og:title" content="{TITLE}{text}!">', ""),
    "meta image": lambda text: (f'<meta property="og:image" content="https://n.example/x{text}!.jpg">', ""),
    "meta keywords": lambda text: (f'<meta name="keywords" content="{text}">', ""),
    "meta section": lambda text: (f'<meta property="article:section" content="{text}">', ""),
    "canonical": lambda text: (f'<link rel="canonical" href="https://news.example/{text}">', ""),
    "language": lambda text: (f'<meta http-equiv="content-language" content="{text}">', ""),
    "described author": lambda text: (described(author=[{"name": f"Ann{text}Lee"}, {"name": f"Bo{text}Ray"}]), ""),
    "described headline": lambda text: (described(headline=f"{TITLE}{text}!"), ""),
    "described date": lambda text: (described(datePublished=f"2026{text}"), ""),
    "described publisher": lambda text: (described(publisher={"name": text}, articleSection=text, keywords=text), ""),
    "byline": lambda text: ("", f"<p class=byline>By Ann Lee{text}!</p>"),
    "byline link": lambda text: ("", f'<a rel=author href="/author/{text}">Ann{text}Lee</a>'),
    "marked author": lambda text: ("", f"<p itemprop=author>Ann{text}Lee</p>"),
    "marked date": lambda text: ("", f"<p itemprop=datePublished>2026{text}</p>"),
    "time": lambda text: ("", f'<time datetime="{text}">{text}</time>'),
    "heading": lambda text: ("", f"<h1>{TITLE}{text}!</h1>"),
    "subheading": lambda text: ("", f"<h2>{text}</h2>"),
    "caption": lambda text: ("", f'<figure><img src="/a.jpg"><figcaption>{text}!</figcaption></figure>'),
    "image": lambda text: ("", f'<figure><img src="/x{text}!.jpg" alt="{text}"></figure>'),
    "image size": lambda text: ("", f'<figure><img src="/x.jpg" width="{text}" height="{text}"></figure>'),
    "image set": lambda text: ("", f'<figure><img srcset="{text}"></figure>'),
    "link": lambda text: ("", f'<p>Read <a href="https://n.example/{text}">{text}</a> now.</p>'),
    "paragraph": lambda text: ("", f"<p>{text}!</p>"),
    "pre": lambda text: ("", f"<pre>{text}!</pre>"),
    "class": lambda text: ("", f'<div class="{text}">{PROSE}</div>'),
    "row": lambda text: ("", f"<table><tr><td>{text}<td>1</table>"),
}  # fmt: skip
"""Place to (what stands in the head, what stands in the article)."""


def read(page: str, kind: str = "text/html") -> None:
    """Read a page and write its records; none of these is too large for it."""
    headers = (("content-type", kind.encode()), ("url", b"https://news.example/2026/03/story"))
    result = read_page(RawPage(page.encode("utf-8", "replace"), key=None, headers=headers), Options())
    for article in result.articles:
        article_record(article, extracted_at=FROZEN, cpu_ms=0)


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """The first page loads the models."""
    read(f"<article><h1>{TITLE}</h1><p>By Ann Lee</p>{PROSE * 4}</article>")


@pytest.mark.parametrize("slot", sorted(SLOTS))
def test_no_text_in_any_place_makes_a_page_slow(slot: str) -> None:
    for unit in UNITS:
        for length in LENGTHS:
            head, body = SLOTS[slot]((unit * length)[:length])
            page = f"<html><head>{head}</head><body><article><h1>{TITLE}</h1>{body}{PROSE * 4}</article></body></html>"
            with measured() as taken, budget(10 * MOST_SECONDS):
                read(page)
            assert taken[0] < MOST_SECONDS, f"{length} characters of {unit!r}"


@pytest.mark.parametrize("unit", UNITS)
def test_no_line_of_a_dump_makes_it_slow(unit: str) -> None:
    for length in LENGTHS:
        line = (unit * length)[:length]
        with measured() as taken, budget(10 * MOST_SECONDS):
            read(f"{TITLE}\nBy Ann Lee{line}!\n{line}\n\n" + (PROSE[3:-4] + "\n\n") * 4, "text/plain")
        assert taken[0] < MOST_SECONDS, f"{length} characters"
