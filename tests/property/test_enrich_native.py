"""What enriching does in C is what short Python does, for any text."""

from operator import itemgetter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier, visit_counts

from broadsheet.enrich import minhash as hashing
from broadsheet.enrich.classifier import classifier
from broadsheet.native.language import Automaton
from broadsheet.native.minhash import signature
from broadsheet.text.words import fold, fold_start
from tests.reference import minhash

NUMBERS = np.random.default_rng(1).integers(0, 2**64, size=(2, 3), dtype=np.uint64)
ODD = (
    "aß Ⅱ½™№ﬁ…İıΣςͅ\u0301\u0338\u3099かガﾞｶ漢字・한ᄒ\u1161\u11a8ก็นำक्षि\u0430й\u200d\ufe0f🎉"
    "\U0001d400\ud800\udfff\0\u00a0\u2028\u00ad-_'’𖵩"
)
TEXTS = st.text(st.sampled_from(ODD) | st.sampled_from("ab \n") | st.characters(), max_size=60)


@given(text=TEXTS, shingle=st.integers(1, 4), most=st.integers(1, 12))
@example("か" + "\u3099", 1, 1)
@example("a b c\u0301 d", 1, 3)
@example("Straße İstanbul'da ﬁn №5", 1, 9)
@example("one two three four " * 4, 4, 12)
def test_a_signature_is_the_references(text: str, shingle: int, most: int) -> None:
    given_both = (fold(text).encode("utf-8", "replace"), NUMBERS[0], NUMBERS[1], shingle, most)
    assert signature(*given_both) == minhash.signature(*given_both)


def test_a_long_text_is_signed_as_the_reference_does() -> None:
    for text in ("word \u2019 " * 9, "ferry\n" * 2_000_000, "Ünder \u0434ва три " * 4_000, "漢" * 9_000, " " * 100_000):
        numbers = (hashing._FACTORS, hashing._ADDENDS, hashing.SHINGLE_WORDS, hashing.MOST_SHINGLES)
        words = fold_start(text, 6_000).encode("utf-8", "replace")
        assert signature(words, *numbers) == minhash.signature(words, *numbers)


def test_numbers_that_do_not_fit_each_other_are_refused() -> None:
    for factors, addends, shingle, most in [(3, 2, 4, 9), (3, 3, 0, 9), (3, 3, 4, 0), (3, 3, 4, 2**62), (3, 3, -1, 9)]:
        with pytest.raises(ValueError, match="shingles"):
            signature(b"a b c d e", NUMBERS[0][:factors], NUMBERS[1][:addends], shingle, most)


@pytest.fixture(scope="module")
def plain() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def ranked(text: str) -> list[tuple[str, float]]:
    """As the library's `rank`: each language once, the likeliest first."""
    likely: dict[str, float] = {}
    for language, score in zip(classifier().languages, classifier().likelihoods(text).tolist(), strict=True):
        likely.setdefault(language, score)
    return sorted(likely.items(), key=itemgetter(1), reverse=True)


@given(text=st.text(max_size=300) | TEXTS)
@example("")
@example("THE FERRY WAS LATE AGAIN, and nobody knew why: \ud800\udfff\0")
@example("Паром опять опоздал, и никто не знал почему. " * 9)
def test_the_language_is_the_models_to_the_last_bit(plain: LanguageIdentifier, text: str) -> None:
    assert ranked(text) == plain.rank(text)
    assert classifier().classify(text) == plain.classify(text)


@given(text=st.binary(max_size=600) | st.binary(min_size=90).map(lambda some: some * 9))
def test_every_feature_counts_as_the_model_counts_it(plain: LanguageIdentifier, text: bytes) -> None:
    counts, rows = classifier().automaton.visited(text)
    seen = visit_counts(plain.tk_nextmove, plain._rowbase, plain.tk_output, text) or {}
    assert counts.tolist() == list(seen.values())
    assert rows.tobytes() == plain.nb_ptc[list(seen)].astype(np.float32).tobytes()


@given(
    steps=st.lists(st.integers(0, 4), min_size=256 * 3, max_size=256 * 3),
    rows=st.permutations([0, 0, 1, 2, 2]),
    text=st.binary(max_size=400),
)
def test_an_automaton_that_remembers_everything_is_walked_too(steps: list[int], rows: list[int], text: bytes) -> None:
    outputs = np.array([0, -1, 1, 2, 3], np.int32)
    halves = np.arange(8, dtype=np.float16).reshape(4, 2)
    walked = Automaton(np.array(steps, np.uint32), np.array(rows, np.uint16), outputs, halves.view(np.uint16))
    counts, found = walked.visited(text)
    seen = visit_counts(steps, [row << 8 for row in rows], outputs.tolist(), text) or {}
    assert counts.tolist() == list(seen.values())
    assert found.tolist() == halves[list(seen)].tolist()


@pytest.mark.parametrize(
    ("moves", "rows", "outputs"),
    [([5] * 256, [0] * 5, [-1] * 5), ([0] * 256, [1], [-1]), ([0] * 256, [0], [3]), ([0] * 256, [0], []), ([], [], [])],
)
def test_an_automaton_that_leads_out_of_itself_is_refused(
    moves: list[int], rows: list[int], outputs: list[int]
) -> None:
    with pytest.raises(ValueError, match=r"state|row"):
        Automaton(
            np.array(moves, np.uint32), np.array(rows, np.uint16), np.array(outputs, np.int32), np.zeros((3, 2), "u2")
        )


def test_the_language_of_a_long_text(plain: LanguageIdentifier) -> None:
    text = "The ferry was late again, and nobody knew why. \u0130\u0301 " * 20_000
    assert ranked(text) == plain.rank(text)
