"""Markdown into lines that know what they are."""

import pytest

from broadsheet.dump.headings import mend_cuts
from broadsheet.dump.markdown.front_matter import take_front_matter
from broadsheet.dump.markdown.lines import read_markdown
from broadsheet.dump.markdown.tell import is_markdown
from broadsheet.values import Kind, Link


def shown(text: str) -> list[tuple[Kind | None, str]]:
    return [(line.mark.kind, line.text) for line in read_markdown(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# A *fine* day\n\nText.", [(Kind.HEADING, "A fine day"), (None, "Text.")]),
        ("Fine\n====\n", [(Kind.HEADING, "Fine")]),
        ("- one\n- two\n\n  more of two", [(Kind.LIST_ITEM, "one"), (Kind.LIST_ITEM, "two"), (None, "more of two")]),
        ("> said\n> she", [(Kind.QUOTE, "said"), (Kind.QUOTE, "she")]),
        ("| a | b |\n|---|---|\n| 1 |  |", [(Kind.TABLE_ROW, "a | b"), (Kind.TABLE_ROW, "1")]),
        ("```py\nx = '*'\n```", [(Kind.CODE, "x = '*'")]),
        ("one  \ntwo<br>three", [(None, "one"), (None, "two"), (None, "three")]),
        (r"1\. Not a list, \*not\* stressed", [(None, "1. Not a list, *not* stressed")]),
        ("**Bold:**and more, ** left over __ so", [(None, "Bold:and more, left over so")]),
        ("snake_case_name and 2 * 3 * 4", [(None, "snake_case_name and 2 * 3 * 4")]),
        ("[\n\n### Card\n\nIts text\n\n](/card)", [(Kind.HEADING, "Card"), (None, "Its text")]),
        ("<div>raw <b>text</b></div>", [(None, "raw text")]),
    ],
)
def test_marks_tell_and_are_not_shown(text: str, lines: list[tuple[Kind | None, str]]) -> None:
    assert shown(text) == lines


def test_links_and_images_are_kept_with_their_line() -> None:
    _, line = read_markdown(
        'Before.\n\n![A pier](/pier.jpg "Pier")\n\nSee [the **pier**](/pier) and <https://pier.example/>.'
    )
    assert line.text == "See the pier and https://pier.example/."
    assert line.mark.links == (Link("/pier", "the pier"), Link("https://pier.example/", "https://pier.example/"))
    assert [(image.url, image.alt) for image in line.mark.images] == [("/pier.jpg", "A pier")]


def test_a_stressed_line_below_an_image_is_its_caption() -> None:
    assert shown("![](/pier.jpg)\n\n*The pier.*\n\nText.") == [(Kind.CAPTION, "The pier."), (None, "Text.")]


def test_spans_count_characters_of_the_page() -> None:
    text = "# Café\n\nÜber *dies*\r\n\r\n日本の話"
    assert [text[line.span.start : line.span.end] for line in read_markdown(text)] == ["Café", "Über *dies", "日本の話"]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A: fine day\nauthors:\n  - Ada Lund\n  - name: Tom Reed\ntags: [sea, 'sky']\n---\n\nText.",
        '+++\ntitle = "A: fine day"\nauthors = ["Ada Lund", "Tom Reed"]\ntags = ["sea", "sky"]\n+++\nText.',
    ],
)
def test_front_matter_tells_the_story(text: str) -> None:
    (line,) = read_markdown(text)
    assert dict(line.mark.told) == {
        "headline": ("A: fine day",),
        "authors": ("Ada Lund", "Tom Reed"),
        "keywords": ("sea", "sky"),
    }


def test_the_head_of_a_reader_service_is_front_matter() -> None:
    head = "Title: Fine day\n\nURL Source: https://sea.example/day\n\nPublished Time: 2026-03-01\n\n"
    text = f"{head}Markdown Content:\nText."
    (line,) = read_markdown(text)
    assert line.mark.told == {
        "headline": ("Fine day",),
        "url": ("https://sea.example/day",),
        "published": ("2026-03-01",),
    }


@pytest.mark.parametrize("broken", ["---\n", "---\ntitle\n---\n", "---\ntitle: x\n", "---\n: y\n---\n", "---\n\n---\n"])
def test_front_matter_that_is_broken_is_text(broken: str) -> None:
    assert take_front_matter(broken + "Text.\n") == (broken + "Text.\n", [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# One\n\nText.\n\n# Two\n", True),
        ("See [here](/a) and [there](https://b.example/).", True),
        ("![A pier](/pier.jpg)", True),
        ("# One\n\n* item\n", True),
        ("Team #1 won.\n#winning\n- so they say\n* * *", False),
        ("1. One\n2. Two\n\n- dash (see [1])", False),
    ],
)
def test_markdown_is_told_by_its_marks(text: str, told: bool) -> None:
    assert is_markdown(text) is told


def test_headings_of_the_first_level_part_pages_and_no_sections() -> None:
    prose = "The harbour board met again on Tuesday to hear why the ferry had been late every day since spring. " * 5
    foot = "\n\n".join(f"[Section {at}](/section/{at})" for at in range(12))
    lines = read_markdown(f"# One\n\n{prose}\n\n# Part of one\n\n{prose}\n\n{foot}\n\n# Two\n\n{prose}")
    assert [lines[at].text for at in mend_cuts(lines, [])] == ["Two"]
    assert mend_cuts(lines, [5]) == [5]
