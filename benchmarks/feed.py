"""`make bench-feed`: whether /live is answered in time while clients pull a window of very large articles.

    python -m benchmarks.feed --records 60 --megabytes 4

A real broker, and `broadsheet feed` as its own process. /live is asked every 20 ms: first alone, then while three
clients pull the page and both feeds again and again, then while as many streams as there are records are open from
different places and nobody reads them. Resident memory is of the server alone. Wall times of a busy machine are longer;
the first row tells by how much.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil
from aiohttp import ClientSession, ClientTimeout
from aiokafka import AIOKafkaProducer
from rich.console import Console
from rich.table import Table

from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalKafka
from broadsheet.runtime.settings import KafkaSettings, Settings, TopicSettings

MEGABYTE = 1_000_000
PATHS = ("/", "/feed.json", "/feed.atom")
PROBE_SECONDS = 0.02
PARTITIONS = 2


@dataclass(frozen=True)
class Row:
    """What /live took while something went on, in milliseconds, and the server's most memory then, in megabytes."""

    name: str
    live_ms: list[float]
    memory: float
    note: str


def main() -> int:
    """Measure, and print the table."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder, LocalKafka(Path(folder)) as kafka:
        settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap_servers), topics=TopicSettings(partitions=PARTITIONS)
        )
        topics.create(settings)
        rows = asyncio.run(_measured(settings, asked))
    Console(width=140).print(_table(rows, asked))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=60)
    parser.add_argument("--megabytes", type=float, default=4.0, help="of each record")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measurement")
    return parser.parse_args()


async def _measured(settings: Settings, asked: argparse.Namespace) -> list[Row]:
    await _fill(settings, asked.records, int(asked.megabytes * MEGABYTE))
    timeout = ClientTimeout(total=None)
    async with _server(settings) as (address, process), ClientSession(timeout=timeout, auto_decompress=False) as http:
        quiet = await _while(http, address, process, "nobody else", asked.seconds, _nothing)
        pulled: dict[str, list[tuple[float, int]]] = {path: [] for path in PATHS}
        pulling = await _while(
            http, address, process, "page and feeds are pulled", asked.seconds, lambda: _pull(http, address, pulled)
        )
        stuck = await _while(
            http, address, process, "streams that nobody reads", asked.seconds, lambda: _stand(address, asked.records)
        )
    return [quiet, Row(pulling.name, pulling.live_ms, pulling.memory, _said(pulled)), stuck]


async def _fill(settings: Settings, records: int, size: int) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=settings.kafka.bootstrap_servers, max_request_size=2 * size + MEGABYTE
    ) as producer:
        for n in range(records):
            value = _record(f"a{n}", size)
            await producer.send_and_wait(settings.topics.articles, value, f"a{n}".encode(), n % PARTITIONS)


def _record(article_id: str, size: int) -> bytes:
    """An article of about so many bytes, half in its text and half in its blocks, a paragraph of 80 bytes each."""
    sentence = "The ferry left the harbour at seven & nobody was left behind on the “quay” here."
    paragraphs = [sentence] * (size // (2 * len(sentence.encode()) + 40))
    return orjson.dumps(
        {
            "schema": "article/1",
            "id": article_id,
            "url": f"https://harbour-post.example/{article_id}",
            "headline": f"Ferry {article_id} leaves on time",
            "body_text": "\n\n".join(paragraphs),
            "blocks": [{"type": "paragraph", "text": text} for text in paragraphs],
            "authors": [{"name": "Ada Quill", "url": None}],
            "published_at": "2026-03-02T06:30:00+01:00",
            "language": {"code": "en", "confidence": 0.99},
            "site": {"domain": "harbour-post.example", "name": "Harbour Post"},
            "section": "Local",
            "keywords": ["ferry"],
        }
    )


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[tuple[str, psutil.Process]]:
    """`broadsheet feed` as a process: its address once it serves, and the process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from broadsheet.cli import main; main()"),
        *("--bootstrap-servers", settings.kafka.bootstrap_servers, "feed", "--port", "0"),
        env={**os.environ, "BROADSHEET_TOPICS__ARTICLES": settings.topics.articles, "BROADSHEET_LOG__LEVEL": "ERROR"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        yield line.split()[-1].rstrip("/"), psutil.Process(process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _while(
    http: ClientSession,
    address: str,
    process: psutil.Process,
    name: str,
    seconds: float,
    work: Callable[[], Awaitable[None]],
) -> Row:
    """Ask /live again and again while the work goes on."""
    working = asyncio.ensure_future(work())
    live, memory, until = [], 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        live.append(1000 * (await _get(http, f"{address}/live"))[0])
        memory = max(memory, process.memory_info().rss / MEGABYTE)
        await asyncio.sleep(PROBE_SECONDS)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    return Row(name, live, memory, "")


async def _get(http: ClientSession, url: str) -> tuple[float, int]:
    """Seconds and bytes of one answer. It is read in pieces and thrown away: this process must not be what is slow."""
    began, size = time.monotonic(), 0
    async with http.get(url, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status == 200, answer.status
        async for piece in answer.content.iter_any():
            size += len(piece)
    return time.monotonic() - began, size


async def _nothing() -> None:
    return


async def _pull(http: ClientSession, address: str, pulled: dict[str, list[tuple[float, int]]]) -> None:
    async def again(path: str) -> None:
        while True:
            pulled[path].append(await _get(http, address + path))

    await asyncio.gather(*(again(path) for path in PATHS))


async def _stand(address: str, streams: int) -> None:
    """Open streams from the first records on and read nothing."""
    host, port = address.removeprefix("http://").split(":")
    writers = []
    for n in range(streams):
        _, writer = await asyncio.open_connection(host, int(port), limit=1024)
        writer.write(f"GET /stream?after=0:{n // PARTITIONS},1:{n // PARTITIONS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        writers.append(writer)
    try:
        await asyncio.Event().wait()
    finally:
        for writer in writers:
            writer.transport.abort()


def _said(pulled: dict[str, list[tuple[float, int]]]) -> str:
    parts = []
    for path, answers in pulled.items():
        if answers:
            seconds = statistics.median(taken for taken, _ in answers)
            parts.append(f"{path} {1000 * seconds:.0f} ms, {max(size for _, size in answers) / MEGABYTE:.2f} MB")
        else:
            parts.append(f"{path} no answer")
    return "; ".join(parts)


def _table(rows: list[Row], asked: argparse.Namespace) -> Table:
    table = Table(title=f"{asked.records} records of {asked.megabytes:g} MB")
    for name in ("While", "/live p50 ms", "p99 ms", "most ms", "asked", "memory MB", "an answer (median, most)"):
        table.add_column(name)
    for row in rows:
        ordered = sorted(row.live_ms)
        p50, p99 = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
        numbers = (f"{p50:.1f}", f"{p99:.1f}", f"{ordered[-1]:.1f}", str(len(ordered)), f"{row.memory:.0f}")
        table.add_row(row.name, *numbers, row.note)
    return table


if __name__ == "__main__":
    sys.exit(main())
