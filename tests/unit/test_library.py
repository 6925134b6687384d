"""Broadsheet as a library: what it gives, how it fails, and that importing it costs nothing."""

import subprocess
import sys

import pytest

import broadsheet
from broadsheet.options import Options
from broadsheet.samples import samples
from broadsheet.values import RawPage
from tests.contract.holding import valid

SAMPLES = {sample.name: sample.raw.value for sample in samples()}
URL = "https://www.harbour-gazette.example/news/2026/03/valley-railway"


def test_a_page_gives_its_articles_as_text_and_as_bytes() -> None:
    [article] = broadsheet.extract(SAMPLES["one-story"], url=URL)
    assert article.headline == "Valley railway to run again after 38 years"
    assert article.url == URL
    assert [author.name for author in article.authors] == ["Maud Ferrier", "Jonas Pryde"]
    [same] = broadsheet.extract(SAMPLES["one-story"].decode(), url=URL)
    assert (same.id, same.body_text, same.language) == (article.id, article.body_text, article.language)


def test_what_begins_with_no_tag_is_a_dump() -> None:
    stories = broadsheet.extract(SAMPLES["two-stories"].decode())
    assert len(stories) == 2
    assert stories == broadsheet.extract(SAMPLES["two-stories"], content_type="text/plain; charset=utf-8")


def test_text_that_names_another_charset_is_read_as_it_stands() -> None:
    page = SAMPLES["one-story"].decode().replace('charset="utf-8"', 'charset="windows-1251"')
    [article] = broadsheet.extract(page, url=URL)
    assert "“We are not building a museum,”" in article.body_text


@pytest.mark.parametrize("page", ["", b"", "   \n"])
def test_a_page_without_text_has_no_articles(page: str | bytes) -> None:
    assert broadsheet.extract(page) == []
    assert broadsheet.read_page(page).reason == "empty"


def test_a_page_without_articles_says_why() -> None:
    result = broadsheet.read_page(SAMPLES["listing"], url="https://www.harbour-gazette.example/news")
    assert result.articles == ()
    assert result.reason == "listing"
    record = valid("outcome", broadsheet.outcome_json(result))
    assert (record["result"], record["reason"]) == ("none", "listing")


def test_a_message_with_headers_of_its_own_is_read_too() -> None:
    raw = RawPage(SAMPLES["one-story"], headers=(("url", URL.encode()), ("source", b"coast-spider")))
    [article] = broadsheet.read_page(raw).articles
    assert article.page.source == "coast-spider"


@pytest.mark.parametrize(
    ("page", "arguments", "reason"),
    [
        (b"%PDF-1.7 ...", {}, "unsupported-content-type"),
        ("<p>x", {"url": "harbour.example/tides"}, "invalid-envelope"),
        ("<p>x", {"content_type": "image/png"}, "unsupported-content-type"),
        ("x" * 11_000_000, {}, "too-large"),
    ],
)
def test_a_page_that_cannot_be_read_raises_the_one_error(
    page: str | bytes, arguments: dict[str, str], reason: str
) -> None:
    with pytest.raises(broadsheet.PageError) as told:
        broadsheet.read_page(page, **arguments)  # type: ignore[arg-type]
    assert told.value.reason == reason


def test_an_article_is_its_record() -> None:
    [article] = broadsheet.extract(SAMPLES["one-story"], url=URL)
    record = valid("article", broadsheet.to_json(article))
    told = broadsheet.to_dict(article)
    assert {**told, "pipeline": None} == {**record, "pipeline": None}
    assert told["page"]["url"] == URL


def test_options_are_the_caller_s() -> None:
    limits = broadsheet.Options().limits.__class__(page_bytes=100)
    with pytest.raises(broadsheet.PageError):
        broadsheet.extract("<p>" + "word " * 100, options=Options(limits=limits))


def test_all_that_is_offered_is_there_and_nothing_else() -> None:
    assert all(hasattr(broadsheet, name) for name in broadsheet.__all__)
    assert set(broadsheet.__all__) <= set(dir(broadsheet))
    with pytest.raises(AttributeError, match="no attribute 'extracted'"):
        broadsheet.extracted  # noqa: B018


def test_importing_loads_nothing_of_it() -> None:
    program = "import sys, broadsheet; print(*(name for name in sys.modules if name.startswith('broadsheet.')))"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.split() == []
    program = "import sys, broadsheet; broadsheet.extract; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not {"faust", "aiokafka", "kafka", "aiohttp", "pydantic", "click"} & set(run.stdout.split())
