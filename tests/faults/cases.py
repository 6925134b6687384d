"""The fault matrix: each case does its worst to workers that work, by a seed, and says nothing of the outcome.

A case gets a Stage and returns when its faults are over; the stage then waits for rest and lets the judge look.
"""

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psutil
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from kafka.errors import KafkaError

from broadsheet.runtime.local_kafka import LocalCluster
from broadsheet.runtime.local_kafka.broker import Broker
from broadsheet.runtime.settings import Settings
from tests.faults.ledger import Gone, Ledger
from tests.faults.publishers import STEPS
from tests.fleet import Fleet, Worker, lag, places, positions, publish, until

FEED_PAGES = 20
FEED_SECONDS = 0.1
REST_SECONDS = 60.0
"""From the last fault to the last page acknowledged."""


@dataclass
class Stage:
    """Workers under faults: a ledger that is fed all the while, and a keeper that starts ended workers again."""

    settings: Settings
    fleet: Fleet
    rng: random.Random
    ledger: Ledger
    wanted: list[Worker] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """Exit codes of workers that ended by themselves."""
    feeding: bool = True
    feed_pages: int = FEED_PAGES
    feed_seconds: float = FEED_SECONDS
    gone: Gone = field(default_factory=Gone)
    """What a case has deleted."""
    own_cluster: LocalCluster | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _feeding_now: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cluster(self) -> LocalCluster:
        """The brokers, where they are our own to kill."""
        assert self.own_cluster is not None, "this case needs brokers of its own"
        return self.own_cluster

    @property
    def broker(self) -> Broker:
        """One of them, at random."""
        return self.rng.choice(self.cluster.brokers)

    def hire(self, **extra: str) -> Worker:
        """One more worker, kept alive."""
        return self.hire_as(self.settings, **extra)

    def hire_as(self, settings: Settings, **extra: str) -> Worker:
        """The same, with other settings."""
        worker = self.fleet.worker(settings, **extra).start()
        self.wanted.append(worker)
        return worker

    def dismiss(self, worker: Worker) -> int:
        """Stop a worker as an operator would; its exit code."""
        self.wanted.remove(worker)
        return worker.stop()

    def keep(self) -> None:
        """Start again whoever has ended."""
        for number, worker in enumerate(self.wanted):
            if not worker.is_running():
                self.ends.append(worker.wait())
                self.wanted[number] = self.fleet.worker(worker.settings, **worker.extra).start()

    def ready(self, count: int | None = None) -> None:
        """Wait until so many workers (all) have joined."""
        many = len(self.wanted) if count is None else count
        until(lambda: self._ready() >= many, f"{many} workers that are ready")

    def refused(self) -> bool:
        """Whether a worker has refused to start."""
        self.keep()
        return 1 in self.ends

    def progress(self, pages: int = 1) -> None:
        """Wait until so many more pages are acknowledged."""
        begun = self._done()
        until(lambda: self._kept() and self._done() >= begun + pages, f"{pages} more pages acknowledged")

    def pause(self, low: float, high: float) -> None:
        """Let a random time go by, in which pages flow: the moment of the next fault."""
        time.sleep(self.rng.uniform(low, high))

    @contextlib.contextmanager
    def fed(self) -> Iterator[None]:
        """Pages come in all the while, a few at a time."""
        feeder = threading.Thread(target=self._feed, daemon=True)
        feeder.start()
        try:
            yield
        finally:
            self._stop.set()
            feeder.join()

    def hush(self) -> None:
        """Feed no more for now; when this returns nothing is on its way."""
        self.feeding = False
        with self._feeding_now:
            pass

    @contextlib.contextmanager
    def admin(self) -> Iterator[KafkaAdminClient]:
        """A client for what a cluster's keeper does."""
        with KafkaAdminClient(bootstrap_servers=self.settings.kafka.bootstrap_servers) as client:
            yield client

    def rest(self) -> None:
        """Wait until every page is acknowledged; ended workers are started again meanwhile."""
        try:
            until(lambda: self._kept() and lag(self.settings) == 0, "rest: every page acknowledged", REST_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}; acknowledged and end by partition: {places(self.settings)}") from None

    def _feed(self) -> None:
        while not self._stop.wait(self.feed_seconds):
            with self._feeding_now, contextlib.suppress(KafkaError):  # the judge goes by what stands on the topic
                if self.feeding:
                    publish(self.settings, self.ledger.more(self.feed_pages))

    def _kept(self) -> bool:
        self.keep()
        return True

    def _ready(self) -> int:
        self.keep()
        return sum(worker.ask("/ready")[0] == 200 for worker in self.wanted)

    def _done(self) -> int:
        return sum(positions(self.settings).values())


Case = Callable[[Stage], None]


def killed_at_random(stage: Stage) -> None:
    """kill -9 of workers at random moments."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    for _ in range(3):
        stage.pause(0.3, 2.0)
        stage.rng.choice(stage.wanted).send(signal.SIGKILL)
        stage.progress(50)


def killed_at_each_point(stage: Stage) -> None:
    """kill -9 after begin, after sends, after offsets, during and after commit."""
    steps = list(STEPS)
    stage.rng.shuffle(steps)
    kafka = stage.settings.kafka.model_copy(update={"group_instance": "one"})  # each is back at once, by its name
    stage.settings = stage.settings.model_copy(update={"kafka": kafka})
    dying = stage.settings.worker.model_copy(update={"publisher": "tests.faults.publishers:Dying"})
    mortal = stage.settings.model_copy(update={"worker": dying})
    for step in steps:
        worker = stage.fleet.worker(mortal, FAULT=f"{step}:{stage.rng.randint(1, 6)}").start()
        assert worker.wait() == -signal.SIGKILL, worker.tail()
    stage.hire()
    stage.progress(50)


def stopped_under_load(stage: Stage) -> None:
    """SIGTERM, again and again: each leaves with code 0."""
    for _ in range(3):
        worker = stage.hire()
        stage.ready(1)
        stage.pause(0.2, 1.0)
        assert stage.dismiss(worker) == 0, worker.tail()
    stage.hire()
    stage.progress(50)


def joining_and_leaving(stage: Stage) -> None:
    """Workers come and go: 1, 3, 1."""
    stage.hire()
    stage.ready()
    for _ in range(2):
        for _ in range(2):
            stage.hire()
            stage.pause(0.0, 1.0)
        stage.ready()
        stage.progress(50)
        for worker in stage.rng.sample(stage.wanted, 2):
            assert stage.dismiss(worker) == 0, worker.tail()
    stage.progress(50)


def zombie(stage: Stage) -> None:
    """SIGSTOP for longer than the session, while another takes over; then SIGCONT."""
    held = stage.settings.worker.model_copy(update={"publisher": "tests.faults.publishers:Slow"})
    stage.settings = stage.settings.model_copy(update={"worker": held})
    first = stage.hire(FAULT="0.3")
    stage.hire(FAULT="0.01")
    stage.ready()
    stage.progress(100)
    first.send(signal.SIGSTOP)
    try:
        time.sleep(stage.settings.kafka.session_timeout)
        stage.progress(100)
    finally:
        first.send(signal.SIGCONT)
    stage.pause(1.0, 3.0)


def children_killed(stage: Stage) -> None:
    """kill -9 of children, at work and idle."""
    worker = stage.hire()
    stage.ready()
    for _ in range(6):
        stage.pause(0.1, 0.6)
        children = [child for child in worker.children() if not child.children()]
        with contextlib.suppress(psutil.NoSuchProcess):
            stage.rng.choice(children).kill() if children else None
    stage.progress(50)


def broker_killed(stage: Stage) -> None:
    """kill -9 of the broker, and its restart."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    stage.pause(0.3, 1.5)
    broker_restarted(stage)
    stage.progress(50)


def broker_restarted(stage: Stage) -> None:
    """The fault by itself."""
    stage.feeding = False
    stage.broker.kill()
    stage.pause(0.0, 3.0)
    stage.cluster.restart()
    stage.feeding = True


def hazardous_pages(stage: Stage) -> None:
    """Pages that kill, hang or swell their child, again and again among good ones."""
    stage.ledger.hazard_share = 0.02
    limits = {"page_timeout": 1.0, "child_memory": 200_000_000}
    stage.settings = stage.settings.model_copy(update={"worker": stage.settings.worker.model_copy(update=limits)})
    stage.hire()
    stage.ready()
    stage.progress(200)
    stage.ledger.hazard_share = 0.0


def rolled(stage: Stage) -> None:
    """A rolling restart: each worker is replaced by a new one in its turn."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    for worker in tuple(stage.wanted):
        stage.progress(30)
        stage.hire()
        stage.ready()
        assert stage.dismiss(worker) == 0, worker.tail()
    stage.progress(50)


def returned_by_name(stage: Stage) -> None:
    """kill -9 of workers with fixed names in the group: each has its partitions back without a rebalance."""
    for name in ("one", "two"):
        kafka = stage.settings.kafka.model_copy(update={"group_instance": name})
        stage.hire_as(stage.settings.model_copy(update={"kafka": kafka}))
    stage.ready()
    for _ in range(4):
        stage.pause(0.2, 1.5)
        stage.rng.choice(stage.wanted).send(signal.SIGKILL)
        stage.progress(30)


def leader_killed(stage: Stage) -> None:
    """Three brokers, two replicas must be in sync: brokers are killed in turn, each comes back."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    for broker in stage.rng.sample(stage.cluster.brokers, 3):
        stage.progress(50)
        broker.kill()
        stage.progress(50)
        stage.cluster.restart()
    stage.progress(50)


def two_of_three_killed(stage: Stage) -> None:
    """Fewer in sync than must be: nothing can be acknowledged, and nothing may be lost."""
    stage.hire()
    stage.ready()
    stage.progress(50)
    stage.feeding = False
    for broker in stage.rng.sample(stage.cluster.brokers, 2):
        broker.kill()
    stage.pause(3.0, 6.0)
    stage.cluster.restart()
    stage.feeding = True
    stage.progress(50)


def above_the_brokers_limit(stage: Stage) -> None:
    """A topic's limit is lowered under the workers: they end, refuse to start, and go on once it is mended."""
    stage.hire()
    stage.ready()
    stage.progress(50)
    name = "max.message.bytes"
    _configure(stage.settings, stage.settings.topics.articles, {name: "1000"})
    stage.ledger.largest_pad = 20_000
    until(lambda: stage.refused(), "a worker that refuses to start")
    stage.ledger.largest_pad = 500
    _configure(stage.settings, stage.settings.topics.articles, {name: str(stage.settings.kafka.max_message_bytes)})
    stage.progress(50)


def _configure(settings: Settings, topic: str, config: dict[str, str]) -> None:
    with KafkaAdminClient(bootstrap_servers=settings.kafka.bootstrap_servers) as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, config)])


def cut_towards_the_broker(stage: Stage) -> None:
    """What workers send is dropped for a while; shorter and longer than their session."""
    _cut(stage, "--dport")


def cut_from_the_broker(stage: Stage) -> None:
    """What the broker answers is dropped."""
    _cut(stage, "--sport")


def cut_both_ways(stage: Stage) -> None:
    """Nothing comes through."""
    _cut(stage, "--dport", "--sport")


def _cut(stage: Stage, *sides: str) -> None:
    for _ in range(2):
        stage.hire()
    stage.ready()
    port = stage.cluster.bootstrap_servers.rpartition(":")[2]
    rules = [["OUTPUT", "-p", "tcp", side, port, "-j", "DROP"] for side in sides]
    for seconds in (stage.rng.uniform(1, 4), stage.settings.kafka.session_timeout + stage.rng.uniform(1, 4)):
        stage.progress(50)
        for rule in rules:
            subprocess.run(["iptables", "-A", *rule], check=True)
        time.sleep(seconds)
        for rule in rules:
            subprocess.run(["iptables", "-D", *rule], check=True)
    stage.progress(50)


def slow_broker(stage: Stage) -> None:
    """The broker stands still again and again, each time for longer than most of its answers take."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    pid = stage.broker.pid
    for _ in range(15):
        os.kill(pid, signal.SIGSTOP)
        stage.pause(0.2, 1.5)
        os.kill(pid, signal.SIGCONT)
        stage.pause(0.05, 0.3)
    stage.progress(50)


def at_least_once(case: Case) -> Case:
    """The same for brokers without transactions: pages may come twice, none may be lost."""

    def played(stage: Stage) -> None:
        work = stage.settings.worker.model_copy(update={"delivery": "at-least-once"})
        stage.settings = stage.settings.model_copy(update={"worker": work})
        case(stage)

    return played


SHORT: dict[str, Case] = {
    "killed at random": killed_at_random,
    "killed at each point": killed_at_each_point,
    "zombie": zombie,
}
"""Run by `make test`."""

LONG: dict[str, Case] = {
    **SHORT,
    "stopped under load": stopped_under_load,
    "joining and leaving": joining_and_leaving,
    "returned by name": returned_by_name,
    "rolled": rolled,
    "children killed": children_killed,
    "hazardous pages": hazardous_pages,
    "above the broker's limit": above_the_brokers_limit,
    "broker killed": broker_killed,
    "slow broker": slow_broker,
    "at least once, killed at random": at_least_once(killed_at_random),
    "at least once, joining and leaving": at_least_once(joining_and_leaving),
    "at least once, broker killed": at_least_once(broker_killed),
}
"""Run by `make faults`, on a broker of its own."""

NETWORK: dict[str, Case] = {
    "cut towards the broker": cut_towards_the_broker,
    "cut from the broker": cut_from_the_broker,
    "cut both ways": cut_both_ways,
}
"""Run by `make faults` in a network namespace of its own, where that may be had (root)."""

CLUSTER: dict[str, Case] = {
    "leader killed": leader_killed,
    "two of three brokers killed": two_of_three_killed,
}
"""Run by `make faults`, on three brokers with two replicas that must be in sync."""
