"""Dumps: lines with their places, rules that cut only where there is no doubt, and an audit that names what goes."""

import re
from pathlib import Path

import pytest

from broadsheet.dump.engine import extract_dump
from broadsheet.dump.lines import LINE_END, MAX_LINES, read_lines
from broadsheet.dump.split.rules import cut_dump
from broadsheet.dump.story import read_story
from broadsheet.errors import NoneReason, PageError, Reason
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.samples import samples
from broadsheet.text.pagination import page_of
from broadsheet.text.refusal import refuse_text
from broadsheet.values import ContentType, Kind, Page

TWO_STORIES = next(sample.raw.value.decode() for sample in samples() if sample.name == "two-stories")
SHARED_SAMPLE = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "two-articles.txt"


def page(text: str, status: int | None = None) -> Page:
    return Page(None, text, ContentType.DUMP, "0" * 64, status=status)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_keep_their_number_and_place(end: str) -> None:
    text = end.join(("  one ", "", "two\u00a0three"))
    blocks = read_lines(text)
    assert [(block.text, block.number) for block in blocks] == [("one", 1), ("two three", 3)]
    assert [text[slice(*block.span)] for block in blocks if block.span] == ["one", "two\u00a0three"]


@pytest.mark.parametrize("blank", ["", "\r\n\r\n", "\n\r", "\v\f\u2029", " \n\t\n\u00a0\r\n" * 9])
def test_blank_lines_of_any_end_are_counted(blank: str) -> None:
    text = f"one\n{blank}two"
    assert [block.number for block in read_lines(text)] == [1, len(re.split(LINE_END, text))]


def test_a_dump_of_too_many_lines_is_refused_with_its_reason() -> None:
    assert len(read_lines("a\n" * MAX_LINES + "\n" * 1_000_000)) == MAX_LINES
    with pytest.raises(PageError) as refused:
        extract_dump(page("a\n" * (MAX_LINES + 1)))
    assert refused.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("Page 2 of 5", (2, 5)),
        ("Seite 2 von 5", (2, 5)),
        ("« 2 / 12 »", (2, 12)),
        ("[Página 3 de 3]", (3, 3)),
        ("Страница 2 из 5", (2, 5)),
        ("صفحة 2 من 5", (2, 5)),
        ("หน้า 2 จาก 5", (2, 5)),
        ("第2页 共5页", (2, 5)),
        ("2ページ／5ページ", (2, 5)),
        ("5/2", None),
        ("1/1", None),
        ("2024/05", None),
        ("3 x 4", None),
        ("Harbour 2 : 1 Island", None),
        ("The board met on 2 of 5 days and was heard", None),
    ],
)
def test_a_mark_of_pagination_is_told_by_its_shape(line: str, mark: tuple[int, int] | None) -> None:
    assert page_of(line) == mark


@pytest.mark.parametrize("text", ["Page 2 of 3\n\n{}", "{}\n\nPage 2 of 3", "{}\n2/3", "Page 2 of 3\n{}\n2/3\nHome"])
def test_a_dump_marked_as_one_page_of_several_says_so_and_drops_the_mark(text: str) -> None:
    extraction = extract_dump(page(text.format(TWO_STORIES)))
    assert extraction.facts.pagination == (2, 3)
    assert any(item.kind == "pagination" for story in extraction.stories for item in story.removed)
    assert not any(
        "2 of 3" in block.text or "2/3" in block.text for story in extraction.stories for block in story.body
    )


@pytest.mark.parametrize("text", ["{}", "Step 1 of 2\n{}\nPage 2 of 3", "{}\n4/5\nOur verdict"])
def test_scores_and_marks_that_differ_are_no_pagination(text: str) -> None:
    assert extract_dump(page(text.format(TWO_STORIES))).facts.pagination is None


@pytest.mark.parametrize("blank_lines", [True, False])
def test_rules_cut_before_a_doubled_head(blank_lines: bool) -> None:
    lines = [line for line in TWO_STORIES.splitlines() if blank_lines or line.strip()]
    blocks = read_lines("\n".join(lines))
    assert [blocks[cut].text for cut in cut_dump(blocks)] == [
        "Librarian of Oakhaven: We Will Lend Out Seeds and Tools as Well as Books"
    ]


def test_rules_leave_a_title_that_is_not_doubled() -> None:
    title = "Librarian of Oakhaven: We Will Lend Out Seeds and Tools as Well as Books\n"
    assert TWO_STORIES.count(title) == 2
    assert cut_dump(read_lines(TWO_STORIES.replace(title, "", 1))) == []


def test_the_parts_of_a_doubled_head_go_where_they_belong() -> None:
    first, second = extract_dump(page(TWO_STORIES)).stories
    assert [(image.credit, bool(image.caption)) for image in first.images] == [("Northwire", True)]
    assert [block.text for block in first.body if block.kind is Kind.HEADING] == ["Repairs"]
    assert [item.kind for item in second.removed] == [
        "repeated-caption", "text-size-toggle", "repeated-headline", "repeated-caption", "repeated-caption",
    ]  # fmt: skip
    for story in (first, second):
        for item in story.removed:
            assert item.span is not None
            assert TWO_STORIES[slice(*item.span)] == item.text


def test_a_dump_whose_every_line_is_doubled_keeps_its_text_once() -> None:
    prose = [
        "The boats of the harbour lay still on Monday, and nobody who was asked could say when they would sail.",
        "A board of five had met through the night, and came out with a sheet of paper that none would read.",
        "By noon the bakery had sold its last loaf, and the ferry's cook was seen with flour in a pram on the hill.",
    ]
    story = read_story(read_lines("\n".join(line for line in prose for _ in range(2))), None)
    assert [block.text for block in story.body] == prose
    assert {item.kind for item in story.removed} == {"repeated-line"}


@pytest.mark.parametrize("name", ["arabic", "hebrew", "chinese", "japanese", "thai", "hindi", "russian"])
def test_a_story_in_any_script_is_read_from_its_dump(name: str) -> None:
    sample = next(sample for sample in samples() if sample.name == name)
    (article,) = read_page(sample.raw, Options()).articles
    text = f"{article.headline}\n\n{article.byline}\n\n{article.body_text}"
    (story,) = extract_dump(page(text)).stories
    assert story.headline == article.headline
    assert story.byline == article.byline
    assert [block.text for block in story.body] == [block.text for block in article.body]


def test_an_empty_dump_holds_nothing() -> None:
    assert extract_dump(page(" \n\n\t ")).reason is NoneReason.EMPTY


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("404\nSorry, the page you asked for could not be found.", None, NoneReason.ERROR_PAGE),
        ("Something went away.", 410, NoneReason.ERROR_PAGE),
        ("Members only\nPlease sign in to continue reading.\nForgot your password?", None, NoneReason.LOGIN_WALL),
        ("Bitte einloggen\nPasswort vergessen?", None, NoneReason.LOGIN_WALL),
        ("Home\nNews\nSport", None, NoneReason.NO_ARTICLE_TEXT),
    ],
)
def test_a_page_without_prose_is_refused_by_its_words(text: str, status: int | None, reason: NoneReason) -> None:
    assert refuse_text(text.splitlines(), status) is reason


def test_a_story_that_speaks_of_missing_pages_is_no_error_page() -> None:
    lines = ["Library counts its losses: 404 pages not found", *TWO_STORIES.splitlines()]
    assert refuse_text(lines, 200) is None


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_SAMPLE.is_file(), reason="the shared sample is not there")
@pytest.mark.parametrize("blank_lines", [True, False])
def test_the_shared_sample_is_taken_apart_exactly(blank_lines: bool) -> None:
    text = SHARED_SAMPLE.read_text("utf-8")
    lines = [line for line in text.split("\n") if blank_lines or line.strip()]
    stories = extract_dump(page("\n".join(lines))).stories
    marks = [line for line in text.split("\n") if line.strip()]
    heads = [line for line in dict.fromkeys(marks) if marks.count(line) == 2 and len(line) > 2]
    assert [story.headline for story in stories] == heads
    doubled = {line for line in marks if marks.count(line) > 1}
    assert [block.text for story in stories for block in story.body] == [line for line in marks if line not in doubled]
    assert [image.credit for story in stories for image in story.images] == ["Reuters", None]
    assert [b.text for story in stories for b in story.body if b.kind is Kind.HEADING] == ["Diplomacy"]
