"""The core's C and the Python beside it say the same of any text and of any tree."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.html.scan import around, prose
from broadsheet.html.scan.tree import Element, Run
from broadsheet.native.text import digit_led, prose_words
from broadsheet.text import tidy as text
from broadsheet.text import words
from broadsheet.values import Removed
from tests.reference import blocks
from tests.reference import tidy as tidied
from tests.reference import words as reference

# Characters that some rule looks at, of each width that Python keeps strings in.
ODD = (
    "aZ09_ \t\n\x00\x1c\x85\xa0\xad.!?;:\"')]&amp;é\u00dfªµ½²\u00a8\u00c3\u00a9\u00c2\u00bb\u2019\u201d\u2026"
    "\u20ac\u2013\u200b\u200d\u200f\u0130\u0301\u212b\ufb01\ufffc\ufeff漢かア・。」ไท่\u1000\u1780אب؟।\u06d4\ud800\U00020000"
)
texts = st.text(st.sampled_from(ODD), max_size=40) | st.text(st.characters(max_codepoint=0xFF)) | st.text()


def fast_around(elements: list[Element]) -> around.Around:
    return around.Around(elements, around.REASON_TAGS, around.REASON_BITS, around.PATH_CHARS, Removed)


@given(texts)
@example("")
@example("a" * 70_000)
@example("\u0e01" * 70_000)
@example("\U00020000 " * 30_000)
@example(". " * 30_000)
def test_a_text_is_read_alike(given_text: str) -> None:
    assert words.count_words(given_text) == reference.count_words(given_text)
    assert words.ends_sentence(given_text) == reference.ends_sentence(given_text)
    assert words.fold(given_text) == reference.fold(given_text)
    assert words.folded_words(given_text) == reference.folded_words(given_text)
    assert text.tidy(given_text) == tidied.tidy(given_text)


def test_characters_are_read_alike() -> None:
    for code in (*range(0x3400), *range(0x3400, 0x110000, 89), 0xFFFC, 0x10FFFF):
        char = chr(code)
        for one in (f"a{char}b {char}", f"\u0e01{char}.{char}"):
            told = words.count_words(one), words.fold(one), words.ends_sentence(one)
            assert told == (reference.count_words(one), reference.fold(one), reference.ends_sentence(one)), hex(code)
        assert text.tidy(f"a{char}b") == tidied.tidy(f"a{char}b"), hex(code)


def test_a_tidy_text_is_given_back_itself() -> None:
    for one in ("", "As it stands.", "The “cafes” of Zoë – 5 €"):
        assert text.tidy(one) is one


@given(st.lists(texts))
def test_prose_is_counted_alike(lines: list[str]) -> None:
    assert prose_words(lines) == blocks.prose_words(lines)


@given(st.data())
def test_a_tree_is_read_alike(data: st.DataObject) -> None:
    tags = st.sampled_from(["div", "p", "nav", "figcaption", "tr", "x-é", "漢"])
    hints = st.integers(0, 2**26 - 1) | st.just(0)
    elements = [Element("", 0, 0, 0, "", 0)]
    for e in range(1, data.draw(st.integers(2, 40))):
        # Now and then a chain that is deeper than a path is long.
        parent = data.draw(st.integers(max(0, e - 3), e - 1))
        elements.append(Element(data.draw(tags) * 20, parent, 0, 0, "", data.draw(hints)))
        elements.append(Element(data.draw(tags), len(elements) - 1, 0, 0, "", data.draw(hints)))
    owners = st.integers(0, len(elements) - 1)
    runs = [Run(line, data.draw(owners), data.draw(st.integers(0, 30)), (), 0) for line in data.draw(st.lists(texts))]
    plain = blocks.Around(elements)
    fast = fast_around(elements)
    numbers = data.draw(st.permutations(range(len(runs))))
    assert fast.dropped(runs, numbers) == plain.dropped(runs, numbers)
    assert [fast.told(e) for e in range(len(elements))] == [plain.told(e) for e in range(len(elements))]
    for tag in ("p", "tr", ""):
        assert around.tagged(elements, tag) == blocks.tagged(elements, tag)
        for e in range(len(elements)):
            assert around.nearest(elements, e, tag) == blocks.nearest(elements, e, tag)
    for reach in range(5):
        for e in range(len(elements)):
            looked = around.nearest_of(elements, e, {"p": 1, "tr": 2}, reach)
            assert looked == blocks.nearest_of(elements, e, {"p": 1, "tr": 2}, reach)
    ends = data.draw(st.lists(st.integers(0, len(runs)), min_size=len(elements), max_size=len(elements)))
    firsts = data.draw(st.lists(st.integers(0, len(runs)), min_size=len(elements), max_size=len(elements)))
    placed = [element._replace(first=first) for element, first in zip(elements, firsts, strict=True)]
    counts = data.draw(st.lists(st.integers(0, 99), min_size=len(runs), max_size=len(runs)))
    bounds = data.draw(st.tuples(st.integers(0, 60), st.integers(0, 4), st.floats(0, 200)))
    assert prose.rows_of(placed, ends, counts, *bounds) == blocks.rows_of(placed, ends, counts, *bounds)
    assert digit_led(runs) == blocks.digit_led(runs)
    lo, hi, least = data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 12)))
    for weight, share in ((1, 0.35), (2, 1), (3, 1)):
        counted = prose.block_words(runs, lo, hi, least, weight, share)
        assert counted == blocks.block_words(runs, lo, hi, least, weight, share)


def test_what_is_no_tree_is_refused() -> None:
    """Not read out of bounds and not climbed for ever: C has nothing that would stop it."""
    loop = [Element("", 0, 0, 0, "", 0), Element("p", 1, 0, 0, "", 0)]
    fast = fast_around(loop)
    with pytest.raises(ValueError, match="stands in"):
        fast.told(1)
    with pytest.raises(ValueError, match="stands in"):
        around.nearest(loop, 1, "x")
    for e in (-1, 2, 2**40):
        with pytest.raises(IndexError):
            fast.told(e)
    with pytest.raises(IndexError):
        fast.dropped([], [0])
    outside = [loop[0], Element("p", 0, 0, 7, "", 0)]
    for rows, ends in ((outside, [1, 1]), (outside, [1, -1]), ([loop[0], Element("p", 9, 0, 0, "", 0)], [1, 1])):
        with pytest.raises(ValueError, match="outside of the page"):
            prose.rows_of(rows, ends, [1], 0, 1, 0.0)
    with pytest.raises(ValueError, match="an end for each"):
        prose.rows_of(outside, [1], [1], 0, 1, 0.0)
    for wrong in ([None], [()], [(1, 2, 3)]):
        with pytest.raises(TypeError):
            prose.block_words(wrong, 0, 1, 1, 1.0, 1.0)  # type: ignore[arg-type]
