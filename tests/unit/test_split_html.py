"""Pages of several stories, cut by their tree; candidates, distances, the headline of a stretch."""

from importlib import resources

import numpy as np
import pytest

from broadsheet.html.body.scores import lexicon
from broadsheet.html.engine import extract_html
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.split.features import COHESION_NAMES, NAMES, cohesion, rows
from broadsheet.html.split.learned import choose, cut_tree, second_stage, title_block
from broadsheet.models.trees import Thresholds
from broadsheet.values import ContentType, Page

DUMP = resources.files("broadsheet.samples").joinpath("pages/two-stories.txt").read_text()


def _paragraphs(opening: str) -> list[str]:
    """The prose of one of the dump's stories, from the line that opens it."""
    lines = [line for line in DUMP.splitlines() if len(line) > 60]
    start = next(i for i, line in enumerate(lines) if line.startswith(opening))
    end = next((i for i in range(start, len(lines)) if lines[i].startswith("Librarian of Oakhaven")), len(lines))
    return lines[start:end]


FERRY = _paragraphs("A strike by deckhands")
LIBRARY = _paragraphs("The public library of Oakhaven")


def _story(title: str, paragraphs: list[str], tag: str, heading: str = "h1") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f'<{tag} class="story"><{heading}>{title}</{heading}><p class="byline">By Ruth Amery</p>{body}</{tag}>'


def _page(*stories: str) -> str:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Weather", "Opinion"))
    return (
        "<html><head><title>Ferry strike cuts off three islands - The Sound</title></head><body>"
        f"<nav><ul>{menu}</ul></nav><main>{''.join(stories)}</main>"
        '<footer><p>Contact the desk</p><a href="/imprint">Imprint</a></footer></body></html>'
    )


def _cuts(html: str) -> list[str]:
    tree = scan(html)
    return [tree.blocks[at].text for at in cut_tree(tree, element_arrays(tree, lexicon()))]


TWO = (_story("Ferry strike cuts off three islands", FERRY, "article"), _story("Tools on loan", LIBRARY, "article"))


def test_two_long_stories_in_a_row_are_cut_at_the_second() -> None:
    stories = (
        _story("Ferry strike cuts off three islands", FERRY * 3, "article"),
        _story("Tools on loan", LIBRARY * 3, "article"),
    )
    assert _cuts(_page(*stories)) == ["Tools on loan"]


@pytest.mark.parametrize("story", TWO)
def test_one_story_is_left_whole(story: str) -> None:
    assert _cuts(_page(story)) == []


def test_each_story_of_a_cut_page_has_its_own_fields_and_prose() -> None:
    found = extract_html(Page("https://sound.example/", _page(*TWO), ContentType.HTML, "0" * 64))
    assert [story.headline for story in found.stories] == ["Ferry strike cuts off three islands", "Tools on loan"]
    for story, prose in zip(found.stories, (FERRY, LIBRARY), strict=True):
        texts = [block.text for block in story.body]
        assert texts[0] == prose[0]
        assert set(texts) <= set(prose)
        assert [author.name for author in story.authors] == ["Ruth Amery"]


def _tree() -> Tree:
    return scan(_page(*TWO))


def test_candidates_are_where_much_text_or_a_heading_opens_with_text_on_both_sides() -> None:
    tree = _tree()
    found = rows(tree, element_arrays(tree, lexicon()))
    total = found.sizes.total
    assert "Tools on loan" in [tree.blocks[i].text for i in found.blocks]
    assert all(total[i] >= 50 and total[-1] - total[i] >= 50 for i in found.blocks)
    assert found.matrix.shape == (len(found.blocks), len(NAMES))
    assert np.isfinite(found.matrix).all()


def test_the_second_stage_sees_rivals_tree_and_words() -> None:
    tree = _tree()
    found = rows(tree, element_arrays(tree, lexicon()))
    words = cohesion(tree, found)
    assert words.shape == (len(found.blocks), len(COHESION_NAMES))
    matrix = second_stage(tree, found, np.linspace(0.1, 0.9, len(found.blocks)))
    assert matrix.shape[0] == len(found.blocks)
    assert np.isfinite(matrix).all()


def test_the_strongest_cut_first_and_none_too_near() -> None:
    tree = scan("<body>" + "".join(f"<p>{text}</p>" for text in FERRY * 4))
    sizes = rows(tree, element_arrays(tree, lexicon())).sizes
    blocks = np.arange(1, len(sizes.words) - 1)
    scores = np.full(len(blocks), 0.01)
    scores[[4, 5, 20]] = (0.5, 0.9, 0.3)
    assert choose(blocks, scores, sizes, Thresholds(0.95, 0.2)) == []
    assert choose(blocks, scores, sizes, Thresholds(0.8, 0.2)) == [6, 21]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<h1>Upper</h1><p>Text</p><h2>Lower</h2>", "Upper"),
        ("<p>Date</p><h2>Second</h2><p>Text</p>", "Second"),
        ("<div>Bare line</div><p>Text</p>", "Bare line"),
    ],
)
def test_the_headline_of_a_stretch(html: str, title: str) -> None:
    tree = scan(f"<body>{html}</body>")
    at = title_block(tree, 0, len(tree.blocks))
    assert at is not None
    assert tree.blocks[at].text == title


@pytest.mark.parametrize("html", ["", "<p>One", "<h1>A</h1>" * 50, "<div>" * 400 + "x" + "</div>" * 400])
def test_pages_of_little_text_are_not_cut(html: str) -> None:
    assert _cuts(html) == []
