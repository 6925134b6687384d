"""Yields for people and programs: a table on a terminal, JSON lines, a page with plots."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from rich import table
from rich.text import Text

from broadsheet.cli.terminal import printable, shortened
from broadsheet.rendering import templates
from broadsheet.runtime.outcomes.yields import HOUR, Account, by_time, hours_of

_TEMPLATES = templates("broadsheet.cli")
RESULTS = ("articles", "none", "dead")
_LEVELS = "▁▂▃▄▅▆▇█"
_SPARKS, _BARS = 24, 84
_NAME_CHARS, _PLOTS = 40, 200
_TALL = 100.0


class Table:
    """The accounts as a table of at most `top` rows, with a line of the yield over time."""

    def __init__(self, by: str, top: int) -> None:
        self._by, self._top = by, top

    def of(self, accounts: Sequence[Account]) -> table.Table:
        """The table as it is now."""
        first, last = hours_of(accounts)
        pages, good = sum(one.pages for one in accounts), sum(one.results["articles"] for one in accounts)
        told = f"{pages} pages, {_percent(good, pages)} with articles"
        if len(accounts) > self._top:
            told += f"; {len(accounts) - self._top} more {self._by}s not shown"
        drawn = table.Table(caption=told, caption_justify="left")
        for name in (self._by, "pages", "articles", "yield", "none", "dead", "over time", "mostly"):
            drawn.add_column(
                name, justify="right" if name in {"pages", "articles", "yield", "none", "dead"} else "left"
            )
        for one in accounts[: self._top]:
            drawn.add_row(
                Text(shortened(one.name, _NAME_CHARS)),
                str(one.pages),
                str(one.articles),
                f"{one.share:.0%}",
                str(one.results["none"]),
                str(one.results["dead"]),
                _sparks(by_time(one, first, last, _SPARKS)),
                _mostly(one),
            )
        return drawn


def json_lines(accounts: Sequence[Account]) -> Iterator[bytes]:
    """An object for each: its counts, its reasons, and its results by the hour."""
    for one in accounts:
        yield orjson.dumps(
            {
                "name": one.name,
                "pages": one.pages,
                "articles": one.articles,
                "yield": round(one.share, 4),
                "results": {result: one.results[result] for result in RESULTS},
                "reasons": dict(one.reasons.most_common()),
                "hours": [{"at": _moment(hour), **counts} for hour, counts in sorted(one.hours.items())],
            }
        )


def page(by: str, accounts: Sequence[Account]) -> str:
    """A page for a browser that loads nothing and runs nothing: all together, then each with a plot over time."""
    first, last = hours_of(accounts)
    whole = Account("all")
    for one in accounts:
        whole.articles += one.articles
        whole.results.update(one.results)
        whole.reasons.update(one.reasons)
        for hour, counts in one.hours.items():
            whole.hours.setdefault(hour, Counter()).update(counts)
    rows = [_row(one, first, last) for one in (whole, *accounts[:_PLOTS])]
    left = max(0, len(accounts) - _PLOTS)
    return _TEMPLATES.get_template("yields.html").render(
        by=by, rows=rows, left=left, start=_moment(first), end=_moment(last + 1), results=RESULTS, tall=_TALL
    )


def _row(account: Account, first: int, last: int) -> dict[str, Any]:
    spans = by_time(account, first, last, _BARS)
    most = max((counts.total() for counts in spans), default=0) or 1
    return {
        "name": printable(account.name),
        "pages": account.pages,
        "articles": account.articles,
        "share": f"{account.share:.0%}",
        "results": account.results,
        "mostly": _mostly(account),
        "bars": [_bar(counts, most) for counts in spans],
        "most": most,
        "width": len(spans),
    }


def _bar(counts: Counter[str], most: int) -> list[dict[str, Any]]:
    """The results of a span on top of each other, from the ground up: y and height of each."""
    drawn, top = [], _TALL
    for result in RESULTS:
        height = round(_TALL * counts[result] / most, 2)
        top = round(top - height, 2)
        if height:
            drawn.append({"result": result, "y": top, "height": height})
    return drawn


def _sparks(spans: Sequence[Counter[str]]) -> str:
    """The share of pages with articles in each span; a dot where there was no page."""
    return "".join(
        _LEVELS[round(counts["articles"] / counts.total() * (len(_LEVELS) - 1))] if counts.total() else "·"
        for counts in spans
    )


def _mostly(account: Account) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in account.reasons.most_common(2))


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def _moment(hour: int) -> str:
    return datetime.fromtimestamp(hour * HOUR / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")
