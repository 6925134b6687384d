"""`outcomes`, `watch-yield` and the word back to Scrapy, on a real topic."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from kafka import KafkaProducer

from broadsheet.runtime.settings import Settings
from tests.fleet import BROADSHEET, environment
from tests.kafka.clients import create
from tests.scrapy.site import site
from tests.scrapy.test_crawl import crawl

pytestmark = pytest.mark.kafka
HOUR = 3_600_000
Make = Callable[..., Settings]


def write(made: Settings, host: str, good: int, bad: int, at: int) -> None:
    """Outcomes of a host at a time in milliseconds."""
    with closing(KafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, acks="all")) as producer:
        for number in range(good + bad):
            page = dict.fromkeys(("page_id", "source", "topic", "partition", "offset", "fetched_at", "sha256"))
            outcome = {
                "schema": "outcome/1",
                "page": {"url": f"http://{host}/{number}", **page},
                "result": "articles" if number < good else "none",
                "articles": [f"{host}-{number}"] if number < good else [],
                "reason": None if number < good else "listing",
                "detail": None,
                "timings_ms": {},
            }
            producer.send(made.topics.outcomes, json.dumps(outcome).encode(), timestamp_ms=at)
        producer.send(made.topics.outcomes, b"no outcome", timestamp_ms=at)
        producer.flush(30)


def run(made: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BROADSHEET, *arguments], env=environment(made), capture_output=True, text=True, timeout=60, check=False
    )


def test_the_word_back(settings: Make, tmp_path: Path) -> None:
    """A site whose layout changed shows in the table, the report, the exit code of the watch, and a crawl's log."""
    topic = f"outcomes-{uuid4().hex}"  # of its own: ours carry the broker's time, and these are to be days old
    made, now = settings(topics={"outcomes": topic}), int(time.time() * 1000)
    create(made.kafka.bootstrap_servers, topic)
    assert run(made, "outcomes").returncode == 1, "nothing there yet"
    assert run(made, "watch-yield").returncode == 0
    write(made, "<b>.steady.example", 40, 2, now - 48 * HOUR)
    write(made, "127.0.0.1", 40, 2, now - 48 * HOUR)
    assert run(made, "watch-yield").returncode == 0
    write(made, "127.0.0.1", 2, 40, now + 60_000)  # a minute on, so that the hour may turn meanwhile

    watched = run(made, "watch-yield")
    assert watched.returncode == 1, watched.stderr
    assert watched.stdout == "127.0.0.1: 5% of 42 pages gave articles, 95% of 42 before; mostly listing\n"
    assert run(made, "watch-yield", "--least", "43").returncode == 0

    table = run(made, "outcomes", "--by", "site")
    assert table.returncode == 0
    assert re.search(r"127\.0\.0\.1 +│ +84 │ +42 │ +50% │ +42 │ +0 │", table.stdout), table.stdout
    assert "3 records of" in table.stderr
    rows = [json.loads(line) for line in run(made, "outcomes", "--json").stdout.splitlines()]
    assert (rows[0]["name"], rows[0]["results"]["none"]) == ("127.0.0.1", 42)

    report = tmp_path / "yields.html"
    assert run(made, "outcomes", "--html", str(report)).returncode == 0
    told = report.read_text()
    assert "<b>.steady" not in told
    drawn = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", told, re.DOTALL)]
    assert len(drawn) == 3, "all together, and each site"
    assert [{bar.get("class") for bar in svg} for svg in drawn] == [{"articles", "none"}] * 3

    with site() as address:
        extensions = '{"broadsheet.scrapy.YieldExtension": 500}'
        counted, log = crawl(made, address, tmp_path, "Middleware", EXTENSIONS=extensions)
    assert counted["reason"] == "finished"
    assert log.count("Broadsheet: the yield of a site has fallen: 127.0.0.1: 5% of 42 pages") == 1, log
    assert "'broadsheet/yields_fallen': 1" in log
    assert "Traceback" not in log


def test_a_question_that_cannot_be_answered(settings: Make) -> None:
    made = settings(topics={"outcomes": "no-such-topic"})
    for command in ("outcomes", "watch-yield"):
        done = run(made, command)
        assert done.stderr == "Error: topic no-such-topic is missing: make it with `broadsheet topics create`\n"
        assert done.returncode == (2 if command == "watch-yield" else 1)
    assert run(made, "outcomes", "--since", "yesterday").returncode == 2
