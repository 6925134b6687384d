"""The columns over a dump's lines: words in any script, cohesion counted as its definition says."""

import random

import numpy as np
import pytest

from broadsheet.cohesion.lexicon import EMPTY, learn
from broadsheet.cohesion.lines import FAR, Lines, read
from broadsheet.cohesion.signs import OWN_NAMES
from broadsheet.cohesion.windows import around, crossing, shifted
from broadsheet.dump.features import base
from broadsheet.native.tokens import keys, read_texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two ferries left the old harbour", 6),
        ("Die Fähre fährt um 7 Uhr", 6),
        ("港口的渡轮今天早上停航了", 6.6),
        ("เรือข้ามฟากหยุดให้บริการ", 4.8),
        ("नाव सेवा आज बंद है", 5),
        ("السفينة غادرت الميناء", 3),
        ("…", 0),
    ],
)
def test_words_are_counted_or_estimated(text: str, words: float) -> None:
    assert read_texts([text], {})[0][0] == pytest.approx(words, abs=0.3)


def test_keys_fold_case_and_endings_and_pair_characters_without_spaces() -> None:
    assert len(set(keys("Harbours HARBOURS"))) == 1
    assert keys("Government") == keys("governments")
    assert keys("渡轮停航") == ["渡轮", "轮停", "停航"]


def _made(seed: int, count: int) -> Lines:
    rng = random.Random(seed)
    vocabulary = [f"word{n}" for n in range(60)]
    texts = [" ".join(rng.choices(vocabulary, k=rng.randint(1, 9))) for _ in range(count)]
    return read(texts, [rng.randint(0, 3) for _ in texts], EMPTY)


@pytest.mark.parametrize(("back", "ahead"), [(5, 5), (12, 30), (FAR // 2, FAR // 2)])
def test_cohesion_counts_the_keys_that_both_windows_hold(back: int, ahead: int) -> None:
    lines = _made(back, 40)
    told = [key for text in lines.texts for key in dict.fromkeys(keys(text))]
    shared = crossing(lines, back, ahead, np.ones(len(told)))
    for line, start in enumerate(lines.starts.tolist()):
        before, after = set(told[max(0, start - back) : start]), set(told[start : start + ahead])
        assert shared[line] == pytest.approx(len(before & after))


@pytest.mark.parametrize(("start", "end"), [(0, 40), (0, 7), (12, 40), (5, 30), (9, 10)])
def test_a_part_is_seen_as_if_it_were_the_whole_dump(start: int, end: int) -> None:
    texts = list(_made(3, 40).texts)
    blanks = [n % 4 for n in range(40)]
    part = read(texts, blanks, EMPTY).part(start, end)
    alone = read(texts[start:end], [0, *blanks[start + 1 : end]], EMPTY)
    assert part.texts == alone.texts
    assert np.array_equal(base(part).matrix(), base(alone).matrix())


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Two ferries left. Why? (No one knew.)", {"stops": 3, "ends": 1, "digit_start": 0}),
        ("3 boats, 12 men", {"digit_start": 1, "digits": 3 / 15, "commas": 1 / 4, "ends": 0}),
        ("渡轮停航。港口关闭。", {"stops": 2, "ends": 1}),
        ("« Non », dit-elle", {"quotes": 2 / 3, "upper": 1 / 17}),
        ("Version 1.5.2 is out...", {"stops": 1, "ends": 1}),
        ("\U0001f600 a \ud800", {"upper": 0, "chars": 5}),
    ],
)
def test_signs_of_a_line_are_counted(text: str, signs: dict[str, float]) -> None:
    row = dict(zip(OWN_NAMES, read(["Before it.", text, "After"], [0, 0, 0], EMPTY).own[1], strict=True))
    assert {name: row[name] for name in signs} == pytest.approx(signs)


@pytest.mark.parametrize("span", [1, 3, 9, 50])
def test_sums_over_lines_ahead_and_behind(span: int) -> None:
    values = np.arange(9, dtype=float)
    assert around(values, span, True).tolist() == [values[i : i + span].sum() for i in range(9)]
    assert around(values, span, False).tolist() == [values[max(0, i - span) : i].sum() for i in range(9)]


def test_shifted_columns_are_filled_beyond_the_ends() -> None:
    column = np.array([1.0, 2.0, 3.0])
    assert shifted(column, 1).tolist() == [2, 3, -1]
    assert shifted(column, -2, 0.0).tolist() == [0, 0, 1]
    assert shifted(column, 7).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("texts", [["—"], ["…", "***"], ["One line."], ["same", "same", "same"]])
def test_any_dump_has_finite_features(texts: list[str]) -> None:
    matrix = base(read(texts, [0] * len(texts), EMPTY)).matrix()
    assert matrix.shape[0] == len(texts)
    assert np.isfinite(matrix).all()


def test_lexicon_learns_places_from_several_sites_only() -> None:
    lines = [(f"site{n}", place, [word]) for n in range(6) for place, word in enumerate(("menu", "harbour", "imprint"))]
    lexicon = learn([*lines, ("site0", 2, ["rare"])], sites_at_least=4)
    (menu, imprint, rare) = read_texts(["menu", "imprint unknown", "rare"], lexicon.weights)[3].tolist()
    assert menu[0] > 0 > menu[2]
    assert imprint[2] > 0
    assert rare == [0.0, 0.0, 0.0]
