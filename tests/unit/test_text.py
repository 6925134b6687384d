"""What tidying keeps, what it takes away, and that it does both once only."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.text.tidy import repair_mojibake, tidy


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("two\u00a0words \t and\n more", "two words and more"),
        ("thin\u2009space, ideographic\u3000space", "thin space, ideographic space"),
        ("soft\u00adhyphen, zero\u200bwidth, \ufeffmark", "softhyphen, zerowidth, mark"),
        ("plain \x00control\x07 characters", "plain control characters"),
        ("e\u0301cole", "école"),
        ("\u202aembedded\u202c left to right", "embedded left to right"),
        ("&amp;quot;twice&amp;quot; &amp;amp; &#8217;once&#8217;", '"twice" & ’once’'),
        ("a &lt;b&gt; tag and AT&T", "a &lt;b&gt; tag and AT&T"),
    ],
)
def test_what_cannot_be_seen_goes_and_words_stay(given_text: str, shown: str) -> None:
    assert tidy(given_text) == shown


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क\u094d\u200dष", "שלום \u200f(אחד)", "👩\u200d👧"])
def test_what_a_script_spells_with_stays(text: str) -> None:
    assert tidy(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("itâ€™s a cafÃ©", "it’s a café"),
        ("â€œquotedâ€\x9d text", "“quoted” text"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
    ],
)
def test_utf8_read_as_windows_1252_is_undone(broken: str, whole: str) -> None:
    assert repair_mojibake(broken) == whole


@pytest.mark.parametrize("honest", ["à la carte «été»", "SÃO PAULO", "Ça va — très bien", "naïve façade", "Großmäuler"])
def test_honest_accents_are_left_alone(honest: str) -> None:
    assert repair_mojibake(honest) == honest


@given(st.text())
def test_tidying_is_nfc_and_free_of_double_space(text: str) -> None:
    shown = tidy(text)
    assert unicodedata.is_normalized("NFC", shown)
    assert shown == " ".join(shown.split())
