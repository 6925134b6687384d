"""Real workers as real processes, pages for them, and a reader of what they gave: for tests of the stream."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from pydantic import BaseModel, SecretStr

from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage

logging.getLogger("kafka").setLevel(logging.ERROR)
BROADSHEET = Path(sys.executable).with_name("broadsheet")
ROOT = Path(__file__).parents[1]
DEADLINE = 90.0
READ_SECONDS = 600.0
"""For all records of a topic, an hour's among them."""

POLL = 0.1
UNSEEMLY = ("Traceback (most recent call last)", "never retrieved", "was never awaited")
CHEAP = "tests.faults.work:work_page"


def until(reached: Callable[[], Any], what: str, seconds: float = DEADLINE, poll: float = POLL) -> None:
    """Wait for a condition; an AssertionError that names it where it does not come."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, f"did not come within {seconds:.0f} s: {what}"
        time.sleep(poll)


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def patient(ask: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Asks again while the broker cannot answer: it may be on its way down or up."""

    @wraps(ask)
    def asked(*given: Parameters.args, **named: Parameters.kwargs) -> Result:
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return ask(*given, **named)
            except KafkaError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    return asked


class Worker:
    """A `broadsheet worker` as a process of its own; its log in a file."""

    def __init__(self, settings: Settings, log: Path, extra: dict[str, str] | None = None) -> None:
        """`extra` are variables of its environment, beside the settings."""
        self.settings = settings
        self.log = log
        self.extra = extra or {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Worker":
        """Start it, and do not wait."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [BROADSHEET, "worker"],
                env={**environment(self.settings), **self.extra},
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        return self

    def started(self) -> "Worker":
        """Start it, and wait until it has its partitions."""
        self.start()
        until(self.is_ready, f"a worker that is ready:\n{self.tail()}")
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process is not None
        return self.process.pid

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """What its /ready says. One that has ended is an AssertionError."""
        assert self.is_running(), f"the worker ended:\n{self.tail()}"
        return self.ask("/ready")[0] == 200

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of its health server; 0 where it does not answer."""
        found = re.search(r'"health": (\d+)', self.log.read_text())
        if found is None:
            return 0, ""
        try:
            with urlopen(f"http://127.0.0.1:{found[1]}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = [line for line in self.ask("/metrics")[1].splitlines() if line.startswith((name + " ", name + "{"))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def wait_for_pages(self, count: int) -> None:
        """Wait until it has done so many pages since its start."""
        until(lambda: self.metric("broadsheet_pages_total") >= count, f"{count} pages done")

    def children(self) -> list[psutil.Process]:
        """The processes that work on pages, and what started them."""
        return psutil.Process(self.pid).children(recursive=True)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there."""
        if self.is_running():
            os.kill(self.pid, number)

    def wait(self, seconds: float = DEADLINE) -> int:
        """Its exit code."""
        assert self.process is not None
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the worker did not end:\n{self.tail()}") from None

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        self.send(signal.SIGTERM)
        return self.wait()

    def end(self) -> None:
        """Kill it if it is there, and see it gone."""
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text()[-3000:] if self.log.exists() else ""


class Fleet:
    """The workers of one test; whatever happens, none outlives it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[Worker] = []

    def worker(self, settings: Settings, **extra: str) -> Worker:
        """A worker, not started."""
        self.workers.append(Worker(settings, self.folder / f"worker-{len(self.workers)}.log", extra))
        return self.workers[-1]

    def complaints(self) -> list[str]:
        """What no worker of this build should ever say: a traceback, or an exception that nobody looked at."""
        ours = [worker for worker in self.workers if "PYTHONPATH" not in worker.extra]
        lines = (line for worker in ours for line in worker.log.read_text().splitlines())
        return [line[:300] for line in lines if any(sign in line for sign in UNSEEMLY)]

    def end(self) -> None:
        """Kill all that are left."""
        for worker in self.workers:
            worker.end()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process finds them, and nothing of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    return {**kept, **dict(_variables("BROADSHEET", settings)), "PYTHONPATH": f"{ROOT / 'workers'}:{ROOT}"}


def _variables(prefix: str, section: BaseModel, joint: str = "_") -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value, variable = getattr(section, name), f"{prefix}{joint}{name.upper()}"
        if isinstance(value, BaseModel):
            yield from _variables(variable, value, "__")
        elif isinstance(value, SecretStr):
            yield variable, value.get_secret_value()
        elif isinstance(value, tuple):
            yield variable, json.dumps(value)
        elif value is not None:
            yield variable, str(value)


def cheap_page(name: str, **asked: Any) -> RawPage:
    """A page for the work of `tests/faults/work.py`."""
    return RawPage(json.dumps({"id": name, **asked}).encode(), name.encode())


def publish(settings: Settings, pages: Iterable[RawPage]) -> int:
    """Put pages on the raw topic, each confirmed; how many."""
    producer = KafkaProducer(
        bootstrap_servers=settings.kafka.bootstrap_servers, acks="all", linger_ms=5, max_request_size=20_000_000
    )
    with closing(producer):
        sent = [
            producer.send(settings.topics.pages, page.value, key=page.key, headers=list(page.headers)) for page in pages
        ]
        for future in sent:
            future.get(DEADLINE)
    return len(sent)


@patient
def read(settings: Settings, topic: str, *, committed: bool = True) -> list[Any]:
    """All records of a topic that stand there now, by partition in their order."""
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka.bootstrap_servers,
        isolation_level="read_committed" if committed else "read_uncommitted",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        group_id=None,
    )
    with closing(consumer):
        tps = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(tps)
        ends = consumer.end_offsets(tps)
        records: list[Any] = []
        until(lambda: _read_to(consumer, ends, records), f"the end of {topic}", READ_SECONDS)
    return sorted(records, key=lambda record: (record.partition, record.offset))


def _read_to(consumer: Any, ends: dict[Any, int], records: list[Any]) -> bool:
    for found in consumer.poll(timeout_ms=200).values():
        records.extend(found)
    return all(consumer.position(tp) >= end for tp, end in ends.items())


@patient
def positions(settings: Settings) -> dict[int, int]:
    """What the group has acknowledged of the raw topic, by partition."""
    group, topic = settings.kafka.group, settings.topics.pages
    with KafkaAdminClient(bootstrap_servers=settings.kafka.bootstrap_servers) as admin:
        found = admin.list_group_offsets({group: None})[group]
    return {tp.partition: max(0, position.offset) for tp, position in found.items() if tp.topic == topic}


def lag(settings: Settings) -> int:
    """Pages on the raw topic that the group has not acknowledged. (Its writers make no markers.)"""
    return sum(end - done for done, end in places(settings).values())


@patient
def places(settings: Settings) -> dict[int, tuple[int, int]]:
    """By partition of the raw topic: what is acknowledged, and its end."""
    topic, done = settings.topics.pages, positions(settings)
    with closing(KafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers)) as consumer:
        ends = consumer.end_offsets([TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic)])
    return {tp.partition: (done.get(tp.partition, 0), end) for tp, end in ends.items()}


def at_rest(settings: Settings, seconds: float = DEADLINE) -> None:
    """Wait until every page is acknowledged."""
    until(lambda: lag(settings) == 0, "every page acknowledged", seconds, 0.3)
