"""The ledger: what pages went in, what must come of them, and a judge of what did.

Pages are made from a seed; what each must give is told by running the same page work without any fault. The judge
holds what a reader saw against that:

- each page that was acknowledged has exactly one outcome; at rest every page is acknowledged;
- no output comes twice, and none without a page;
- every record's bytes are those of the run without faults;
- the outcomes of one key come in the order of its pages, and so do its articles on each partition;
- positions are never ahead of outputs.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from broadsheet.options import Options
from broadsheet.records import read_outcome
from broadsheet.runtime.children.results import Read
from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage
from tests.faults.work import work_page
from tests.fleet import positions, read

KEYS = 40
"""Pages share so many keys, so that the order of a key can be seen."""

DEAD_SHARE = 0.03
NONE_SHARE = 0.1

DEADLY = {"die", "hang", "memory"}
"""What no child survives."""


class Fault(NamedTuple):
    """A breach of what is promised: `kind` is "lost", "repeated" or "wrong"."""

    kind: str
    what: str


@dataclass
class Ledger:
    """Pages of one run, each with its own name, and what they must give."""

    seed: int
    slow: float = 0.0
    """Seconds of work of a page, at most."""
    hazard_share: float = 0.0
    """Share of pages that kill, hang or swell their child."""
    dead_share: float = DEAD_SHARE
    largest_pad: int = 500
    """Characters that make an article's record larger, at most."""
    pages: list[RawPage] = field(default_factory=list)

    def more(self, count: int) -> list[RawPage]:
        """The next pages."""
        new = [self._page(len(self.pages) + n) for n in range(count)]
        self.pages.extend(new)
        return new

    def _page(self, number: int) -> RawPage:
        draw = random.Random(self.seed * 1_000_003 + number)
        asked: dict[str, Any] = {"id": f"{self.seed}-{number}"}
        kind = draw.random()
        if kind < self.dead_share:
            asked["dead"] = "undecodable"
        elif kind > self.dead_share + NONE_SHARE:
            asked |= {"articles": draw.randint(1, 3), "pad": "x" * draw.randint(0, self.largest_pad)}
        if draw.random() < self.hazard_share:
            asked |= draw.choice([{"die": True}, {"hang": True}, {"memory": 1_000_000_000}])
        elif self.slow:
            asked["sleep"] = round(draw.random() * self.slow, 4)
        return RawPage(json.dumps(asked).encode(), b"key-%d" % (number % KEYS))


@dataclass(frozen=True)
class Gone:
    """What went with topics that someone deleted: the pages that stood on them, how far those were acknowledged, and
    names of pages whose articles were on a topic that is no more. Nobody can promise these; the rest stays promised."""

    inputs: Sequence[Any] = ()
    positions: Mapping[int, int] = field(default_factory=dict)
    without_articles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seen:
    """What a reader found: records by topic, and the group's positions, read before the records."""

    inputs: Sequence[Any]
    articles: Sequence[Any]
    outcomes: Sequence[Any]
    dead: Sequence[Any]
    positions: Mapping[int, int]
    gone: Gone = Gone()


def look(settings: Settings, *, committed: bool = True, gone: Gone | None = None) -> Seen:
    """Read all topics of a run, as a read_committed reader sees them (or, to know that there is a difference, not)."""
    topics = settings.topics
    found = positions(settings)  # first: what is acknowledged now must be among what is read next
    return Seen(
        inputs=read(settings, topics.pages),
        articles=read(settings, topics.articles, committed=committed),
        outcomes=read(settings, topics.outcomes, committed=committed),
        dead=read(settings, topics.dead, committed=committed),
        positions=found,
        gone=gone or Gone(),
    )


def judge(seen: Seen, *, at_rest: bool = True) -> list[Fault]:
    """All breaches of what is promised; empty when all is well. `at_rest`: every page must be done."""
    return [*_of_inputs(seen, at_rest), *_of_repeats(seen), *_of_articles(seen), *_of_order(seen)]


def table(faults: Sequence[Fault]) -> dict[str, int]:
    """How many of each kind."""
    counts = Counter(fault.kind for fault in faults)
    return {kind: counts[kind] for kind in ("lost", "repeated", "wrong")}


def name_of(value: bytes) -> str:
    """The name that a page of ours bears."""
    return str(json.loads(value)["id"])


def outcome_name(record: Any) -> str:
    """The page that an outcome or a dead letter is about."""
    found = json.loads(record.value)
    return str(found["page"]) if isinstance(found.get("page"), str) else f"at {_origin(record)}"


def _origin(record: Any) -> tuple[int, int]:
    page = read_outcome(record.value)["page"]
    return page["partition"], page["offset"]


def _pages(seen: Seen) -> Iterator[Any]:
    yield from seen.gone.inputs
    yield from seen.inputs


def _done(seen: Seen) -> Counter[str]:
    """Pages by how many outcomes they have."""
    names = _names(seen)
    return Counter(_page_of(record, names) for record in seen.outcomes)


def _names(seen: Seen) -> dict[tuple[int, int], str]:
    return {(page.partition, page.offset): name_of(page.value) for page in seen.inputs}


def _page_of(outcome: Any, names: Mapping[tuple[int, int], str]) -> str:
    """A dead page's outcome names its place, a cheap page's its id."""
    name = outcome_name(outcome)
    return names.get(_origin(outcome), name) if name.startswith("at ") else name


def _of_inputs(seen: Seen, at_rest: bool) -> Iterator[Fault]:
    done = _done(seen)
    for page in seen.inputs:
        name = name_of(page.value)
        acknowledged = page.offset < seen.positions.get(page.partition, 0)
        if acknowledged and not done[name]:
            yield Fault("lost", f"{name} was acknowledged and has no outcome")
        elif at_rest and not acknowledged:
            yield Fault("lost", f"{name} was never acknowledged")
    for name, count in done.items():
        if count > 1:
            yield Fault("repeated", f"{name} has {count} outcomes")
    for page in seen.gone.inputs:
        if page.offset < seen.gone.positions.get(page.partition, 0) and not done[name_of(page.value)]:
            yield Fault(
                "lost", f"{name_of(page.value)} was acknowledged before its topic was deleted, and has no outcome"
            )
    for name in done.keys() - {name_of(page.value) for page in _pages(seen)}:
        yield Fault("wrong", f"an outcome of {name}, which was no page")


def _of_repeats(seen: Seen) -> Iterator[Fault]:
    for what, names in (
        ("article", [record.key.decode() for record in seen.articles]),
        ("dead letter", [name_of(record.value) for record in seen.dead]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield Fault("repeated", f"{what} {name} came {count} times")


def _of_articles(seen: Seen) -> Iterator[Fault]:
    """Bytes as in the run without faults; none missing for a page that has its outcome, none without a page."""
    done = _done(seen)
    expected: dict[bytes, bytes] = {}
    dead = set()
    for page in _pages(seen):
        name = name_of(page.value)
        if not done[name]:
            continue
        work = _without_faults(page.value)
        if work is None:
            dead.add(name)
        else:
            expected.update(work.articles)
    found = {record.key: record.value for record in seen.articles}
    lost = {key.decode() for key in expected.keys() - found.keys()}
    yield from (Fault("lost", f"article {key}") for key in lost if key.split("#")[0] not in seen.gone.without_articles)
    yield from (Fault("wrong", f"article {key.decode()} without its page") for key in found.keys() - expected.keys())
    yield from (
        Fault("wrong", f"article {key.decode()} has other bytes")
        for key in found.keys() & expected.keys()
        if found[key] != expected[key]
    )
    letters = {name_of(record.value) for record in seen.dead}
    yield from (Fault("lost", f"dead letter of {name}") for name in dead - letters)
    yield from (Fault("wrong", f"dead letter of {name} without its page") for name in letters - dead)


def _without_faults(value: bytes) -> Read | None:
    """What the page gives where nothing goes wrong; None for a dead letter."""
    page = json.loads(value)
    if page.keys() & DEADLY:
        return None
    work = work_page(RawPage(json.dumps({**page, "sleep": 0}).encode()), Options(), datetime.now(UTC))
    return work if isinstance(work, Read) else None


def _of_order(seen: Seen) -> Iterator[Fault]:
    """For each key of the pages: its outcomes in their order, and on each partition the articles, a page's own among
    them."""
    pages = sorted(_pages(seen), key=lambda page: page.timestamp)  # stable: a partition's stay in their order
    place = {name_of(page.value): (page.key, number) for number, page in enumerate(pages)}
    names = _names(seen)
    came: dict[tuple[str, int, bytes], list[tuple[int, int]]] = defaultdict(list)
    for record in seen.outcomes:
        if (name := _page_of(record, names)) in place:
            key, number = place[name]
            came["outcomes", 0, key].append((number, 0))
    for record in seen.articles:
        name, _, article = record.key.decode().partition("#")
        if name in place:
            key, number = place[name]
            came["articles", record.partition, key].append((number, int(article)))
    for (what, _, key), order in came.items():
        first = list(dict.fromkeys(order))
        if first != sorted(first):
            yield Fault("wrong", f"{what} of {key.decode()} out of order")
