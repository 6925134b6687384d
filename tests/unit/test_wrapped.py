"""Text whose lines were broken at a width."""

import textwrap

import pytest

from broadsheet.dump.lines import read_lines
from broadsheet.dump.wrapped import unwrap

PARAGRAPHS = [
    "The harbour board of Skelby decided on Friday that the old crane stays where it has stood since 1911, "
    "although nobody has lifted anything with it for forty years and the paint comes off in sheets.",
    "A well-known painter had offered to buy it. He wanted to put it into his garden, he said, and to look "
    "at it from his kitchen while the water boils, which at his stove takes a very long time.",
    "Two engineers have looked at the bolts and found that three of four would hold a ship. The fourth was "
    "never there; the drawing shows a flower pot in its place, and nobody who could explain it is alive. The "
    "board took note of it, and of the flower pot, and went on to the next item, which was the fence.",
    "The crane weighs as much as nine elephants. It will be painted green.",
]


def wrapped(width: int, end: str = "\n") -> str:
    return (end + end).join(end.join(textwrap.wrap(paragraph, width)) for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("width", [60, 72, 78, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_broken_lines_are_whole_again(width: int, end: str) -> None:
    assert [line.text for line in read_lines(wrapped(width, end))] == PARAGRAPHS


def test_spans_and_numbers_are_those_of_the_text_as_it_came() -> None:
    text = wrapped(60)
    lines = read_lines(text)
    assert [" ".join(text[line.span.start : line.span.end].split()) for line in lines][::3] == PARAGRAPHS[::3]
    assert [line.number for line in lines] == [1, 6, 11, 18]
    assert [text.split("\n")[line.number - 1].split()[0] for line in lines] == ["The", "A", "Two", "The"]
    assert [line.blank for line in lines] == [0, 1, 1, 1]


def test_lines_that_end_of_themselves_stay() -> None:
    text = "\n".join(f"{name} {paragraph}" for name in ("First.", "Second.") for paragraph in PARAGRAPHS)
    assert unwrap(text) is text


def test_items_headings_and_labels_begin_lines_of_their_own() -> None:
    text = (
        wrapped(60)
        + "\n\nWhat else was said in the meeting of the board, as the list\n- a crane\n- a fence\nDate: Friday"
    )
    assert [line.text for line in read_lines(text)][-3:] == ["- a crane", "- a fence", "Date: Friday"]
