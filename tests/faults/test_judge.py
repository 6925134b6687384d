"""The judge itself, without a broker: content with a run in which all went well, and with none in which one thing did
not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from broadsheet.options import Options
from broadsheet.records import dead_outcome_record
from broadsheet.runtime.children.results import Unread
from broadsheet.values import Origin, RawPage
from tests.faults.ledger import Ledger, Seen, judge, table
from tests.faults.work import work_page

PARTITIONS = 4
PAGES = 200


def record(partition: int, offset: int, key: bytes, value: bytes) -> Any:
    return SimpleNamespace(partition=partition, offset=offset, key=key, value=value, timestamp=offset)


def all_well() -> Seen:
    """What a reader sees of a run without a fault."""
    inputs: list[Any] = []
    ends = dict.fromkeys(range(PARTITIONS), 0)
    articles: list[Any] = []
    outcomes: list[Any] = []
    dead: list[Any] = []
    for raw in Ledger(seed=1).more(PAGES):
        assert raw.key is not None
        partition = int(raw.key.removeprefix(b"key-")) % PARTITIONS
        page = record(partition, ends[partition], raw.key, raw.value)
        ends[partition] += 1
        inputs.append(page)
        work = work_page(raw, Options(), datetime.now(UTC))
        if isinstance(work, Unread):
            origin = Origin("pages", partition, page.offset)
            outcome = dead_outcome_record(RawPage(raw.value, raw.key, origin=origin), work.reason, work.detail)
            dead.append(record(0, len(dead), raw.key, raw.value))
        else:
            outcome = work.outcome
            articles += [record(0, len(articles) + n, *article) for n, article in enumerate(work.articles)]
        outcomes.append(record(partition, page.offset, raw.key, outcome))
    return Seen(sorted(inputs, key=lambda page: page.partition), articles, outcomes, dead, ends)


def without(records: Any, number: int) -> list[Any]:
    return [*records[:number], *records[number + 1 :]]


def changed(records: Any, number: int, **attributes: Any) -> list[Any]:
    other = SimpleNamespace(**{**vars(records[number]), **attributes})
    return [*records[:number], other, *records[number + 1 :]]


def swapped(records: Any, one: int, other: int) -> list[Any]:
    turned = list(records)
    turned[one], turned[other] = turned[other], turned[one]
    return turned


def of_one_key(seen: Seen) -> tuple[int, int]:
    """Two outcomes of the same key."""
    key = seen.outcomes[0].key
    one, other = [number for number, outcome in enumerate(seen.outcomes) if outcome.key == key][:2]
    return one, other


def of_one_page(seen: Seen) -> tuple[int, int]:
    """Two articles of the same page."""
    other = next(number for number, article in enumerate(seen.articles) if article.key.endswith(b"#1"))
    return other - 1, other


def of_none(seen: Seen) -> int:
    """An outcome of a page without articles."""
    return next(number for number, outcome in enumerate(seen.outcomes) if b'"articles": []' in outcome.value)


BREACHES: dict[str, tuple[str, Callable[[Seen], Seen]]] = {
    "an outcome is missing": ("lost", lambda seen: replace(seen, outcomes=without(seen.outcomes, of_none(seen)))),
    "an outcome comes twice": ("repeated", lambda seen: replace(seen, outcomes=[*seen.outcomes, seen.outcomes[7]])),
    "an outcome has no page": (
        "wrong",
        lambda seen: replace(seen, outcomes=[*seen.outcomes, record(0, 999, b"k", b'{"page": "9-9"}')]),
    ),
    "outcomes of a key are out of order": (
        "wrong",
        lambda seen: replace(seen, outcomes=swapped(seen.outcomes, *of_one_key(seen))),
    ),
    "an article is missing": ("lost", lambda seen: replace(seen, articles=without(seen.articles, 7))),
    "an article comes twice": ("repeated", lambda seen: replace(seen, articles=[*seen.articles, seen.articles[7]])),
    "an article has other bytes": ("wrong", lambda seen: replace(seen, articles=changed(seen.articles, 7, value=b"?"))),
    "an article has no page": (
        "wrong",
        lambda seen: replace(seen, articles=[*seen.articles, record(0, 999, b"9-9#0", b"{}")]),
    ),
    "articles of a page are out of order": (
        "wrong",
        lambda seen: replace(seen, articles=swapped(seen.articles, *of_one_page(seen))),
    ),
    "a dead letter is missing": ("lost", lambda seen: replace(seen, dead=without(seen.dead, 0))),
    "a dead letter comes twice": ("repeated", lambda seen: replace(seen, dead=[*seen.dead, seen.dead[0]])),
    "a dead letter has no page": (
        "wrong",
        lambda seen: replace(seen, dead=[*seen.dead, record(0, 999, b"k", b'{"id": "9-9"}')]),
    ),
    "a page is never acknowledged": (
        "lost",
        lambda seen: replace(seen, positions={**seen.positions, 0: seen.positions[0] - 1}),
    ),
}


def test_all_is_well() -> None:
    seen = all_well()
    assert len(seen.dead) > 1
    assert len(seen.articles) > PAGES
    assert judge(seen) == []


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_seen(name: str) -> None:
    kind, break_ = BREACHES[name]
    counts = table(judge(break_(all_well())))
    assert counts[kind] == 1
    assert sum(counts.values()) == 1, counts


def test_before_rest_only_what_was_acknowledged_counts() -> None:
    seen = all_well()
    early = replace(seen, positions=dict.fromkeys(seen.positions, 0))
    assert judge(early, at_rest=False) == []
    assert table(judge(replace(seen, outcomes=without(seen.outcomes, of_none(seen))), at_rest=False))["lost"] == 1
