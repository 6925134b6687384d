"""What a text names is found as a place, and as the right one; what only looks like one is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.places import Place, find
from broadsheet.places.table import CITY, table
from tests.places.texts import TEXTS, read

LEAST_PRECISION, LEAST_RECALL = 0.9, 0.9
"""Over all scripts together."""


def named(text: str) -> list[str]:
    return [text[place.start : place.end] for place in find(text)]


def only(text: str) -> Place:
    (place,) = find(text)
    return place


def test_places_are_found_in_all_scripts_and_in_their_countries() -> None:
    right = wrong = missed = 0
    for marked in TEXTS.values():
        text, places = read(marked)
        found = [(place.start, place.end, place.country) for place in find(text)]
        hits = [one for one in found if any(one[0] < end and start < one[1] for start, end, _ in places)]
        assert {country for *_, country in hits} <= {country for *_, country in places}
        right, wrong = right + len(hits), wrong + len(found) - len(hits)
        missed += sum(not any(one[0] < end and start < one[1] for one in found) for start, end, _ in places)
    assert right / (right + wrong) >= LEAST_PRECISION
    assert right / (right + missed) >= LEAST_RECALL


@pytest.mark.parametrize("script", TEXTS)
def test_no_script_is_unread(script: str) -> None:
    assert find(read(TEXTS[script])[0])


@pytest.mark.parametrize(
    ("text", "country", "subdivision"),
    [
        ("The mayor of Paris, Texas, spoke.", "US", "Texas"),
        ("The mayor of Paris spoke.", "FR", "Île-de-France"),
        ("A fire broke out in London, Ontario.", "CA", "Ontario"),
        ("A fire broke out in Birmingham, Ala., on Monday.", "US", "Alabama"),
    ],
)
def test_what_follows_says_which_one_is_meant(text: str, country: str, subdivision: str) -> None:
    first = find(text)[0]
    assert (first.country, first.subdivision) == (country, subdivision)


def test_other_places_of_the_text_say_which_one_is_meant() -> None:
    text = "Ohio and Cincinnati are far from here, she said in Dayton. The train left Dayton for Columbus, Ohio."
    assert {place.country for place in find(text)} == {"US"}


def test_a_name_means_the_same_place_all_through_a_text() -> None:
    places = find("In Paris, Texas, a bridge fell. The river at Paris had risen for days, and Paris was cut off.")
    assert {(place.country, place.lat) for place in places if place.name == "Paris"} == {("US", places[0].lat)}
    assert len([place for place in places if place.name == "Paris"]) == 3


@pytest.mark.parametrize(
    "text",
    [
        "Reading the report took an hour. She read it twice.",
        "Nice weather, he said. It was nice.",
        "Mobile phones are sold here.",
        "He met Mr. Lincoln and Ms. Florence Lincoln there.",
        "On Monday the Police said that March was wet.",
        "nothing here begins with a capital, not even paris",
        "",
        "\n \t",
        "Ж 5 ½ — …",
    ],
)
def test_words_and_names_of_people_are_no_towns(text: str) -> None:
    assert named(text) == []


def test_a_place_is_told_with_what_is_known_of_it() -> None:
    place = only("She lives in Bergen.")
    assert (place.name, place.kind, place.country, place.start, place.end) == ("Bergen", "city", "NO", 13, 19)
    assert place.geonames_id == 3161732
    assert abs(place.lat - 60.39) < 0.1
    assert abs(place.lon - 5.32) < 0.1
    assert only("She lives in Norway.").kind == "country"
    assert only("She lives in Texas.").kind == "subdivision"
    assert only("She lives in Europe.").country is None


def test_adjectives_and_short_names_mean_their_country() -> None:
    assert [place.country for place in find("The Turkish and the U.S. ministers met the UK minister.")] == [
        "TR",
        "US",
        "GB",
    ]


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Paris", "Ohio", "of", "北京", "دبي", "Ё", ",", "."])).map(" ".join)
)
def test_any_text_has_places_in_order_or_none(text: str) -> None:
    places = find(text)
    assert places == find(text)
    ends = [0, *(place.end for place in places)]
    assert all(end <= place.start < place.end <= len(text) for end, place in zip(ends, places, strict=False))


def test_a_name_in_each_word_is_read() -> None:
    assert len(find("Paris London Texas Norway " * 2_000)) > 1_000


def test_the_table_is_whole() -> None:
    known = table()
    rows = len(known.kind)
    assert len(known.starts) == len(known.names) + 1
    assert max(known.candidates) < rows
    assert {len(column) for column in (known.lat, known.lon, known.population, known.country, known.geonames)} == {rows}
    assert len(known.label_starts) == rows + 1
    assert max(known.kind) == CITY
    assert max(known.country) < len(known.codes)
