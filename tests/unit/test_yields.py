"""When a yield has fallen, and when it only looks so."""

from typing import Any

import pytest

from broadsheet.runtime.outcomes import yields
from broadsheet.runtime.outcomes.yields import HOUR, OTHERS, UNKNOWN, Yields, by_time

NOW = 500_000 * HOUR


def outcome(result: str = "articles", url: str | None = "https://www.tarn.example/a", source: str = "s") -> Any:
    reason = {"articles": None, "none": "listing", "dead": "timeout"}[result]
    ids = ["a", "b"] if result == "articles" else []
    return {"page": {"url": url, "source": source}, "result": result, "articles": ids, "reason": reason}


def counted(before: tuple[int, int], now: tuple[int, int]) -> Yields:
    """Pages with and without articles before and now."""
    made = Yields()
    for at, (good, bad) in ((NOW - 5 * HOUR, before), (NOW, now)):
        for _ in range(good):
            made.take(at, outcome())
        for _ in range(bad):
            made.take(at, outcome("none"))
    return made


def test_a_yield_that_fell_is_told_with_its_figures() -> None:
    (found,) = counted((45, 5), (4, 26)).falls(NOW, 20, 0.5)
    assert found.line() == ("tarn.example: 13% of 30 pages gave articles, 90% of 50 before; mostly listing")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((45, 5), (27, 3)),  # as before
        ((45, 5), (20, 10)),  # less, not by half
        ((45, 5), (2, 17)),  # too few pages now
        ((18, 1), (2, 28)),  # too few before
        ((4, 46), (1, 29)),  # by half, and no more than chance does
        ((0, 50), (0, 30)),
        ((50, 0), (30, 0)),
        ((2, 48), (27, 3)),  # it rose
    ],
)
def test_what_is_no_fall(before: tuple[int, int], now: tuple[int, int]) -> None:
    assert counted(before, now).falls(NOW, 20, 0.5) == []


def test_what_is_counted_and_by_what_name() -> None:
    by_site, by_source = Yields(), Yields("source")
    for one in (outcome(), outcome("dead"), outcome("none", url=None), outcome(url="https://news.tarn.example/b")):
        by_site.take(NOW, one)
        by_source.take(NOW, one)
    tarn, unknown = by_site.accounts()
    assert (tarn.name, tarn.pages, tarn.articles, tarn.share) == ("tarn.example", 3, 4, 2 / 3)
    assert (unknown.name, unknown.results, unknown.reasons) == (UNKNOWN, {"none": 1}, {"listing": 1})
    assert [(one.name, one.pages) for one in by_source.accounts()] == [("s", 4)]


def test_names_without_end_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yields, "MOST", 3)
    made = Yields()
    for number in range(10):
        made.take(NOW, outcome(url=f"https://s{number}.example/"))
    assert {one.name: one.pages for one in made.accounts()} == {
        "s0.example": 1,
        "s1.example": 1,
        "s2.example": 1,
        OTHERS: 7,
    }


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 9), (0, 10), (5, 77)])
def test_spans_hold_each_hour_once(first: int, last: int) -> None:
    made = Yields()
    for hour in range(first, last + 1):
        made.take(hour * HOUR, outcome())
    (account,) = made.accounts()
    spans = by_time(account, first, last, 10)
    assert len(spans) <= 10
    assert sum(span.total() for span in spans) == last - first + 1
