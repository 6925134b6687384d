"""What is done in C gives what short Python gives, whatever comes in."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from broadsheet.cohesion import windows
from broadsheet.cohesion.lexicon import EMPTY
from broadsheet.cohesion.lines import FAR, Lines
from broadsheet.cohesion.tokens import read_texts
from broadsheet.html.body import features
from broadsheet.html.body import scores as body
from broadsheet.html.body.scores import DOUBTFUL, LONELY, LONELY_REACH, THRESHOLD, lexicon
from broadsheet.html.refuse import decision
from broadsheet.html.scan import elements
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Run, scan
from broadsheet.html.split import features as tree_features
from broadsheet.models.trees import Trees
from broadsheet.native import branches, columns, crossing, figures, settling
from broadsheet.native import elements as native_elements
from broadsheet.native import features as native
from broadsheet.native import texts as native_texts
from broadsheet.native.trees import Forest
from broadsheet.text.words import folded_words
from tests.reference import branches as reference_branches
from tests.reference import elements as reference_elements
from tests.reference import figures as reference_figures
from tests.reference import rows as reference_rows
from tests.reference import texts as reference_texts
from tests.reference import tokens
from tests.reference.questions import Questions
from tests.reference.settled import settled

ODD = "aZé'’.,;!?…»)\"” \n\0_0٣ß\u0130Σςǅ\u0301\u0591\u093e\u060c\u3001\uff0c\u3002\u0e01\u3042漢字𐐀\ud800$€₹"
"""Letters that Unicode treats in ways of their own, what is counted, and strings of all widths."""
texts = st.one_of(
    st.text(alphabet=ODD, min_size=1, max_size=60),
    st.text(min_size=1, max_size=40),
    st.sampled_from([
        "The council met on Tuesday and, for once, nobody came to speak. " * 4,
        "Der Hafen bleibt, so der Senat, für Fähren geschlossen. " * 5,
        "議会は火曜日に開かれた、しかし誰も来なかった。" * 12,
        "ห้องสมุดเปิดทุกวัน" * 12,
        "5 EUR", "5EURO", "zł 5", "$ 5", "5\u00a0kr.", "12,99 €", "٣ руб",
    ]),
)  # fmt: skip
tags = st.sampled_from(
    ["p", "div", "h1", "h2", "h3", "li", "article", "section", "a", "table", "td", "aside", "span", "time", "img"]
)
names = st.sampled_from(["", "comment", "article-body", "related", "footer nav", "byline author", "card promo"])


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page of elements that open, hold text and are closed in any order."""
    parts = [
        f"<title>{draw(texts)}</title><meta name=description content='{draw(st.sampled_from(['', 'The council']))}'>"
    ]
    for tag, name, text, closed in draw(st.lists(st.tuples(tags, names, texts, st.booleans()), max_size=60)):
        parts.append(f"<{tag} class='{name}'>{text * draw(st.integers(1, 3))}{f'</{tag}>' if closed else ''}")
    return "".join(parts)


@st.composite
def forests(draw: st.DrawFn) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
    """Trees and rows for them: many numbers stand on a limit, some are none."""
    random = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    trees, depth, columns, rows = (draw(st.integers(1, most)) for most in (12, 6, 9, 40))
    inner = (1 << depth) - 1
    limits = np.array([-np.inf, -1.5, 0.0, 0.1, 3.0, np.inf], dtype=np.float32)
    return (
        random.integers(0, columns, (trees, inner)).astype(np.int32),
        random.choice(limits, (trees, inner)),
        random.normal(0, 3, (trees, inner + 1)),
        random.choice(np.append(limits, np.float32(np.nan)), (rows, columns)),
    )


@given(forests())
def test_forest(
    drawn: tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]],
) -> None:
    feature, limit, value, rows = drawn
    forest, questions = Forest(feature, limit, value), Questions(feature, limit, value)
    found, wanted, lying, copied = (np.full(len(rows), 9.0) for _ in range(4))
    forest.margins(rows, found)
    questions.margins(rows, wanted)
    forest.margins(np.asfortranarray(rows), lying)
    pickle.loads(pickle.dumps(forest)).margins(rows, copied)
    assert found.tolist() == wanted.tolist() == lying.tolist() == copied.tolist()
    trees = Trees(tuple(map(str, range(rows.shape[1]))), feature, limit.astype(np.float64), value)
    assert trees.score(rows).tolist() == (1.0 / (1.0 + np.exp(-wanted))).tolist()


def test_a_forest_reads_no_column_that_is_not_there() -> None:
    feature, limit, value = np.array([[0, 5, 1]], np.int32), np.zeros((1, 3), np.float32), np.zeros((1, 4))
    with pytest.raises(ValueError, match="columns"):
        Forest(feature, limit, value).margins(np.zeros((2, 5), np.float32), np.zeros(2))
    with pytest.raises(ValueError, match="sums"):
        Forest(feature, limit, value).margins(np.zeros((2, 6), np.float32), np.zeros(1))
    with pytest.raises(ValueError, match="columns"):
        Forest(-feature, limit, value)
    with pytest.raises(ValueError, match="leaf"):
        Forest(feature, limit, value[:, :3].copy())
    with pytest.raises(ValueError, match="binary"):
        Forest(feature[:, :2], limit[:, :2], value[:, :3].copy())


@given(st.lists(st.tuples(texts, st.integers(0, 400), st.booleans()), min_size=1, max_size=12), texts, texts)
def test_the_numbers_of_texts(drawn: list[tuple[str, int, bool]], title: str, description: str) -> None:
    blocks = [Run(text, 0, linked, (), 0) for text, linked, _ in drawn]
    naming = np.linspace(-1, 1, len(blocks), dtype=np.float32)
    levels = np.array([level for _, _, level in drawn], dtype=np.int64)
    asked = (blocks, naming, levels, title + blocks[0].text, description + blocks[-1].text)
    assert figures.prices(blocks) == reference_figures.prices(blocks)
    kept = list(range(0, len(blocks), 2))
    assert figures.sizes(blocks, kept) == reference_figures.sizes(blocks, kept)
    weights = lexicon().text | {"^a": 0.5, "a": 0.25, "é": 1.5}
    assert np.array_equal(native_texts.text_numbers(*asked, weights), reference_texts.text_numbers(*asked, weights))


def test_every_character_is_counted_as_by_the_twin() -> None:
    for first in range(0, 0x11000, 0x400):
        chars = [chr(code) for code in range(first, first + 0x400)]
        blocks = [
            Run(text, 0, 0, (), 0) for c in chars for text in (f"a {c} b c d e.{c}", f"5{c}", f"{c} 5", f"5kr{c}")
        ]
        zeros = np.zeros(len(blocks), dtype=np.float32)
        asked = (blocks, zeros, np.ones(len(blocks), dtype=np.int64), "", "")
        weights = {"b": 0.5, "^a": 0.25, "a b": 2.0}
        assert np.array_equal(native_texts.text_numbers(*asked, weights), reference_texts.text_numbers(*asked, weights))
        _same_words([text for c in chars for text in (c, f"x{c}Y'{c}s", f"{c}{c} A{c}")])


@given(st.lists(st.one_of(texts, st.text(alphabet="aA'’\u0301\u0e01漢bΣ ", max_size=50)), min_size=1, max_size=8))
def test_words(drawn: list[str]) -> None:
    _same_words(drawn)


def test_many_words_and_long_ones() -> None:
    _same_words([" ".join(f"w{i * 7919 % 5003}" for i in range(20_000)), "\u0130" * 9 + " " + "x" * 100_000, ""])


def _same_words(drawn: list[str]) -> None:
    for found, wanted in zip(read_texts(drawn, EMPTY), tokens.read_texts(drawn, EMPTY), strict=True):
        assert found.dtype == wanted.dtype
        assert found.tolist() == wanted.tolist()


@settings(deadline=None)
@given(pages(), st.data())
def test_the_rows_of_a_page(html: str, data: st.DataObject) -> None:
    tree = scan(html)
    el = element_arrays(tree, lexicon())
    lo = data.draw(st.integers(0, len(tree.blocks)))
    hi = data.draw(st.integers(lo, len(tree.blocks)))
    for start, end in ((0, len(tree.blocks)), (lo, hi)):
        found = features.page_rows(tree, lexicon(), start, end, el)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(native, "rows", reference_rows.rows)
            wanted = features.page_rows(tree, lexicon(), start, end, el)
        assert found.index.tolist() == wanted.index.tolist()
        assert np.array_equal(found.matrix, wanted.matrix)


@given(st.lists(st.sampled_from([0.0, 0.2, 0.3, 0.44, THRESHOLD, 0.6, 0.65, 0.9]), min_size=3, max_size=40))
def test_settled_scores(drawn: list[float]) -> None:
    scores = np.array(drawn)
    found = settling.settled(scores, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)
    assert found.tolist() == settled(scores).tolist()
    assert scores.tolist() == drawn


@given(st.lists(st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.9]), max_size=20), st.data())
def test_scores_of_the_blocks_that_have_a_row(drawn: list[float], data: st.DataObject) -> None:
    count = data.draw(st.integers(len(drawn), 40))
    index = np.array(sorted(data.draw(st.permutations(range(count)))[: len(drawn)]), dtype=np.int64)
    found = body._judged(index, np.array(drawn), count)
    wanted = np.zeros(count)
    wanted[index] = drawn
    assert found.tolist() == settled(wanted).tolist()
    for odd in (-1, count):
        with pytest.raises(IndexError):
            settling.judged(np.array([odd]), np.zeros(1), count, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)
    with pytest.raises(ValueError, match="chance"):
        settling.judged(index, np.zeros(len(drawn) + 1), count, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)


@settings(deadline=None)
@given(pages())
def test_the_elements_of_a_page(html: str) -> None:
    tree = scan(html)
    el = element_arrays(tree, lexicon())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "derived", reference_elements.derived)
        wanted = element_arrays(tree, lexicon())
    for name in ("tag", "level", "near_hints", "all_hints", "all_flags", "signature", "naming", "order"):
        found, told = getattr(el, name), getattr(wanted, name)
        assert found.dtype == told.dtype
        assert np.array_equal(found, told)
    owner, _ = columns.columns(tree.blocks)
    level, naming = columns.owned(owner, el.table, el.told, el.naming)
    assert level.tolist() == reference_rows.levels(el, owner).tolist()
    assert naming.tolist() == el.naming[owner, 0].tolist()
    scores = np.resize([0.9, 0.1, 0.46], len(tree.blocks))
    asked = (tree.blocks, el.table, el.told, decision._CODES, decision._BITS)
    assert figures.counted(*asked) == reference_figures.counted(*asked)
    assert figures.weighed(scores, THRESHOLD, 0.2, 0.7) == reference_figures.weighed(scores, THRESHOLD, 0.2, 0.7)
    if len(scores):
        kept = owner[scores >= THRESHOLD]
        assert settling.hinted(tree.blocks, 0, scores, THRESHOLD, el.all_hints) == np.bitwise_or.reduce(
            el.all_hints[kept]
        )


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(1, 20), st.integers(1, 20), st.data())
def test_what_crosses_lines(counts: list[int], back: int, ahead: int, data: st.DataObject) -> None:
    owner, starts = np.repeat(np.arange(len(counts)), counts), np.cumsum(np.array(counts)) - np.array(counts)
    count = len(owner)
    before = np.array([data.draw(st.sampled_from([-FAR, *range(at)])) for at in range(count)], dtype=np.int64)
    weight = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.7, 1.3]), min_size=count, max_size=count)))
    none = np.zeros(0)
    lines = Lines(
        ("",) * len(counts), none, none, none, none, starts, owner, before > 0, before > 0, before,
        before, before, before, before, before,
    )  # fmt: skip
    found = windows.crossing(lines, back, ahead, weight)
    late = np.flatnonzero((before >= 0) & (weight > 0))
    assert found.tolist() == windows.Windows(lines).crossing(back, ahead, late, weight).tolist()
    with pytest.raises(ValueError, match="lengths"):
        crossing.crossing(before, owner, weight[1:], back, ahead, len(counts))
    if found.any():
        with pytest.raises(IndexError):
            crossing.crossing(before, owner - len(counts), weight, back, ahead, len(counts))


def test_elements_that_are_none() -> None:
    tree = scan("<div class=a><p>One</p></div>")
    assert tree.columns is not None
    table, tags, names = tree.columns.table, len(tree.columns.tags), len(tree.columns.names)
    arrays = (elements._FLAG_OF_CODE, elements._LEVEL_OF_CODE, 64, 1)
    for column, value in ((0, tags), (0, -1), (1, 2), (1, -1), (5, names), (5, -1)):
        odd = table.copy()
        odd[column, 2] = value
        with pytest.raises((IndexError, ValueError)):
            native_elements.derived(odd, [0] * tags, [0.0] * names, *arrays)
    for code in (-1, 1 << 40):
        with pytest.raises(IndexError):
            native_elements.derived(table, [code] * tags, [0.0] * names, *arrays)
    with pytest.raises(ValueError, match="columns"):
        native_elements.derived(table[:6].copy(), [0] * tags, [0.0] * names, *arrays)


def test_pages_beyond_the_table_of_logarithms() -> None:
    html = "".join(f"<div><p>{'word ' * (40 + i)}</p><p>No</p></div>" for i in range(300))
    tree = scan(f"<article>{html}</article>")
    el = element_arrays(tree, lexicon())
    found = features.page_rows(tree, lexicon(), arrays=el)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "rows", reference_rows.rows)
        assert np.array_equal(found.matrix, features.page_rows(tree, lexicon(), arrays=el).matrix)
    assert found.matrix[:, features.FEATURE_NAMES.index("goods2")].max() > np.log1p(8192)


@settings(deadline=None)
@given(pages())
def test_the_candidates_of_a_page(html: str) -> None:
    story = "<p>" + "The council met on Tuesday and nobody came. " * 12 + "</p>"
    tree = scan(f"<div>{story}</div>{html}<section><h2>{html[:50]}</h2>{story}</section>")
    el = element_arrays(tree, lexicon())
    found = tree_features.rows(tree, el)
    title = set(folded_words(tree.head.title or ""))
    times = np.array([time.block for time in tree.head.times], dtype=np.int64)
    pictures = np.array([picture.block for picture in tree.pictures], dtype=np.int64)
    wanted = reference_branches.rows(tree, el, title, times, pictures)
    assert found.blocks.tolist() == wanted.blocks.tolist()
    assert np.array_equal(found.matrix, wanted.matrix)
    assert all(np.array_equal(one, other) for one, other in zip(found.sizes, wanted.sizes, strict=True))


def test_what_lies_outside_of_the_page_is_not_read() -> None:
    tree = scan("<div><p>One two three</p><p>Four</p></div>")
    el = element_arrays(tree, lexicon())
    assert len(branches.Page(tree.blocks, el).candidates()) == 0
    for owner in (-1, len(tree.elements)):
        strange = [tree.blocks[0], tree.blocks[1]._replace(owner=owner)]
        with pytest.raises(IndexError):
            branches.Page(strange, el)
        owners = np.array([owner])
        with pytest.raises(IndexError):
            columns.owned(owners, el.table, el.told, el.naming)
        with pytest.raises(IndexError):
            settling.hinted(strange, 0, np.ones(2), THRESHOLD, el.all_hints)
    with pytest.raises(IndexError):
        settling.hinted(tree.blocks, 1, np.ones(2), THRESHOLD, el.all_hints)
    with pytest.raises(IndexError):
        branches.Page(tree.blocks[:1], el)
    for odd in ([("text",)], ["5 EUR"]):
        with pytest.raises(TypeError):
            figures.prices(odd)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="eight"):
        figures.counted(tree.blocks, el.table, el.told, tuple(range(9)), (1,))
    with pytest.raises(TypeError):
        columns.columns([("text",)])  # type: ignore[list-item]
