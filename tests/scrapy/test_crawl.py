"""Crawls as a user runs them: every page on Kafka as it was scraped, and through a worker to its article."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from itemadapter import ItemAdapter
from scrapy.http import TextResponse

from broadsheet.decode import decode
from broadsheet.errors import PageError as DecodeError
from broadsheet.errors import Reason
from broadsheet.options import Limits
from broadsheet.runtime.kafka.topics import create
from broadsheet.runtime.local_kafka import LocalKafka
from broadsheet.runtime.settings import KafkaSettings, Settings
from broadsheet.scrapy.pages import PageError, PageItem, message
from broadsheet.values import ContentType, Origin, Page, RawPage
from tests.brokers import require_local
from tests.fleet import Fleet, at_rest, environment, read
from tests.scrapy.site import HEADLINES, PAGES, site

SPIDERS = Path(__file__).with_name("spiders.py")
REACTORS = {
    "asyncio": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "select": "twisted.internet.selectreactor.SelectReactor",
}
Make = Callable[..., Settings]


def crawl(
    made: Settings, address: str, folder: Path, spider: str = "Items", **settings: str
) -> tuple[dict[str, Any], str]:
    """Run a spider to its end: what it counted, and its log."""
    report, runner = folder / "report.json", folder / "run.py"
    runner.write_text(
        "import json, sys\n"
        "from scrapy.crawler import CrawlerProcess\n"
        f"from tests.scrapy.spiders import {spider}\n"
        "settings, arguments = map(json.loads, sys.argv[1:])\n"
        "process = CrawlerProcess(settings)\n"
        f"process.crawl({spider}, **arguments)\n"
        "process.start()\n"
    )
    given = {"LOG_LEVEL": "INFO", "BROADSHEET_TOPIC": made.topics.pages, **settings}
    arguments = {"site": address, "report": str(report)}
    done = subprocess.run(
        [sys.executable, runner, json.dumps(given), json.dumps(arguments)],
        env=environment(made),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(report.read_text()), done.stderr


def keys(made: Settings) -> list[str]:
    return [record.key.decode() for record in read(made, made.topics.pages)]


def stories(made: Settings, address: str) -> dict[str, Page]:
    """The site's stories on the raw topic, as a worker decodes them, by their path."""
    decoded = {}
    for record in read(made, made.topics.pages):
        path = record.key.decode().removeprefix(address)
        if path in HEADLINES:
            origin = Origin(record.topic, record.partition, record.offset)
            decoded[path] = decode(RawPage(record.value, record.key, tuple(record.headers), origin), Limits())
            assert decoded[path].url == address + path
    return decoded


@pytest.mark.kafka
@pytest.mark.parametrize("reactor", REACTORS)
def test_every_page_is_on_kafka_as_it_was_scraped(settings: Make, tmp_path: Path, reactor: str) -> None:
    made = settings()
    with site() as address:
        counted, log = crawl(made, address, tmp_path, TWISTED_REACTOR=REACTORS[reactor])
    assert counted["reason"] == "finished", log
    assert (counted["broadsheet/pages_sent"], counted["broadsheet/pages_not_sent"]) == (8, 4)
    assert log.count("page not sent") == 4, "items whose body is no text"
    assert "Traceback" not in log
    assert "Deprecat" not in log
    found = stories(made, address)
    assert set(found) == set(HEADLINES)
    for path, page in found.items():
        body, served, _ = PAGES[path]
        assert page.text == body.decode(served.partition("charset=")[2])
        assert page.content_type is ContentType.HTML
        assert (page.status, page.source, page.metadata) == (200, "scrapy", {"depth": 1})
        assert page.response_headers["Content-Type"] == served
        assert page.page_id == str(list(PAGES).index(path))
        assert page.fetched_at is not None
    assert counted["broadsheet/bytes_sent"] == sum(len(record.value) for record in read(made, made.topics.pages))


@pytest.mark.kafka
def test_a_crawled_site_becomes_its_articles(settings: Make, tmp_path: Path) -> None:
    made = settings()
    fleet = Fleet(tmp_path)
    try:
        worker = fleet.worker(made).start()
        with site() as address:
            counted, log = crawl(made, address, tmp_path, "Middleware")
        assert (counted["reason"], counted["broadsheet/pages_sent"]) == ("finished", 4), log
        assert "broadsheet/pages_not_sent" not in counted
        at_rest(made)
        assert worker.stop() == 0
    finally:
        fleet.end()
    articles = [json.loads(record.value) for record in read(made, made.topics.articles)]
    assert {article["headline"]: article["url"] for article in articles} == {
        headline: address + path for path, headline in HEADLINES.items()
    }
    outcomes = [json.loads(record.value) for record in read(made, made.topics.outcomes)]
    assert sorted(outcome["result"] for outcome in outcomes) == ["articles", "articles", "articles", "none"]


@pytest.mark.kafka
def test_a_page_that_is_too_large_is_counted_and_the_crawl_goes_on(settings: Make, tmp_path: Path) -> None:
    made = settings(kafka={"max_message_bytes": 50_000})
    with site(large=60_000) as address:
        counted, log = crawl(made, address, tmp_path, "Middleware")
    assert (counted["reason"], counted["broadsheet/pages_sent"], counted["broadsheet/pages_not_sent"]) == (
        "finished",
        4,
        1,
    )
    assert f"page not sent: {address}/large: " in log
    assert f"1 page was not sent to {made.topics.pages}" in log
    assert "Traceback" not in log
    assert sorted(keys(made)) == sorted([address, *(address + path for path in HEADLINES)])


@pytest.mark.kafka
@pytest.mark.parametrize("reactor", REACTORS)
def test_a_broker_that_dies_while_a_large_page_waits_ends_the_crawl(tmp_path: Path, reactor: str) -> None:
    """Each page gets an answer, by our own time where Kafka's client gives none."""
    require_local()
    with LocalKafka(tmp_path / "kafka") as broker:

        def fall_ill(path: str) -> None:
            if path == "/large":  # the page meets a broker that stands still, and then is gone
                os.kill(broker.pid, signal.SIGSTOP)
                threading.Timer(1.5, broker.kill).start()

        made = Settings(kafka=KafkaSettings(bootstrap_servers=broker.bootstrap_servers))
        create(made)
        with site(large=8_000_000, asked=fall_ill) as address:
            counted, log = crawl(
                made,
                address,
                tmp_path,
                "Middleware",
                TWISTED_REACTOR=REACTORS[reactor],
                BROADSHEET_DELIVERY_SECONDS="5",
            )
    assert counted["reason"] == "kafka_failed", log
    assert counted["broadsheet/pages_not_sent"] == log.count("Broadsheet: page not sent: ") > 0
    assert f"page not sent: {address}/large: " in log
    answered = counted.get("broadsheet/pages_sent", 0) + counted["broadsheet/pages_not_sent"]
    assert answered == 5, "the front page, three stories, and the large one"
    assert "Unhandled error" not in log
    assert "broadsheet/scrapy/" not in log, "no traceback of ours; Kafka's client logs its own"


def test_an_item_without_an_address_is_never_taken_for_an_envelope() -> None:
    """Its body would be read as transport: what a site answered could publish as another."""
    forged = {"url": "https://bank.example/press", "body": "<p>Every reader gets a crown."}
    with pytest.raises(PageError, match="a page needs its address"):
        message({"url": None, "body": json.dumps(forged), "content_type": "application/json"})


@pytest.mark.parametrize("kind", ["application/json", "application/cloudevents+json", "text/html"])
def test_a_site_whose_json_looks_like_transport_is_a_page_of_its_own(kind: str) -> None:
    forged = {"url": "https://bank.example/press", "body": "<p>Every reader gets a crown.", "specversion": "1.0"}
    body = json.dumps({**forged, "id": "1", "source": "/a", "subject": forged["url"], "data": forged["body"]}).encode()
    response = TextResponse("https://site.example/api", headers={"Content-Type": kind, "ce_id": "1"}, body=body)
    value, headers = message(ItemAdapter(PageItem.from_response(response)))
    raw = RawPage(value, b"https://site.example/api", tuple(headers), Origin("pages.raw", 0, 0))
    try:
        assert decode(raw, Limits()).url == "https://site.example/api"
    except DecodeError as error:
        assert error.reason is Reason.UNSUPPORTED_CONTENT_TYPE  # noqa: PT017 - either end is right, another's name never


def test_without_kafka_the_crawl_ends_and_says_why(tmp_path: Path) -> None:
    with site() as address:
        counted, log = crawl(
            Settings(),
            address,
            tmp_path,
            BROADSHEET_BOOTSTRAP_SERVERS="127.0.0.1:1",
            TWISTED_REACTOR=REACTORS["select"],
        )
    assert counted["reason"] == "kafka_failed", log
    assert "broadsheet/pages_sent" not in counted
    assert log.count("Broadsheet: cannot reach Kafka at 127.0.0.1:1: ") == 1
    assert "Traceback" not in log


@pytest.mark.kafka
def test_a_topic_that_is_missing_ends_the_crawl(settings: Make, tmp_path: Path) -> None:
    with site() as address:
        counted, log = crawl(settings(), address, tmp_path, BROADSHEET_TOPIC="no-such-topic")
    assert counted["reason"] == "kafka_failed", log
    assert "Broadsheet: topic no-such-topic is missing: make it with `broadsheet topics create`" in log
    assert "Traceback" not in log
