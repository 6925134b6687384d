"""`broadsheet tail` as a process, on a real topic."""

import asyncio
import os
import signal
import sys
from operator import itemgetter
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from broadsheet.runtime.settings import TopicSettings
from tests.feed.conftest import Produce
from tests.feed.records import record

pytestmark = pytest.mark.kafka
COMMAND = [sys.executable, "-c", "from broadsheet.cli import main; main()", "--bootstrap-servers"]
OUTCOME: dict[str, Any] = {
    "schema": "outcome/1",
    "page": dict.fromkeys(("url", "page_id", "source", "topic", "partition", "offset", "fetched_at", "sha256")),
    "result": "none",
    "articles": [],
    "reason": "listing",
    "detail": None,
    "timings_ms": {},
}


async def start(servers: str, topics: TopicSettings, *arguments: str) -> asyncio.subprocess.Process:
    names = {f"BROADSHEET_TOPICS__{name.upper()}": getattr(topics, name) for name in ("articles", "outcomes", "dead")}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *COMMAND, servers, "tail", *arguments, env={**os.environ, **names}, stdout=pipe, stderr=pipe
    )


async def run(servers: str, topics: TopicSettings, *arguments: str) -> tuple[int | None, str, str]:
    process = await start(servers, topics, *arguments)
    out, said = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), said.decode()


async def test_articles_are_shown_as_people_read_them(
    kafka: str, fresh_topics: TopicSettings, produce: Produce
) -> None:
    await produce("a", record("a", headline="A \x1b[31mred\x1b[0m [bold]ferry[/bold]"), 0)
    await produce("a", b"not an article", 0)
    await produce("a", None, 0)
    code, out, said = await run(kafka, fresh_topics, "--from-beginning", "-n", "2")
    assert code == 0
    assert out.splitlines() == [
        "A \ufffd[31mred\ufffd[0m [bold]ferry[/bold]",
        "2026-03-02T06:30:00+01:00 · Harbour Post · en · Local",
        "The ferry left at seven. Nobody was left behind on the quay.",
        "https://harbour-post.example/news/a",
        "",
        "– withdrawn: a",
    ]
    assert said.startswith(f"skipped: {fresh_topics.articles} partition 0 offset 1: ")
    assert said.count("\n") == 1


async def test_json_is_the_record(kafka: str, fresh_topics: TopicSettings, produce: Produce) -> None:
    await produce("a", record("a"), 0)
    await produce("b", record("b"), 1)
    code, out, _ = await run(kafka, fresh_topics, "--json", "--from-beginning", "--count", "2")
    assert code == 0
    shown = sorted(map(orjson.loads, out.splitlines()), key=itemgetter("id"))  # partitions come in any order
    assert shown == [orjson.loads(record(i)) for i in ("a", "b")]


async def test_outcomes_and_dead_letters_are_a_line_each(kafka: str, fresh_topics: TopicSettings) -> None:
    url = "https://harbour-post.example/x"
    headers = [
        *(("dead-reason", b"timeout"), ("dead-detail", b"took longer than 30 s"), ("dead-attempts", b"2")),
        *(("dead-origin", b"pages.raw/1/7"), ("dead-at", b"2026-03-02T07:00:00Z")),
    ]
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        none = {**OUTCOME, "page": {**OUTCOME["page"], "url": url}}
        await producer.send_and_wait(fresh_topics.outcomes, orjson.dumps(none), partition=0)
        await producer.send_and_wait(fresh_topics.dead, b"<p>", url.encode(), headers=headers)
    code, out, _ = await run(kafka, fresh_topics, "outcomes", "--from-beginning", "-n", "1")
    assert (code, out) == (0, f"○ no article (listing): {url}\n")
    code, out, _ = await run(kafka, fresh_topics, "dead", "--from-beginning", "-n", "1")
    assert (code, out) == (0, f"✗ timeout: {url} (pages.raw/1/7, 3 bytes): took longer than 30 s\n")


async def test_it_follows_until_it_is_stopped(kafka: str, fresh_topics: TopicSettings, produce: Produce) -> None:
    await produce("old", record("old"), 0)
    process = await start(kafka, fresh_topics, "--json")
    assert process.stdout is not None
    lines = asyncio.ensure_future(process.stdout.readline())
    number = 0
    while not lines.done():  # it starts at the end, whenever it comes to that: go on until it shows one
        await produce("new", record(f"new{number}"), 0)
        number += 1
        await asyncio.wait({lines}, timeout=0.2)
        assert number < 300
    assert orjson.loads(lines.result())["id"].startswith("new")
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, said) == (0, b"")


async def test_a_topic_that_is_not_there_is_one_line(kafka: str, fresh_topics: TopicSettings) -> None:
    code, out, said = await run(kafka, fresh_topics, "no-such-topic")
    assert (code, out) == (1, "")
    assert said == "Error: topic no-such-topic is missing: make it with `broadsheet topics create`\n"
