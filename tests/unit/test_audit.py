"""The account of a page: every block in order, with its fate, the cuts and its place in the source."""

import re
from html import unescape

import pytest

from broadsheet.audit import BlockFate, Marked, audit
from broadsheet.html.scan.places import find_spans
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.samples import samples
from broadsheet.values import RawPage

SAMPLES = {sample.name: sample.raw for sample in samples()}


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", re.sub(r"<[^>]*>", "", text)))


def account(raw: RawPage) -> tuple[str, tuple[Marked, ...]]:
    result = read_page(raw, Options())
    return result.page.text, audit(result)


@pytest.mark.parametrize("name", [sample.name for sample in samples() if sample.result != "dead"])
def test_every_block_stands_where_its_span_says(name: str) -> None:
    text, told = account(SAMPLES[name])
    assert told
    starts = [marked.span.start for marked in told if marked.span]
    assert len(starts) == len(told)
    assert starts == sorted(starts)
    for marked in told:
        assert marked.span is not None
        source = text[marked.span.start : marked.span.end]
        assert letters(unescape(source))[:12] == letters(marked.text)[:12]


def test_a_story_in_order_between_its_furniture() -> None:
    _, told = account(SAMPLES["one-story"])
    kinds = [marked.kind for marked in told]
    order = ("navigation", "headline", "byline", "paragraph", "heading", "advertisement", "call-to-action", "footer")
    assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)
    assert next(marked for marked in told if marked.kind == "advertisement").fate is BlockFate.DROPPED
    assert next(marked for marked in told if marked.kind == "heading").fate is BlockFate.KEPT


@pytest.mark.parametrize(("name", "of"), [("several-stories", 3), ("two-stories", 2), ("one-story", 1)])
def test_a_page_is_cut_at_the_headline_of_each_article(name: str, of: int) -> None:
    _, told = account(SAMPLES[name])
    starts = [marked for marked in told if marked.starts]
    assert len(starts) == of
    if of > 1:
        assert [marked.kind for marked in starts] == ["headline"] * of
        assert [marked.article for marked in starts] == list(range(of))


def test_a_page_without_article_drops_all_of_it() -> None:
    _, told = account(SAMPLES["listing"])
    assert {marked.fate for marked in told} == {BlockFate.DROPPED}
    assert {marked.article for marked in told} == {None}


def test_spans_count_entities_whole_and_pass_what_is_not_shown() -> None:
    source = "<title>Caf&eacute;</title><script>'Café'</script><!-- Café --><p>Caf&eacute; <b>no</b>w</p><p>***</p>"
    first, last = find_spans(source, ["Café now", "***"])
    assert first is not None
    assert last is not None
    assert source[first.start : first.end] == "Caf&eacute; <b>no</b>w"
    assert source[last.start : last.end] == "***"


@pytest.mark.parametrize("source", ["", "<", "<!--", "<p", "<script>Tides", "a < b", "&", "&#xD800;"])
def test_spans_of_broken_markup(source: str) -> None:
    assert find_spans(source, ["Tides", ""]) is not None
