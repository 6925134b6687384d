"""Furniture, credits, bylines, datelines: told by their own text, and nothing else taken for them."""

import pytest

from broadsheet.enrich.dateline import read_dateline
from broadsheet.text.authors import split_authors
from broadsheet.text.credits import agencies_in, part_credit
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.head_lines import byline_names, is_date_line


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("TT", "text-size-toggle"),
        ("A- A+", "text-size-toggle"),
        ("A A A", "text-size-toggle"),
        ("Facebook Twitter Email 12", "share-bar"),
        ("Share this article", "share-bar"),
        ("分享", "share-bar"),
        ("Advertisement", "advertisement"),
        ("ADVERTISEMENT", "advertisement"),
        ("Реклама", "advertisement"),
        ("Read more", "call-to-action"),
        ("Read more: What the study left out", "call-to-action"),
        ("اقرأ أيضا", "call-to-action"),
        ("続きを読む", "call-to-action"),
        ("Skip to content", "page-control"),
        ("5 min read", "reading-time"),
        ("Lesedauer: 4 Minuten", "reading-time"),
        ("© 2026 The Gazette. All rights reserved.", "copyright"),
        ("* * *", "separator"),
        ("Accept all cookies", "consent"),
    ],
)
def test_furniture_is_named(line: str, kind: str) -> None:
    assert furniture_kind(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Diplomacy",
        "The advertisement was withdrawn after a day.",
        "Share prices fell",
        "At",
        "42",
        "Twitter buys a rival",
        "Related to the case, two more men were held on Monday and let go after an hour of questions.",
        "Read the full ruling as it was given, said the judge, and then tell me where it speaks of boats, please.",
        "停运三十八年的小火车",
    ],
)
def test_a_storys_own_line_is_no_furniture(line: str) -> None:
    assert furniture_kind(line) is None


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("Smoke over the docks, July 24. (Reuters)", "Smoke over the docks, July 24.", "Reuters"),
        ("Smoke over the docks (AFP via Getty Images)", "Smoke over the docks", "AFP via Getty Images"),
        ("Smoke over the docks. Photo: Elin Marsh", "Smoke over the docks.", "Elin Marsh"),
        ("Smoke over the docks. Foto: dpa", "Smoke over the docks.", "dpa"),
        ("Smoke over the docks © Elin Marsh/AFP", "Smoke over the docks", "Elin Marsh/AFP"),
        ("Smoke over the docks. (Elin Marsh/Northwire)", "Smoke over the docks.", "Elin Marsh/Northwire"),
        ("The mayor (left) and the keeper (right)", "The mayor (left) and the keeper (right)", None),
        ("The docks in 1974. (File)", "The docks in 1974. (File)", None),
        ("The docks", "The docks", None),
    ],
)
def test_a_credit_is_parted_from_its_caption(line: str, caption: str, credit: str | None) -> None:
    assert part_credit(line) == (caption, credit)


def test_agencies_are_spelt_as_they_sign() -> None:
    assert agencies_in("REUTERS") == ("Reuters",)
    assert agencies_in("afp via getty images") == ("AFP", "Getty Images")
    assert agencies_in("Ada Lund") == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Lund", "Ada Lund"),
        ("By Ada Lund and Bo Ray | 5 March 2026", "Ada Lund and Bo Ray"),
        ("Von Grete Halm", "Grete Halm"),
        ("بقلم: ليلى منصور", "ليلى منصور"),
        ("记者：林若溪", "林若溪"),
        ("โดย ปรียา วงศ์ทอง", "ปรียา วงศ์ทอง"),
        ("लेखक: अनुराधा मेहता", "अनुराधा मेहता"),
        ("By Erik van der Lund", "Erik van der Lund"),
    ],
)
def test_a_byline_names_its_authors(line: str, names: str) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "By the time the boats came back the harbour was dark.",
        "By 5 March 2026",
        "By Monday all of the boats were back",
        "Ada Lund",
        "by and large",
    ],
)
def test_a_sentence_with_by_is_no_byline(line: str) -> None:
    assert byline_names(line) is None


def test_a_date_line_says_little_else() -> None:
    assert is_date_line("Published 5 March 2026, 10:30")
    assert not is_date_line("The bridge was opened on 5 March 2026 and closed again a week later for repairs")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lund and Bo Ray", ["Ada Lund", "Bo Ray"]),
        ("By Ada Lund, Bo Ray, and Cy Ott", ["Ada Lund", "Bo Ray", "Cy Ott"]),
        ("Ada Lund, MD", ["Ada Lund, MD"]),
        ("ByTrevor Inge", ["Trevor Inge"]),
        ("Ada Lund; https://example.com/ada", ["Ada Lund"]),
        ("Ada Lund (Port Ellery)", ["Ada Lund"]),
        ("Reuters", []),
        ("admin", []),
        ("The Gazette", []),
        ("ليلى منصور", ["ليلى منصور"]),
    ],
)
def test_authors_are_split_and_cleaned(text: str, names: list[str]) -> None:
    assert [author.name for author in split_authors(text, site_names=frozenset({"the gazette"}))] == names


@pytest.mark.parametrize(
    ("text", "place", "agencies"),
    [
        ("KYIV, March 3 (Reuters) - The boats lay still.", "Kyiv", ("Reuters",)),
        ("BERLIN (dpa) – Die Boote lagen still.", "Berlin", ("dpa",)),
        ("SKELBY, March 5 (Northwire) - The boats lay still.", "Skelby", ("Northwire",)),
        ("PORT ELLERY — The boats lay still.", "Port Ellery", ()),
    ],
)
def test_a_dateline_gives_place_and_agency(text: str, place: str, agencies: tuple[str, ...]) -> None:
    opening = read_dateline(text)
    assert opening.dateline is not None
    assert (opening.dateline.place, opening.agencies) == (place, agencies)
    assert text.startswith(opening.dateline.text)


@pytest.mark.parametrize(
    "text", ["The boats lay still - all of them.", "He (she) - they said.", "", "A-level results are out"]
)
def test_a_sentence_has_no_dateline(text: str) -> None:
    assert read_dateline(text) == (None, ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Interview: Ada Lund", ["Ada Lund"]),
        ("Text & Photos: Ada Lund and Tobin Reyes", ["Ada Lund", "Tobin Reyes"]),
        ("Text: Ada Lund; Fotos: Tobin Reyes", ["Ada Lund", "Tobin Reyes"]),
        ("Reportage et photos：Ada Lund, MD", ["Ada Lund, MD"]),
        ("Von: Ada Lund", ["Ada Lund"]),
        ("Ada Lund: Tales of Towns", ["Ada Lund: Tales of Towns"]),
        ("Sort by: Relevancy", ["Sort by: Relevancy"]),
    ],
)
def test_a_role_and_its_colon_are_no_part_of_a_name(text: str, names: list[str]) -> None:
    assert [author.name for author in split_authors(text)] == names
