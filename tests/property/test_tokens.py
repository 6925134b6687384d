"""The words of lines: what C and Python tell of them is the same in every number."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cohesion.lexicon import load_lexicon
from broadsheet.cohesion.tokens import read_texts
from tests.reference import tokens

LEXICON = load_lexicon("split_lexicon")
SIGNS = "abXYZ019_ '’\u0301\u0904éİßΣ市議の กข\u1000ー😀\ud800\0.,-\n\u0085\uffff\U0010ffff"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=60) | st.text(max_size=40)
KNOWN = st.lists(st.sampled_from(sorted(LEXICON.weights)), max_size=20).map(" ".join)


@given(st.lists(TEXTS | KNOWN, max_size=8))
def test_words_are_read_as_by_the_reference(texts: list[str]) -> None:
    for one, other in zip(read_texts(texts, LEXICON), tokens.read_texts(texts, LEXICON), strict=True):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        assert one.tobytes() == other.tobytes()


@given(st.lists(TEXTS, max_size=8))
def test_each_key_counts_once_a_text(texts: list[str]) -> None:
    found = read_texts(texts, LEXICON)
    assert found.counts.sum() == len(found.ids) == len(found.capital)
    at = 0
    for count in found.counts.tolist():
        assert len(set(found.ids[at : at + count].tolist())) == count
        at += count
    assert set(found.ids.tolist()) == set(range(len(found.short)))
