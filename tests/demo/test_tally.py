"""The demo's account: complete when all has come, and a line for each sample page that gave something else."""

from typing import Any

from broadsheet.cli.demo.tally import Tally
from broadsheet.samples import Sample
from broadsheet.values import Origin, RawPage

ONE, TWO, THREE = (Origin("pages.raw", 0, number) for number in range(3))
STORY = Sample("story", RawPage(b""), "articles", headlines=("Pier closed", "Pier opened"))
LISTING = Sample("listing", RawPage(b""), "none", reason="listing")
BROKEN = Sample("broken", RawPage(b""), "dead", reason="undecodable")


def outcome(origin: Origin, result: str, articles: tuple[str, ...] = (), reason: str | None = None) -> dict[str, Any]:
    return {"page": origin._asdict(), "result": result, "articles": list(articles), "reason": reason}


def published() -> Tally:
    tally = Tally()
    for sample, origin in ((STORY, ONE), (LISTING, TWO), (BROKEN, THREE)):
        tally.published(sample, origin)
    return tally


def test_all_as_it_should_be() -> None:
    tally = published()
    tally.add_article({"id": "a", "headline": "Pier closed"})
    for _ in range(2):  # what comes twice counts once
        tally.add_article({"id": "b", "headline": "Pier opened"})
        tally.add_outcome(outcome(ONE, "articles", ("a", "b")))
    tally.add_outcome(outcome(TWO, "none", reason="listing"))
    tally.add_outcome(outcome(THREE, "dead", reason="undecodable"))
    assert not tally.is_complete()
    tally.add_dead(THREE)
    assert tally.is_complete()
    assert list(tally.complaints()) == []
    assert (tally.articles, tally.none, tally.dead) == (2, 1, 1)


def test_outcome_before_its_articles_is_waited_for() -> None:
    tally = Tally()
    tally.published(STORY, ONE)
    tally.add_outcome(outcome(ONE, "articles", ("a", "b")))
    assert not tally.is_complete()


def test_each_page_that_gave_something_else_is_named() -> None:
    tally = published()
    tally.add_article({"id": "a", "headline": "Pier closed"})
    tally.add_outcome(outcome(ONE, "articles", ("a",)))
    tally.add_outcome(outcome(TWO, "none", reason="empty"))
    assert list(tally.complaints()) == [
        "story: gave articles ['Pier closed'], should give articles ['Pier closed', 'Pier opened']",
        "listing: gave none (empty), should give none (listing)",
        "broken: nothing came of it",
    ]


def test_dead_letter_that_did_not_come_is_a_complaint() -> None:
    tally = Tally()
    tally.published(BROKEN, ONE)
    tally.add_outcome(outcome(ONE, "dead", reason="undecodable"))
    assert list(tally.complaints()) == ["broken: its outcome names records that did not come"]
