"""What holds a page made to hurt to linear work: each bound told by what comes out, none by a clock."""

import re
import unicodedata

import pytest
from benchmarks.extract import page_with, raw_page
from benchmarks.hostile import DUMPS

from broadsheet.dump import engine as dump
from broadsheet.dump.lines import read_lines
from broadsheet.enrich.language import primary_tag
from broadsheet.enrich.minhash import MOST_SHINGLES, SHINGLE_WORDS, minhash
from broadsheet.errors import PageError, Reason
from broadsheet.html.head.jsonld import MOST_ITEMS, describe, resolve
from broadsheet.html.metadata import KEYWORDS_CHARS, _split_keywords
from broadsheet.html.scan.tree import LONGEST_NAME, LONGEST_STATED, MOST_SCRIPTS, scan
from broadsheet.html.split.live import Entry
from broadsheet.html.stories import several
from broadsheet.html.stories.live import _parted
from broadsheet.marks import MOST_MARKS, without_heaps
from broadsheet.native.guard import attributes
from broadsheet.options import Limits, Options
from broadsheet.pipeline import read_page
from broadsheet.text.credits import part_credit
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.line import MANY_WORDS, Line
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute
from broadsheet.text.words import PROBE_CHARS, count_words, ends_sentence, first_words, fold, folded_words, words_to
from broadsheet.values import Removed, Span

MARKS = "\u0301\u0323\u0316"


@pytest.mark.parametrize("before", range(MOST_MARKS))
def test_marks_heaped_on_a_letter_are_held_to_a_number(before: int) -> None:
    lowered = without_heaps("x" * before + "a" + MARKS * 5_000 + "b")
    assert lowered == "x" * before + "a" + (MARKS * MOST_MARKS)[:MOST_MARKS] + "b"
    assert len(tidy("a" + MARKS * 5_000)) <= MOST_MARKS + 1
    assert fold("a" + MARKS * 5_000) == fold("a" + (MARKS * MOST_MARKS)[:MOST_MARKS])


@pytest.mark.parametrize("text", ["e\u0301" * 40, "—" * 99, "😀" * 99, "نّ" * 50, "का" * 50, "\u0e01\u0e34\u0e48" * 30])
def test_rows_of_signs_and_letters_with_their_marks_stay(text: str) -> None:
    assert without_heaps(text) == text
    assert tidy(text) == unicodedata.normalize("NFC", text)


def test_of_a_long_text_no_more_words_are_counted_than_asked_for() -> None:
    text = "word " * 100_000
    assert 50 <= words_to(text, 50) <= PROBE_CHARS
    assert words_to("x" * 5_000 + " a b", 3) == 3
    assert words_to("a b c", 50) == 3


def test_a_long_line_is_told_by_its_start_and_its_end() -> None:
    long = Line("word " * 50_000 + "end.", 1, Span(0, 1), 0)
    assert MANY_WORDS <= long.words <= PROBE_CHARS
    assert long.prose
    assert long.key is long.text
    assert long.furniture is None
    assert Line("Read More", 2, Span(0, 9), 1).furniture == furniture_kind("Read more") == "call-to-action"
    assert Line("Read, MORE!", 2, Span(0, 9), 1).key == "read more"


def test_a_misread_character_at_a_line_s_end_is_whole() -> None:
    assert [(line.text, line.span) for line in read_lines("forearms. \u00c2\u00a0 \nvoil\u00c3\u00a0")] == [
        ("forearms.", Span(0, 11)),
        ("voil\u00e0", Span(14, 19)),
    ]


def test_a_row_of_signs_is_a_separator_however_long() -> None:
    assert furniture_kind("_" * 100_000) == "separator"
    assert furniture_kind("7" * 100_000) is None


def test_a_credit_stands_at_the_end_of_its_caption() -> None:
    assert part_credit("A ferry. " * 1_000 + "(Reuters)").credit == "Reuters"
    assert part_credit("Photo: " + "photo " * 200 + ": Ann Berg").caption.startswith("Photo: photo")


@pytest.mark.parametrize(
    "text", ["", ".", "a.", "a. ", "a.”) ", "a", "a:", "a.b", "”", "a。」", "a.\u0085\u3000", "a.\n"]
)
def test_a_sentence_is_told_by_what_stands_at_its_end(text: str) -> None:
    ends = re.search("[.!?…。！？｡؟।॥۔:;][\"'”’»›)\\]】」』）\\s]*$", text) is not None
    assert ends_sentence(text) is ends
    assert ends_sentence("a. " * 1_000 + text) is (ends or not text.strip("”. \n"))


@pytest.mark.parametrize("text", ["市议 会周二", "ก" * 12 + " ab", "a 市 b 市市", "ferry — late", "_ _ a"])
def test_runs_of_characters_without_spaces_count_as_one_by_one(text: str) -> None:
    assert count_words(f"{text} " * 10) == 10 * count_words(text)


def test_a_signature_is_the_first_words_alone() -> None:
    most = MOST_SHINGLES + SHINGLE_WORDS - 1
    words = " ".join(f"w{n}" for n in range(10 * most))
    first = " ".join(words.split()[:most])
    assert minhash(words) == minhash(first) == minhash(words + " more and more")
    assert minhash(words) != minhash(" ".join(words.split()[: most // 2]))
    accented = words.replace("w", "e\u0301\u0323")
    assert minhash(accented) == minhash(" ".join(accented.split()[:most])) != minhash(words)


@pytest.mark.parametrize("text", ["x" * 1_000 + " that is one word of few", "a b c d e f", "ferry\u0301 " * 90])
def test_the_first_words_of_a_text(text: str) -> None:
    for count in (1, 2, 5, 80, 100):
        assert first_words(text, count) == folded_words(text)[:count]


def test_a_language_tag_is_short() -> None:
    assert primary_tag(" EN-gb ") == "en"
    assert primary_tag("en" + "-en" * 1_000_000) is None
    assert primary_tag(None) is None


def test_so_many_scripts_and_keywords_are_read() -> None:
    article = '{"@type": "NewsArticle", "headline": "Ferry"}'
    assert describe([*["{"] * (MOST_SCRIPTS - 1), article], None).article is not None
    assert describe([*["{"] * MOST_SCRIPTS, article], None).article is None
    assert _split_keywords(["ferry, " * (KEYWORDS_CHARS // 7 + 1) + "late"]) == ("ferry",)
    assert _split_keywords(["ferry, late", "harbour"]) == ("ferry", "late", "harbour")


def test_what_was_dropped_is_parted_by_entries() -> None:
    items = [Removed("x", str(at), None, "p", at) for at in range(6)] + [Removed("x", "none")]
    inside, outside = _parted(items, [Entry(1, 3, 1, None, None), Entry(4, 5, 4, None, None)])
    assert [[item.text for item in held] for held in inside] == [["1", "2"], ["4"]]
    assert [item.text for item in outside] == ["0", "3", "5", "none"]


@pytest.mark.parametrize(
    ("kind", "page"), [(b"text/html", page_with(4)), (b"text/plain", DUMPS["4,800 doubled heads"]())]
)
def test_a_page_of_too_many_stories_is_refused_before_they_are_read(
    kind: bytes, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a story was read")

    for module, name in ((several, "read_part"), (dump, "read_story")):
        monkeypatch.setattr(module, name, fail)
    with pytest.raises(PageError) as refused:
        read_page(raw_page(page, kind), Options(limits=Limits(articles=3)))
    assert refused.value.reason is Reason.TOO_LARGE


def test_what_a_head_states_is_cut_and_tidied() -> None:
    blanks = " \t" * 3_000
    head = scan(
        f"<html lang='{'en-' * 900}'><title>{blanks}Ferry{blanks}late</title>"
        f"<meta name=author content='Ann{blanks}Lee'><meta name=keywords content='{'ferry, ' * 9_000}'>"
        f"<link rel=canonical href='/{'a' * 9_000}'><p itemprop=author content='{blanks}Bo{blanks}Ray'>text"
    ).head
    assert (head.title, head.named["author"]) == ("Ferry", "Ann")
    assert len(head.lang or "") <= LONGEST_NAME
    assert len(head.named["keywords"]) <= LONGEST_STATED
    assert absolute(head.canonical, "https://gazette.example/") is None
    assert head.props[0].value == "Bo"


def test_json_ld_beyond_its_room_is_left_out() -> None:
    large = f"<script type=application/ld+json>{' ' * 1_200_000}{{}}</script>"
    assert len(scan(large * 2 + "<script type=application/ld+json>[]</script>").head.json_ld) == 2


def test_a_marked_element_is_read_as_far_as_asked() -> None:
    prop = scan("<div itemprop=author>" * 40 + "<p>" + "word é " * 100_000).head.props[0]
    assert prop.element.text(50) == ("word é " * 8)[:51]
    assert prop.element.text(9) == ""  # nine elements in, no text yet
    assert len(prop.element.text()) == 700_000


def test_references_are_followed_once_and_lists_have_an_end() -> None:
    node = {"@id": "p", "name": "Ann Lee"}
    assert resolve([{"@id": "p"}] * 50_000, {"p": node}) == [node]
    assert len(resolve([f"Ann{n} Lee" for n in range(5_000)], {})) == MOST_ITEMS


def test_attributes_are_counted_by_page_as_a_tokenizer_reads_them() -> None:
    assert attributes(b"<p a=1 b c=\"> d e\" f='<'/>x<b g></b><!-- <i a b> -->") == (17, 5, 4, 0)
    assert attributes(b"<script>if (a<b c d e) {}</script><p a>") == (1, 1, 1, 0)
    assert attributes(b"<html a b><body c>") == (5, 3, 2, 3)
    assert attributes(b"<svg><style><p a b></style></svg><p c>")[1] == 3


@pytest.mark.parametrize(
    "page",
    [
        ("<p " + " ".join(f'a{n}=">"' for n in range(5_900)) + ">x</p>") * 150,
        "<html "
        + " ".join(map("a{}".format, range(1_900)))
        + "><body "
        + " ".join(f'b{n}="<>"' for n in range(5_000))
        + ">x",
        "<select>" + "<option>x</option>" * 9_000 + "</select>",
        "<rt></x>" * 20_000,
        "<select><select>" + "<optgroup>a" * 20_000,
        "<svg></svg><select>" + "<optgroup>a" * 20_000,
    ],
    ids=["attributes", "root", "options", "rt", "closed select", "drawing before"],
)
def test_pages_that_the_parser_would_read_for_long_are_refused(page: str) -> None:
    with pytest.raises(PageError) as refused:
        scan(page)
    assert refused.value.reason is Reason.TOO_LARGE


def test_pages_of_rubies_and_lists_to_choose_from_are_read() -> None:
    rubies = "<p>" + "<ruby>市<rp>(<rt>shi<rp>)</ruby>" * 4_000
    lists = ("<select>" + "<option>one<option>two" * 40 + "</select>") * 90
    assert len(scan(rubies + lists).blocks) == 1
