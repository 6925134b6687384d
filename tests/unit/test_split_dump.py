"""Dumps of several stories, cut by the learned splitter; single stories left whole."""

from importlib import resources

import pytest

from broadsheet.cohesion.lines import read
from broadsheet.dump.engine import extract_dump
from broadsheet.dump.features import base
from broadsheet.dump.lines import gaps, read_lines
from broadsheet.dump.split.cuts import cut_lines, default_model
from broadsheet.values import ContentType, Page

TWO = resources.files("broadsheet.samples").joinpath("pages/two-stories.txt").read_text()


def _page(text: str) -> Page:
    return Page(None, text, ContentType.DUMP, "0" * 64)


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())


def _cuts(texts: list[str], blanks: list[int]) -> list[int]:
    lines = read(texts, blanks, default_model().lexicon)
    return cut_lines(lines, base(lines).matrix())


def _stories(text: str) -> list[str]:
    """The dump parted at its stories' first headlines, told by hand."""
    headline = [line for line in text.splitlines() if line.strip()]
    second = next(line for line in headline if line.startswith("Librarian of Oakhaven"))
    at = text.index(second)
    return [text[:at].rstrip(), text[at:]]


@pytest.mark.parametrize("text", [TWO, _bare(TWO)], ids=["as-it-is", "without-blank-lines"])
def test_two_stories_are_cut_at_the_second_headline(text: str) -> None:
    lines = read_lines(text)
    cuts = _cuts([line.text for line in lines], gaps(lines))
    assert len(cuts) == 1
    assert lines[cuts[0]].text.startswith("Librarian of Oakhaven")


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("bare", [False, True])
def test_each_story_alone_stays_one(part: int, bare: bool) -> None:
    text = _stories(TWO)[part]
    lines = read_lines(_bare(text) if bare else text)
    assert _cuts([line.text for line in lines], gaps(lines)) == []


def test_blank_lines_between_stories_do_not_matter() -> None:
    first, second = _stories(TWO)
    found = [
        [(story.headline, [block.text for block in story.body]) for story in extract_dump(_page(text)).stories]
        for text in (f"{first}\n{second}", f"{first}\n\n\n\n\n\n{second}")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_what_is_dropped_or_shown_elsewhere_is_every_line_of_the_dump() -> None:
    extraction = extract_dump(_page(TWO))
    spans = [block.span for story in extraction.stories for block in story.body]
    spans += [item.span for story in extraction.stories for item in story.removed]
    seen = {TWO[span.start : span.end] for span in spans if span}
    seen |= {story.headline for story in extraction.stories if story.headline}
    captions = {image.caption for story in extraction.stories for image in story.images}
    for line in filter(None, map(str.strip, TWO.splitlines())):
        assert line in seen or any(caption and line.startswith(caption) for caption in captions)


@pytest.mark.parametrize("texts", [["One line."], ["—", "***"], ["A", "B"] * 40])
def test_dumps_of_no_length_are_not_cut(texts: list[str]) -> None:
    assert _cuts(texts, [0] * len(texts)) == []


def test_the_same_dump_is_cut_the_same_twice() -> None:
    lines = [line for line in TWO.splitlines() if line.strip()] * 5
    assert _cuts(lines, [0] * len(lines)) == _cuts(lines, [0] * len(lines))
