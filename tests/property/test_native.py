"""What the core does in C is what short Python does, whatever they are given."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from broadsheet.html.body.scores import lexicon
from broadsheet.html.scan import elements, tree
from broadsheet.html.scan.hints import masks_of, words_of_names
from broadsheet.html.scan.tree import Tree
from broadsheet.native import guard as native
from broadsheet.native.lexbor import Document
from tests.golden.cases import case_names, case_page
from tests.reference import guard
from tests.reference.texts import naming_weight
from tests.reference.walk import Walk

_TAG_NAMES = """p div span a br hr pre h1 h2 li ul td tr table article section nav time meta link script title img base
svg math template noscript code b i x-card font-face annotation-xml path foreignObject input style html body head source
select textarea plaintext iframe frameset"""
TAGS = _TAG_NAMES.split()
_ATTRIBUTE_NAMES = """class id role itemprop property style hidden aria-hidden href content datetime src rel type name
http-equiv lang data-x xlink:href data-a-very-long-name-of-an-attribute"""
ATTRIBUTES = _ATTRIBUTE_NAMES.split()
VALUES = st.sampled_from(
    [
        "",
        "a",
        "true",
        "dialog",
        "alertdialog",
        "display:none",
        "display: block",
        "application/ld+json",
        "headline",
        "adBanner storyBody",
        "HTMLParser é ",
        "og:title",
        "canonical",
        "stylesheet",
        "2026-01-02",
        "x" * 400,
    ]
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            " ",
            "\n\t ",
            "\xa0",
            "\u2003 a \u3000",
            "\x1c\x85b",
            "&nbsp;",
            "&#0;",
            "&#x2028;",
            "a  b",
            "日本語 文",
            "😀\u200b",
        ]
    ),
)


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Tags, texts and comments in any order, mostly unclosed."""
    parts = []
    for _ in range(draw(st.integers(0, 40))):
        kind = draw(st.integers(0, 9))
        if kind < 5:
            attributes = draw(st.lists(st.tuples(st.sampled_from(ATTRIBUTES), VALUES), max_size=4))
            said = "".join(f' {name}="{value}"' if value else f" {name}" for name, value in attributes)
            parts.append(f"<{draw(st.sampled_from(TAGS))}{said}>")
        elif kind < 7:
            parts.append(f"</{draw(st.sampled_from(TAGS))}>")
        elif kind < 8:
            parts.append(draw(st.sampled_from(["<!-- x -->", "<![CDATA[x]]>", "<?x?>", "<br> <br>", "<br><br>"])))
        else:
            parts.append(draw(TEXTS))
    return "".join(parts)


def seen(page: Tree) -> dict[str, Any]:
    """All that a tree holds, with what its nodes say in their place."""
    head = page.head
    return {
        "elements": [tuple(element) for element in page.elements],
        "ends": page.ends,
        "blocks": [tuple(block) for block in page.blocks],
        "anchors": [anchor.attributes for anchor in page.anchors],
        "pictures": [(picture.block, picture.owner, picture.element.attributes) for picture in page.pictures],
        "code": page.code,
        "head": [head.title, head.lang, head.base, head.canonical, head.metas, head.rels, head.json_ld, head.times],
        "root": head.attributes,
        "props": [(prop.name, prop.value, prop.block, prop.element.text()) for prop in head.props],
    }


def same_walk(page: str) -> None:
    data = page.encode("utf-8", "replace")
    in_c, in_python = tree._walked(Document(data)), Walk(LexborHTMLParser(data, scripting=True)).tree()
    assert seen(in_c) == seen(in_python)
    columns = in_c.columns or elements._columns(in_c)
    made = elements._columns(in_python)
    assert (columns.tags, columns.names) == (made.tags, made.names)
    assert np.array_equal(columns.table, made.table)


@given(markup())
def test_the_walk(page: str) -> None:
    same_walk(page)


@pytest.mark.parametrize("name", [name for name in case_names() if "html" in str(case_page(name).headers)])
def test_the_walk_of_golden_pages(name: str) -> None:
    same_walk(case_page(name).value.decode("utf-8", "replace"))


@given(st.lists(st.one_of(st.text(max_size=30), st.from_regex(r"[a-zA-Z _-]{0,40}"), VALUES)))
def test_names(names: list[str]) -> None:
    from broadsheet.html.scan.hints import _WORDS

    words = words_of_names(names)
    masks = []
    for each in words:
        mask = 0
        for word in each:
            mask |= _WORDS.get(word, 0)
        masks.append(mask)
    assert masks_of(names) == masks
    assert lexicon().table.weights(names) == [naming_weight(each, lexicon()) for each in words]


@given(st.one_of(st.binary(max_size=200), markup().map(lambda page: page.encode("utf-8", "replace"))))
def test_counts_before_the_parser(data: bytes) -> None:
    assert native.tags_and_options(data) == guard.tags_and_options(data)
    assert native.most_open(data) == guard.most_open(data)


def test_counts_of_many_names() -> None:
    data = b"".join(b"<Name%d><b/>" % i for i in range(3000)) + b"</name7>" * 2 + b"<name7>" * 5
    assert native.most_open(data) == guard.most_open(data)
