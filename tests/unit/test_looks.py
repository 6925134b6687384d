"""First looks for the fields: a no is sure, whatever the text, in C as in Python."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.html.authors import bylines
from broadsheet.html.authors.candidates import _BOUNDS
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.native import fields as native
from broadsheet.text import author_names, authors, dates
from broadsheet.text.person import ALONE, LED
from tests.reference import looks

PIECES = st.sampled_from([
    "By", "by ", "BY: ", "von", "par ", "por", "autor", "Autorin", "autorIngrid", "author:", "written ", "posted",
    "on 4 May 2024 ", "Text", "text: ", "文：", "作者", "بقلم ", "Ada", "Lund", "ada", "MD", "Ph.D.", "İda", "ſtory by",
    "K", "ﬁ", "Ǆ", "ǅ", "Ж", "記者", "ΐ", "&amp;", "&Aacute;da", "Ã\x89mile", "￼Lund", "\u200b", "\ud800", "\x00",
    "\x1c", ",", ";", "•", "·", ":", "：", " ", "\n", "\xa0", " - ", "-", "/", ".", "1", "12", "4", "2024", "1999",
    "19",
    "٢٠٢٤", "২০২৪", "２０２４", "๒๕๖๗", "年", "년", "月", "日", "5-6", "2024-05-06", "2024/5/6", "04/05/2024", "4.5.24",
    " May ", " mai ", "4th ", ", ", "de ", "May 4, 2024", "4 May 2024", "𝟙", "😀", "x",
])  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=9).map("".join))


@given(TEXTS)
def test_no_date_is_missed(text: str) -> None:
    signs, coarse = native.date_signs(text), looks.written_signs(text)
    assert signs & ~coarse == 0
    translated = text.translate(dates._DIGITS)
    for month_first in (True, False):
        numeric = dates._numeric(translated, month_first) if coarse & dates.NUMBERS else None
        spelt = dates._spelt(translated, dates.SPELT) if coarse & dates.SPELT else None
        first = min((hit for hit in (spelt, numeric) if hit), key=lambda hit: hit.start, default=None)
        assert dates.find_date(text, month_first=month_first) == first
        if first:
            assert signs


def test_each_form_of_date_is_told() -> None:
    told = {
        "2024-05-06": 33, "2024/5/6": 2, "on 2024년 5월 6일": 4, "4th May, 2024": 8, "May 4, 2024": 16, "4.5.24": 32,
        "1850-05-06": 32, "on 1850-5": 0, "2024-5": 1, "4 May": 0, "2024": 0, "4 2024": 0, "x 4 2024": 16, "": 0,
    }  # fmt: skip
    assert {text: native.date_signs(text) for text in told} == told


@given(TEXTS)
def test_the_form_of_a_person_is_the_same_in_c(text: str) -> None:
    assert native.person_form(text) == looks.person_form(text)


@given(TEXTS)
def test_no_person_is_missed(text: str) -> None:
    if native.may_name_person(text):
        return
    assert not any(looks.person_form(part) for part in (text, text.split("|", maxsplit=1)[0], authors.strip_lead(text)))
    assert not any(looks.person_form(author.name) for author in authors.split_authors(text))
    assert not any(looks.person_form(name) for _, names in author_names.readings(text) for name in names)


def test_what_can_be_no_person_is_told() -> None:
    assert not any(map(native.may_name_person, ("", "Share", "by Ada", "read more here", "Ångström 4 x")))
    assert all(map(native.may_name_person, ("Ada Lund", "by“Ada” (Lund", "ada&#32;lund", "记者", "Ã\x89mile")))


@given(TEXTS)
def test_no_byline_is_missed(text: str) -> None:
    signs = native.byline_signs(text)
    assert signs & LED or not bylines._EXPLICIT.search(text)
    assert signs & ALONE or not bylines._ALONE.match(text.strip())
    if author_names.LEAD.match(text) and text[:1].lower() in author_names.LEAD_FIRSTS:
        assert author_names.opens_as_byline(text)


def test_what_can_be_no_byline_is_told() -> None:
    assert not any(map(native.byline_signs, ("", "Nearby lakes", "part", "A media house", "Handy tips")))
    assert native.byline_signs("4 May 2024 by Ada") == LED
    assert native.byline_signs(" Author: ") & ALONE


@given(st.lists(st.tuples(st.sampled_from(["h1", "h2", "h3", "p", "div class=author", "a href=/by/x"]), TEXTS)))
def test_blocks_are_chosen_as_in_python(parts: list[tuple[str, str]]) -> None:
    tree = scan("".join(f"<{tag}>{text}</{tag.split()[0]}>" for tag, text in parts))
    assert native.heading_elements(tree.elements, tree.ends, 2, 2) == looks.heading_elements(
        tree.elements, tree.ends, 2, 2
    )
    for others in (True, False):
        sizes = [0, 3, 8, 600, -1]
        assert native.texts_of_sizes(tree.blocks, 5, sizes, others) == looks.texts_of_sizes(
            tree.blocks, 5, sizes, others
        )
    wanted = looks.dated(tree.blocks, -3, 99, 30)
    assert native.dated(tree.blocks, -3, 99, 30) == [i for i in wanted if native.date_signs(tree.blocks[i].text)]
    assert _without_idle(tree, native) == _without_idle(tree, looks)


def _without_idle(tree: Tree, chooser: object) -> list[tuple[int, bool, bool]]:
    """The blocks chosen, without those that are tried for their place alone and can be no person's name."""
    heading = min(2, len(tree.blocks))
    chosen = chooser.byline_blocks(  # type: ignore[attr-defined]
        tree.blocks, tree.elements, range(len(tree.blocks)), heading, _BOUNDS,
        author_names.LEAD_PAIRS, author_names.LEAD_FIRSTS, BITS["author"],
    )  # fmt: skip
    return [
        (index, named, opened)
        for index, run, named, opened in chosen
        if named or opened or run.links or native.may_name_person(run.text)
    ]


@given(st.lists(st.lists(st.one_of(st.floats(width=32), st.booleans(), st.integers(-9, 2000)), min_size=3, max_size=3)))
def test_numbers_are_written_as_numpy_writes_them(rows: list[list[float]]) -> None:
    out, wanted = np.empty((len(rows), 3), np.float32), np.empty((len(rows), 3), np.float32)
    native.fill(rows, out)
    if rows:
        looks.fill(rows, wanted)
    assert out.tobytes() == wanted.tobytes()
    for wrong in ([*rows, [1.0, 2.0, 3.0]], [[1.0, 2.0]] * len(rows) or [[]], [None] * max(1, len(rows))):
        with pytest.raises((ValueError, TypeError)):
            native.fill(wrong, out)  # type: ignore[arg-type]


def test_rows_of_another_shape_are_refused() -> None:
    for call in (
        lambda: native.dated([("x",)], 0, 1, 9),  # type: ignore[list-item]
        lambda: native.dated([(1, 2, 3, 4, 5)], 0, 1, 9),  # type: ignore[list-item]
        lambda: native.heading_elements([None], [0], 1, 1),  # type: ignore[list-item]
        lambda: native.date_signs(None),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(IndexError):
        native.byline_blocks([], [], [3], 0, _BOUNDS, frozenset(), frozenset(), 1)


WORDS = st.sampled_from([
    *authors._ROLES, *authors._TAIL_WORDS, *bylines._CUT_WORDS, *sorted(authors._LEAD_PAIRS), "By", "article", "story",
    "words", "text", "written", "contributed", "medically", "fact", "checked", "guest", "post", "author", "writer",
    "von", "par", "por", "door", "av", "af", "przez", "autorin", "Ada", "Lund", "on behalf of", "a", "x-ray", "K",
    "ſtaff", "文", "é", ":", "", " ", "May", "photos", "and",
])  # fmt: skip


@given(st.lists(st.tuples(WORDS, st.sampled_from([str.title, str.upper, str.lower, str])), max_size=6))
def test_the_words_of_a_plain_name_tell_what_the_patterns_would(drawn: list[tuple[str, Callable[[str], str]]]) -> None:
    for text in (" ".join(case(word) for word, case in drawn), "".join(case(word) for word, case in drawn)):
        assert authors._names_role(text) == (authors._ROLE.search(text) is not None)
        start, words = text[:2], set(text.lower().split())
        if start.isascii() and start.lower() not in authors._LEAD_PAIRS:
            assert not authors._LEAD.search(text)
            assert not authors._GLUED.search(text)
        if authors.is_plain(text) and authors._TAIL_WORDS.isdisjoint(words):
            assert not authors._TAIL.search(text)
        if authors.is_plain(text) and bylines._CUT_WORDS.isdisjoint(words):
            assert not bylines._CUT.search(text)
