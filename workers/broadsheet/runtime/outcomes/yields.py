"""The yield of a site: the share of its pages that gave articles, by the hour, and whether it has fallen.

Pure counting over `pages.outcomes`; `outcomes` reads them. Memory is bounded by `MOST` sites with their hours.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from broadsheet.text.urls import site_domain

HOUR = 3_600_000
"""Milliseconds."""
MOST = 20_000
"""Names that are counted apart; what comes behind them is counted as `OTHERS`."""
UNKNOWN, OTHERS = "(unknown)", "(others)"
LEAST, DROP = 20, 0.5
"""Pages that both spans must have for a yield to be compared, and by which share of itself it must have fallen: unless
another is asked for.
"""
_SURE = 3.0
"""Standard errors that a fall must be beyond: by chance alone one site in some 700 looks so."""

BY: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "site": lambda page: site_domain(page["url"]) or UNKNOWN,
    "source": lambda page: page["source"] or UNKNOWN,
}
"""What pages can be counted by, and its name for a page."""


@dataclass(slots=True)
class Account:
    """What became of the pages of one site. `hours`: for each hour since 1970 how many ended as which result."""

    name: str
    articles: int = 0
    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    hours: dict[int, Counter[str]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """All pages."""
        return self.results.total()

    @property
    def share(self) -> float:
        """The yield: the share of pages that gave articles."""
        return self.results["articles"] / self.pages if self.pages else 0.0

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Pages, and those with articles, of the hours [start, end)."""
        found = [counts for hour, counts in self.hours.items() if start <= hour < end]
        return sum(counts.total() for counts in found), sum(counts["articles"] for counts in found)


class Fall(NamedTuple):
    """A yield that fell: shares of pages with articles, and how many pages they are shares of."""

    name: str
    before: float
    now: float
    pages_before: int
    pages_now: int
    reason: str
    """What most of the pages without articles are."""

    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.name}: {self.now:.0%} of {self.pages_now} pages gave articles, {self.before:.0%} of "
            f"{self.pages_before} before; mostly {self.reason}"
        )


class Yields:
    """Counts outcomes by site or source."""

    def __init__(self, by: str = "site") -> None:
        self._name, self._accounts = BY[by], dict[str, Account]()

    def take(self, at: int, outcome: Mapping[str, Any]) -> Account:
        """Count an outcome of a time in milliseconds; where it was counted."""
        name = self._name(outcome["page"])
        if name not in self._accounts and len(self._accounts) >= MOST:
            name = OTHERS
        account = self._accounts.setdefault(name, Account(name))
        account.articles += len(outcome["articles"])
        account.results[outcome["result"]] += 1
        if outcome["reason"] is not None:
            account.reasons[outcome["reason"]] += 1
        account.hours.setdefault(at // HOUR, Counter())[outcome["result"]] += 1
        return account

    def accounts(self) -> list[Account]:
        """All, those of most pages first."""
        return sorted(self._accounts.values(), key=lambda account: (-account.pages, account.name))

    def falls(self, since: int, least: int, drop: float) -> list[Fall]:
        """The yields that fell since a time in milliseconds, in the order of `accounts`."""
        found = (fall(account, since // HOUR, least, drop) for account in self.accounts())
        return [one for one in found if one is not None]


def fall(account: Account, since: int, least: int, drop: float) -> Fall | None:
    """Whether fewer pages give articles since an hour than before it.

    Both must be `least` pages, the share must have fallen by the share `drop` of itself, and by more than chance: a
    two-proportion z-test with pooled variance.
    """
    (pages, good), (then, good_then) = account.between(since, 1 << 62), account.between(0, since)
    if pages < least or then < least:
        return None
    now, before = good / pages, good_then / then
    pooled = (good + good_then) / (pages + then)
    error = math.sqrt(pooled * (1 - pooled) * (1 / pages + 1 / then))
    if now > (1 - drop) * before or before - now <= _SURE * error:
        return None
    return Fall(account.name, before, now, then, pages, _most(account))


def _most(account: Account) -> str:
    return account.reasons.most_common(1)[0][0] if account.reasons else "without a reason"


def by_time(account: Account, first: int, last: int, bars: int) -> list[Counter[str]]:
    """The hours [first, last] in at most so many equal spans, each with its results."""
    width = max(1, math.ceil((last - first + 1) / bars))
    spans = [Counter[str]() for _ in range(math.ceil((last - first + 1) / width))]
    for hour, counts in account.hours.items():
        if first <= hour <= last:
            spans[(hour - first) // width].update(counts)
    return spans


def hours_of(accounts: Iterable[Account]) -> tuple[int, int]:
    """The first and the last hour that anything was counted in; both 0 where nothing was."""
    hours = [hour for account in accounts for hour in account.hours]
    return (min(hours), max(hours)) if hours else (0, 0)
