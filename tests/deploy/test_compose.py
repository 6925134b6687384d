"""The image and compose.yaml for real: built, brought up, pages in and articles out, taken down."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest
from kafka import KafkaConsumer

from broadsheet.runtime.local_kafka.ports import free_ports
from broadsheet.runtime.settings import Settings
from tests import kafka_image
from tests.brokers import missing
from tests.deploy.containers import REPOSITORY, Project, build, building_docker, have_base, run
from tests.docker_daemon import NoDockerError, may_run_containers, running_daemon
from tests.kafka.clients import send

pytestmark = [pytest.mark.docker, pytest.mark.kafka, pytest.mark.long, pytest.mark.timeout(1800)]

IMAGE = "broadsheet:test"
USER = "10001:10001"
WORKERS = 2
PAGES = 20
DEADLINE = 240.0


def until(ask: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not ask():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest) -> Iterator[Project]:
    """The whole line, up; down with all its volumes at the end, after its logs where a test has failed."""
    try:
        with running_daemon():
            docker = building_docker()
            have_base(docker, Settings().cache)
            build(docker, IMAGE)
            with brought_up(docker) as whole:
                yield whole
                if request.session.testsfailed:
                    print(whole.compose("logs", "--tail", "40"))
    except NoDockerError as error:
        missing(str(error), expected=may_run_containers())


@contextmanager
def brought_up(docker: str) -> Iterator[Project]:
    kafka_port, feed_port = free_ports(2)
    variables = {
        "BROADSHEET_IMAGE": IMAGE,
        "KAFKA_TEST_IMAGE": kafka_image.make(),
        "KAFKA_PORT": str(kafka_port),
        "FEED_PORT": str(feed_port),
    }
    files = (REPOSITORY / "deploy" / "compose.yaml", Path(__file__).with_name("compose.test.yaml"))
    project = Project(f"broadsheet-{uuid4().hex[:8]}", docker, files, variables)
    try:
        project.compose("up", "-d", "--no-build")
        yield project
    finally:
        project.compose("down", "-v", "-t", "5")


def healthy(project: Project, service: str, count: int) -> bool:
    states = [state["State"] for state in project.state(service)]
    good = [state for state in states if state["Health"]["Status"] == "healthy"]
    return len(good) == count


def page(number: int) -> bytes:
    paragraphs = "".join(f"<p>The ferry to Norrholm sailed for the {number}th time, {word}.</p>" for word in WORDS)
    body = f"<html><body><article><h1>Ferry {number} sails on</h1>{paragraphs}</article></body></html>"
    return json.dumps({"url": f"https://harbour.example/news/{number}", "body": body}).encode()


WORDS = [
    "the harbour office said on Monday, and the crew of twelve had slept aboard the night before the early departure",
    "while the council of the island asked for a second crossing in the afternoon, which the owners would not promise",
    "and passengers who had waited on the quay since dawn were given soup and bread by the women of the parish",
]


def test_pages_go_in_and_articles_come_out(project: Project) -> None:
    until(lambda: healthy(project, "worker", WORKERS))
    broker = f"127.0.0.1:{project.variables['KAFKA_PORT']}"
    send(broker, "pages.raw", *(page(number) for number in range(PAGES)))
    consumer = KafkaConsumer(
        "articles",
        bootstrap_servers=broker,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        consumer_timeout_ms=60_000,
    )
    headlines = {json.loads(record.value)["headline"] for _, record in zip(range(PAGES), consumer, strict=False)}
    consumer.close()
    assert headlines == {f"Ferry {number} sails on" for number in range(PAGES)}


def test_the_feed_is_up(project: Project) -> None:
    until(lambda: healthy(project, "feed", 1))

    def items() -> bool:
        with urlopen(f"http://127.0.0.1:{project.variables['FEED_PORT']}/feed.json", timeout=10) as answer:
            return len(json.load(answer)["items"]) == PAGES

    until(items)


def test_nothing_runs_as_root_or_writes_to_its_root(project: Project) -> None:
    for service in ("worker", "feed"):
        for state in project.state(service):
            assert state["Config"]["User"] == USER
            assert state["HostConfig"]["ReadonlyRootfs"] is True
            assert state["HostConfig"]["CapDrop"] == ["ALL"]


def test_a_worker_that_is_stopped_leaves_with_zero(project: Project) -> None:
    project.compose("stop", "-t", "40", "worker")
    assert [state["State"]["ExitCode"] for state in project.state("worker")] == [0] * WORKERS


def test_the_image_tells_its_version(project: Project) -> None:
    assert run(project.docker, "run", "--rm", "--read-only", IMAGE, "--version").startswith("broadsheet, version ")
