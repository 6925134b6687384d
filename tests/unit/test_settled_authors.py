"""The chosen names, without what pages glue to them."""

import pytest

from broadsheet.html.authors.settled import settle_names
from broadsheet.html.head.jsonld import describe

NOTHING = describe([], None)


@pytest.mark.parametrize(
    ("chosen", "settled"),
    [
        (("Nora Pell ❤️",), ("Nora Pell",)),
        (("Nora Pell 🌿✨", "Tom Ash"), ("Nora Pell", "Tom Ash")),
        (("Nora PellSenior Reporter",), ("Nora Pell",)),
        (("［森下 花，海辺日報］",), ("森下 花",)),
        (("【林小雨】",), ("林小雨",)),
        (("Wed",), ()),
        (("湖畔日报 发布日期：",), ()),
    ],
)
def test_what_is_glued_to_a_name_goes(chosen: tuple[str, ...], settled: tuple[str, ...]) -> None:
    assert settle_names(chosen, NOTHING) == settled


@pytest.mark.parametrize("name", ["Nora McPell", "Tom DeVries", "Wednesday Ash", "[No End", "अनिता देवी", "Zoë"])
def test_a_name_stays_as_it_is(name: str) -> None:
    assert settle_names((name,), NOTHING) == (name,)


def test_an_organisation_is_whole_and_two_persons_are_two() -> None:
    page = '{"@type": "NewsArticle", "headline": "A", "author": {"@type": "%s", "name": "Salt & Tar"}}'
    assert settle_names(("Salt", "Tar"), describe([page % "Organization"], None)) == ("Salt & Tar",)
    assert settle_names(("Salt", "Tar"), describe([page % "Person"], None)) == ("Salt", "Tar")
