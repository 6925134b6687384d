"""A page twice as long costs about twice as much, however its elements stand in each other."""

import json

import pytest

from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import RawPage
from tests.hostile.budget import OverBudgetError, budget, measured
from tests.hostile.structures import KNOWN, TITLE, Structure, structures

MOST_RATIO = 2.6
"""Of CPU, for twice the page: 2 and the noise of a busy machine. A square gives 4."""
TELLING_SECONDS = 0.25
"""Below it nothing is told of growth: starting up weighs too much."""
FIRST, MOST = 250, 16_000
"""Units of the smallest and the largest page."""
MOST_SECONDS = 8.0


def cost(page: str) -> float:
    """The CPU that a page takes, in seconds; 0 where it is refused for its size."""
    raw = RawPage(page.encode(), key=None, headers=(("content-type", b"text/html"),))
    with measured() as taken, budget(MOST_SECONDS):
        try:
            read_page(raw, Options())
        except PageError:
            return 0.0
    return taken[0]


def grows(structure: Structure, most: int) -> str | None:
    """How a structure's cost grows faster than its page, seen twice; None where it does not, up to `most` units."""
    seen = 0
    count, before = FIRST, 0.0
    while count <= most:
        try:
            now = cost(structure.page(count))
        except OverBudgetError:
            return f"{count} units take more than {MOST_SECONDS} s"
        if before >= TELLING_SECONDS / 4 and now >= TELLING_SECONDS and now > MOST_RATIO * before:
            now, before = min(now, cost(structure.page(count))), max(before, cost(structure.page(count // 2)))
            seen += now > MOST_RATIO * before
            if seen == 2:
                return f"{count // 2} units take {before:.2f} s, {count} take {now:.2f} s"
        if now > 4 * TELLING_SECONDS and not seen:
            return None
        count, before = 2 * count, now
    return None


@pytest.mark.parametrize("number", range(len(KNOWN)))
def test_kinds_that_once_grew_by_the_square(number: int) -> None:
    assert grows(KNOWN[number], MOST) is None


@pytest.mark.parametrize("number", range(14))
def test_no_structure_costs_more_than_its_length(number: int) -> None:
    structure = structures(seed=7, count=14)[number]
    told = grows(structure, 2_000)
    assert told is None, f"{told}: {structure}"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_no_structure_of_many_costs_more_than_its_length(seed: int) -> None:
    assert {str(one): told for one in structures(seed, 60) if (told := grows(one, MOST))} == {}


REFERENCES = {"@type": "NewsArticle", "headline": TITLE, "author": [{"@id": "p"}] * 40_000}
PERSON = {"@id": "p", "@type": "Person", "name": ", ".join(f"Ann{n} Lee{n}" for n in range(60))}


def test_an_author_who_is_referred_to_again_is_read_once() -> None:
    graph = json.dumps({"@graph": [PERSON, REFERENCES]})
    page = f"<script type=application/ld+json>{graph}</script><h1>{TITLE}</h1>{KNOWN[0].page(4)}"
    assert 0 < cost(page) < 1
