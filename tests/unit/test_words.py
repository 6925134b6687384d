"""Words of any script: counted, folded, parted into sentences."""

import pytest

from broadsheet.text.words import count_words, ends_sentence, first_sentence, fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("Two words", 2),
        ("a well-known editor's note", 4),
        ("before—after", 2),
        ("東京で地震", 5),
        ("スマホ news", 4),
        ("한국 뉴스 기사", 3),
        ("यह हिन्दी है", 3),
        ("هذا خبر قصير", 3),
        ("ข่าวท่าเรือวันนี้", 3),
    ],
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_folding_forgets_case_and_punctuation_only() -> None:
    assert fold("“Ferry Strike” — over!") == fold("ferry strike over")
    assert fold("Ferry strike") != fold("Ferry strikes")


@pytest.mark.parametrize(
    "text", ["Done.", "Really?", "He said “yes.”", "終わった。", "انتهى؟", "समाप्त।", "end…", "(so.)"]
)
def test_a_sentence_ends_in_any_script(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["A Title", "Diplomacy", "", "1.5 million"])
def test_a_title_does_not_end_as_a_sentence(text: str) -> None:
    assert not ends_sentence(text)


def test_the_first_sentence_is_not_an_abbreviation() -> None:
    assert first_sentence("Mr. Inge opened the mill. It turned.") == "Mr. Inge opened the mill."
    assert (
        first_sentence("停运三十八年的山谷小火车将于今年六月恢复载客。票已售完。")
        == "停运三十八年的山谷小火车将于今年六月恢复载客。"
    )
    assert first_sentence("no stop at all") == "no stop at all"
