"""What a body loses once its fields are known: each reason by itself, and what looks like one and stays."""

import pytest

from broadsheet.html.body.trim import HEAD_BLOCKS, trim_body
from broadsheet.html.head.told import Metadata
from broadsheet.values import Author, Block, Kind, Link, Removed

PROSE = "The boats of the harbour lay still, and nobody who was asked could say when they would sail again."
TOLD = Metadata(
    headline="Valley line to run again", section="Transport", authors=(Author("Mara Lindqvist"),), heading=2
)


def blocks(*texts: str, kind: Kind = Kind.PARAGRAPH, start: int = 2) -> list[Block]:
    return [Block(text, kind, "body/p", at=at) for at, text in enumerate(texts, start)]


def reasons(body: list[Block], told: Metadata = TOLD, dropped: tuple[Removed, ...] = ()) -> list[tuple[str, str]]:
    kept, removed = trim_body(body, told, dropped)
    assert len(kept) + len(removed) == len(body)
    return [(one.kind, one.text) for one in removed]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Valley line to run again", "headline"),
        ("VALLEY LINE TO RUN AGAIN", "headline"),
        ("transport", "label"),
        ("By Mara Lindqvist", "byline"),
        ("Mara Lindqvist", "byline"),
        ("4 March 2026", "date"),
    ],
)
def test_a_line_that_repeats_a_field_goes_from_the_start_alone(line: str, reason: str) -> None:
    assert reasons(blocks(line, PROSE, PROSE)) == [(reason, line)]
    later = blocks(*[PROSE] * HEAD_BLOCKS, line, PROSE)
    assert reasons(later) == []


def test_a_few_words_above_the_headline_are_a_label_and_a_sentence_is_none() -> None:
    assert reasons([*blocks("Valley news", start=1), *blocks(PROSE, start=3)]) == [("label", "Valley news")]
    assert reasons([*blocks("It is over.", start=1), *blocks(PROSE, start=3)]) == []
    assert reasons(blocks("Valley news", PROSE, start=3)) == []


def test_a_caption_that_comes_back_goes() -> None:
    caption = "The valley line in snow. Photo: Ida Berg"
    shown = Block(caption, Kind.PARAGRAPH, "body/figure/figcaption", at=3)
    assert ("caption", caption) in reasons([*blocks(PROSE), shown, *blocks(caption, PROSE, start=4)])
    dropped = (Removed("caption", caption, None, "body/div", 9),)
    assert reasons(blocks(PROSE, caption, PROSE), dropped=dropped) == [("caption", caption)]
    quoted = (Removed("caption", PROSE, None, "body/div", 9),)
    assert reasons(blocks(PROSE, PROSE), dropped=quoted) == [], "no credit: the paragraph that the caption quotes"


def test_headings_at_the_end_go_with_nothing_under_them() -> None:
    body = [*blocks(PROSE), *blocks("More on this", "Topics", kind=Kind.HEADING, start=3)]
    assert sorted(reasons(body)) == [("after-body", "More on this"), ("after-body", "Topics")]
    assert reasons([*body, *blocks(PROSE, start=5)]) == []


def teaser(text: str, at: int) -> Block:
    return Block(text, Kind.HEADING, "body/h3", 3, links=(Link(f"https://gazette.example/{at}", text),), at=at)


def test_teasers_of_other_stories_go_and_a_list_of_the_best_stays() -> None:
    body = blocks(*[PROSE] * 6)
    tail = [teaser("Ferry late again", 20), *blocks("It was late.", start=21), teaser("Mill to close", 22)]
    assert reasons([*body, *tail]) == [("related", one.text) for one in tail]
    assert [kind for kind, _ in reasons([*body, tail[0], tail[1]])] == [], "one is none"
    best = [one for at in range(3) for one in (teaser(f"Place {at}", 30 + at), *blocks(PROSE, start=40 + at))]
    assert reasons([*blocks(PROSE), *best]) == []
