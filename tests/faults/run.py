"""Plays a case of the matrix: feeds, faults, rest, and what the judge says."""

import random
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalCluster
from broadsheet.runtime.settings import KafkaSettings, Settings, TopicSettings, WebSettings, WorkerSettings
from tests.faults.cases import Case, Stage
from tests.faults.ledger import Fault, Ledger, judge, look
from tests.fleet import CHEAP, Fleet

SESSION_SECONDS = 6.0
"""The shortest that a broker allows by default."""


@dataclass(frozen=True)
class Played:
    """One round of a case. `hidden` counts records that only a read_uncommitted reader saw: aborted ones; `again`
    what came twice where that may be, with at-least-once."""

    pages: int
    faults: list[Fault]
    ends: list[int]
    hidden: int
    again: int
    seconds: float


def settings_for(servers: str, *, partitions: int = 4, replicas: int = 1, **worker: object) -> Settings:
    """Settings of a round: topics and a group of its own, cheap page work."""
    run = uuid4().hex[:8]
    names = {name: f"{run}.{name}" for name in ("pages", "articles", "outcomes", "dead")}
    return Settings(
        kafka=KafkaSettings(
            bootstrap_servers=servers, group=f"g-{run}", session_timeout=SESSION_SECONDS, transaction_timeout=10.0
        ),
        topics=TopicSettings.model_validate({**names, "partitions": partitions, "replication_factor": replicas}),
        worker=WorkerSettings.model_validate(
            {"page_work": CHEAP, "delivery": "exactly-once", "stuck_after": 20.0, **worker}
        ),
        web=WebSettings(port=0),
    )


def play(
    case: Case, made: Settings, seed: int, folder: Path, cluster: LocalCluster | None = None, *, to_rest: bool = True
) -> Played:
    """One round. An AssertionError where it does not come to rest (`to_rest`; a seeded bug may hinder it)."""
    begun = time.monotonic()
    topics.create(made)
    fleet = Fleet(folder)
    stage = Stage(made, fleet, random.Random(seed), Ledger(seed, slow=0.01), own_cluster=cluster)
    try:
        with stage.fed():
            case(stage)
        if to_rest:
            stage.rest()
    finally:
        fleet.end()
    seen = look(made, gone=stage.gone)
    everything = look(made, committed=False)
    hidden = len(everything.articles) + len(everything.outcomes) - len(seen.articles) - len(seen.outcomes)
    found = [*judge(seen, at_rest=to_rest), *(Fault("wrong", said) for said in fleet.complaints())]
    may_repeat = stage.settings.worker.delivery == "at-least-once"
    again = [fault for fault in found if may_repeat and fault.kind == "repeated"]
    faults = [fault for fault in found if fault not in again]
    return Played(len(stage.ledger.pages), faults, stage.ends, hidden, len(again), time.monotonic() - begun)
