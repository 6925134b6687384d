"""`make bench-stream`: what Kafka and Faust cost beside the page work, on a real broker, all in one run.

    python -m benchmarks.stream --pages 4000

Rates are pages a second of wall time; on a busy machine compare the CPU columns, and rates only with each other.
- no-op: page work that costs nothing, so that what is left is the stream: exactly-once, at-least-once, and a bare
  confluent-kafka loop that reads, makes the same records in its own process and writes them in transactions;
- real: pages of the sets beside the repository, made-up ones of 20 to 400 KB without them, with one worker and with
  two, and with one that has two children;
- latency: from a page sent to its outcome seen by a read_committed reader, at half the no-op rate;
- partitions: what a worker that holds so many needs at rest;
- with `--held 0.2`, that alone: one, two and three workers of one child, each held to such a share of a core, so that
  broker and sender have theirs (needs the right to make cgroups).

A whole run takes some five minutes on two quiet cores.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from rich.console import Console
from rich.table import Table
from tests.faults.run import settings_for
from tests.fleet import Fleet, Worker, cheap_page, lag, until

from benchmarks.extract import raw_page, real_pages
from benchmarks.shares import Unheld, shares
from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalKafka
from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage

MEGABYTE = 1_000_000
LATENCY_SECONDS = 15.0
LARGEST = 900_000
"""Bytes of a page at most: a topic's own limit is a megabyte where nobody raised it."""
POLL_SECONDS = 0.25
MOST_QUEUED = 500
REAL_PAGES = 60
"""Of each set; a run goes round them."""
REAL_WORK = "broadsheet.runtime.work:work_page"


@dataclass(frozen=True)
class Run:
    """One measurement. CPU in milliseconds a page: of the workers' own processes, and of their children."""

    name: str
    pages: int
    seconds: float
    stream_cpu_ms: float
    child_cpu_ms: float
    rest_mb: float
    """Memory of a worker and its children when it is ready, and the most of it while pages flow: proportional set size,
    as the children share what they were forked with (resident sizes would count it once for each)."""
    load_mb: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


@dataclass(frozen=True)
class Held:
    """What a worker needs that holds so many partitions and has nothing to do."""

    partitions: int
    sockets: int
    own_mb: float
    seconds: float
    """From its start until it is ready."""


def main() -> int:
    """Measure, and print the tables."""
    asked = _arguments()
    console = Console()
    if asked.held:
        return _scale_out(console, asked.held, asked.real_pages)
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder, LocalKafka(Path(folder)) as kafka:
        servers = kafka.bootstrap_servers
        cheap = [cheap_page(f"p{n}", articles=1) for n in range(asked.pages)]
        noop = [
            _measured(f"no-op, {delivery}", settings_for(servers, partitions=6, delivery=delivery), cheap)
            for delivery in ("exactly-once", "at-least-once")
        ]
        bare = _bare(servers, cheap)
        real = [_real(servers, asked.real_pages, workers, 1) for workers in (1, 2)]
        wide = _real(servers, asked.real_pages // 2, 1, 2)
        held = [_held(servers, partitions) for partitions in (1, 3, 100)]
        rate = min(run.rate for run in noop) / 2
        late = {
            delivery: asyncio.run(_latencies(settings_for(servers, partitions=6, delivery=delivery), rate))
            for delivery in ("exactly-once", "at-least-once")
        }
    console.print(_rates([*noop, bare, *real, wide]))
    console.print(_shares(real, wide))
    console.print(_late(late, rate))
    console.print(_holding(held))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=4_000, help="no-op pages of each run")
    parser.add_argument("--real-pages", type=int, default=600, help="real pages of each run")
    parser.add_argument("--held", type=float, help="scale-out alone, each worker held to this share of a core")
    return parser.parse_args()


def _scale_out(console: Console, share: float, count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder, LocalKafka(Path(folder)) as kafka:
        try:
            runs = [_real(kafka.bootstrap_servers, count * many, many, 1, share) for many in (1, 2, 3)]
        except Unheld as error:
            console.print(str(error))
            return 1
    console.print(_rates(runs))
    shown = Table("workers", "of linear", "goal", title=f"Scale-out, each worker held to {share:g} of a core")
    for many, run in enumerate(runs, 1):
        shown.add_row(str(many), f"{run.rate / runs[0].rate / many:.2f}", ">= 0.92")
    console.print(shown)
    return 0


def _measured(name: str, made: Settings, pages: list[RawPage], workers: int = 1, share: float | None = None) -> Run:
    """Workers start on an empty topic and are warm when the pages come; with `share` each is held to it from then."""
    topics.create(made)
    with _fleet() as fleet, ExitStack() as stack:
        hired = [fleet.worker(made).start() for _ in range(workers)]
        until(lambda: all(worker.is_ready() for worker in hired), "workers that are ready")
        held = shares(share, [worker.pid for worker in hired]) if share else nullcontext()
        stack.enter_context(held)
        before = [_cpu(worker) for worker in hired]
        rest = load = max(_memory(worker) for worker in hired)
        begun = time.monotonic()
        feeding = threading.Thread(target=_feed, args=(made, pages))
        feeding.start()
        feeding.join()
        while lag(made):
            load = max(load, *(_memory(worker) for worker in hired))
            time.sleep(POLL_SECONDS)  # a look is not free, and the workers need the machine
        seconds = time.monotonic() - begun
        after = [_cpu(worker) for worker in hired]
    spent = [sum(a[i] - b[i] for a, b in zip(after, before, strict=True)) * 1000 / len(pages) for i in (0, 1)]
    return Run(name, len(pages), seconds, spent[0], spent[1], rest, load)


def _feed(made: Settings, pages: list[RawPage]) -> None:
    """Pages sent by librdkafka: a client in Python would take the core that a second worker needs."""
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": made.kafka.bootstrap_servers})
    for page in pages:
        producer.produce(made.topics.pages, page.value, page.key, headers=list(page.headers))
        while len(producer) > MOST_QUEUED:
            producer.poll(POLL_SECONDS)
    producer.flush()


@contextmanager
def _fleet() -> Iterator[Fleet]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        fleet = Fleet(Path(folder))
        try:
            yield fleet
        finally:
            fleet.end()


def _cpu(worker: Worker) -> tuple[float, float]:
    own = psutil.Process(worker.pid).cpu_times()
    below = [child.cpu_times() for child in worker.children()]
    return own.user + own.system, sum(times.user + times.system for times in below)


def _memory(worker: Worker) -> float:
    total = 0
    for process in (psutil.Process(worker.pid), *worker.children()):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / MEGABYTE


def _real(servers: str, count: int, workers: int, children: int, share: float | None = None) -> Run:
    found = [raw_page(html) for pages in real_pages(REAL_PAGES).values() for html in pages]
    pages = [page for page in found if len(page.value) < LARGEST]
    made = settings_for(servers, partitions=6, page_work=REAL_WORK, children=children)
    many = [replace(pages[n % len(pages)], key=f"p{n}".encode()) for n in range(count)]  # on every partition
    name = f"real pages, {workers} worker{'s' * (workers > 1)} of {children} child{'ren' * (children > 1)}"
    return _measured(name, made, many, workers, share)


def _held(servers: str, partitions: int) -> Held:
    made = settings_for(servers, partitions=partitions, page_work=REAL_WORK)
    topics.create(made)
    with _fleet() as fleet:
        begun = time.monotonic()
        worker = fleet.worker(made).started()
        seconds = time.monotonic() - begun
        process = psutil.Process(worker.pid)
        sockets = len(process.net_connections("tcp"))
        return Held(partitions, sockets, process.memory_info().rss / MEGABYTE, seconds)


def _bare(servers: str, pages: list[RawPage]) -> Run:
    """The least that could do it: one process, no children, no order to keep, transactions of 100 pages."""
    made = settings_for(servers, partitions=6)
    topics.create(made)
    _feed(made, pages)
    process = psutil.Process()
    before, begun = process.cpu_times(), time.monotonic()
    _bare_loop(servers, made, len(pages))
    after, seconds = process.cpu_times(), time.monotonic() - begun
    spent = (after.user + after.system - before.user - before.system) * 1000 / len(pages)
    memory = process.memory_info().rss / MEGABYTE
    return Run("no-op, bare confluent-kafka", len(pages), seconds, spent, 0.0, memory, memory)


def _bare_loop(servers: str, made: Settings, count: int) -> None:
    from confluent_kafka import Consumer, Producer

    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": made.kafka.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer({"bootstrap.servers": servers, "transactional.id": uuid4().hex})
    producer.init_transactions(60)
    consumer.subscribe([made.topics.pages])
    with closing(consumer):
        while count:
            messages = consumer.consume(100, 1.0)
            if not messages:
                continue
            producer.begin_transaction()
            for message in messages:
                page = json.loads(message.value() or b"")
                key = f"{page['id']}#0"
                producer.produce(made.topics.articles, json.dumps({"id": key, "pad": ""}), key)
                producer.produce(
                    made.topics.outcomes, json.dumps({"page": page["id"], "articles": [key]}), message.key()
                )
            producer.send_offsets_to_transaction(
                consumer.position(consumer.assignment()), consumer.consumer_group_metadata()
            )
            producer.commit_transaction()
            count -= len(messages)


async def _latencies(made: Settings, rate: float) -> list[float]:
    """Seconds from a page sent to its outcome seen, at so many pages a second."""
    topics.create(made)
    sent: dict[bytes, float] = {}
    late: list[float] = []
    count = int(rate * LATENCY_SECONDS)
    with _fleet() as fleet:
        worker = fleet.worker(made).start()
        await asyncio.to_thread(until, worker.is_ready, "a worker that is ready")
        reader = AIOKafkaConsumer(
            made.topics.outcomes,
            bootstrap_servers=made.kafka.bootstrap_servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        async with reader, AIOKafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, acks="all") as producer:
            feeding = asyncio.create_task(_send(producer, made.topics.pages, rate, count, sent))
            async for record in reader:
                late.append(time.monotonic() - sent[record.key or b""])
                if len(late) == count:
                    break
            await feeding
    return sorted(late[len(late) // 5 :])  # the first fifth warms up


async def _send(producer: AIOKafkaProducer, topic: str, rate: float, count: int, sent: dict[bytes, float]) -> None:
    begun = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        page = cheap_page(f"p{number}", articles=1)
        sent[page.key or b""] = time.monotonic()
        await producer.send(topic, page.value, page.key)


def _rates(runs: list[Run]) -> Table:
    columns = ("run", "pages/s", "stream CPU ms/page", "children CPU ms/page", "MB at rest", "MB at load")
    shown = Table(*columns, title="Rates")
    for run in runs:
        numbers = (run.rate, run.stream_cpu_ms, run.child_cpu_ms, run.rest_mb, run.load_mb)
        shown.add_row(run.name, *(f"{number:.3g}" if number < 100 else f"{number:.0f}" for number in numbers))
    return shown


def _shares(real: list[Run], wide: Run) -> Table:
    one, two = real
    shown = Table("of real page work", "figure", "goal", title="Shares")
    shown.add_row("Kafka and Faust, of the children's CPU", f"{one.stream_cpu_ms / one.child_cpu_ms:.1%}", "<= 10 %")
    shown.add_row("two workers over one, pages/s", f"{two.rate / one.rate:.2f}x", ">= 1.85x where cores are free")
    shown.add_row("a worker of two children at load, MB", f"{wide.load_mb:.0f}", "<= 400")
    return shown


def _holding(held: list[Held]) -> Table:
    shown = Table("partitions", "sockets", "MB beside the children", "s until ready", title="A worker at rest")
    for one in held:
        shown.add_row(str(one.partitions), str(one.sockets), f"{one.own_mb:.0f}", f"{one.seconds:.1f}")
    return shown


def _late(late: dict[str, list[float]], rate: float) -> Table:
    shown = Table("delivery", "p50 ms", "p99 ms", "goal", title=f"Page to visible at {rate:.0f} pages/s")
    for delivery, seconds in late.items():
        cuts = statistics.quantiles(seconds, n=100)
        goal = "80 / 250" if delivery == "exactly-once" else ""
        shown.add_row(delivery, f"{cuts[49] * 1000:.0f}", f"{cuts[98] * 1000:.0f}", goal)
    return shown


if __name__ == "__main__":
    sys.exit(main())
