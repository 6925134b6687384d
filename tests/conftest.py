"""What all tests share: the broker (tests/brokers.py tells which), fresh topics, settings, Hypothesis' profiles."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from broadsheet.runtime.kafka.topics import create
from broadsheet.runtime.settings import KafkaSettings, LogSettings, Settings, TopicSettings, WebSettings
from tests.brokers import Choice, Desk, Owner, choose, missing, on_ci, running

hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
hypothesis_settings.load_profile("ci" if on_ci() else "dev")

CHOICE = pytest.StashKey[Choice]()
OWNER = pytest.StashKey[Owner]()
DESK = "broker_desk"
KEPT_VARIABLES = {"BROADSHEET_CACHE"}


def _forget_settings() -> None:
    """A developer's own settings are none of the tests' business, nor is what one test sets the next one's."""
    for variable in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        if variable not in KEPT_VARIABLES:
            del os.environ[variable]


_forget_settings()

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So a shell starts what runs in its background, and children inherit it: Ctrl-C would not reach what we test.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # a worker of xdist: the controller owns the broker
        return
    config.stash[CHOICE] = choose()
    config.stash[OWNER] = Owner(partial(running, config.stash[CHOICE]))


def pytest_report_header(config: pytest.Config) -> str | None:
    return f"kafka: {config.stash[CHOICE].line}" if CHOICE in config.stash else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where to ask for the broker."""
    node.workerinput[DESK] = str(node.config.stash[OWNER].desk.folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if OWNER in config.stash:
        config.stash[OWNER].close()


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """What a test leaves in the environment ends with it."""
    yield
    _forget_settings()


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """Bootstrap servers of the real broker of this run. None to be had: skipped, and on CI failed."""
    try:
        return _desk(request.config).ask()
    except RuntimeError as error:
        missing(f"no Kafka for this test: {error}")


def _desk(config: pytest.Config) -> Desk:
    from pathlib import Path

    if OWNER in config.stash:
        return config.stash[OWNER].desk
    return Desk(Path(config.workerinput[DESK]))  # type: ignore[attr-defined]


@pytest.fixture
def fresh_topics(kafka: str) -> Iterator[TopicSettings]:
    """Topics of this test alone, created on the broker, with two partitions each."""
    run = uuid4().hex[:10]
    topics = TopicSettings(
        pages=f"{run}.pages.raw",
        articles=f"{run}.articles",
        outcomes=f"{run}.pages.outcomes",
        dead=f"{run}.pages.dead",
        partitions=2,
    )
    create(Settings(kafka=KafkaSettings(bootstrap_servers=kafka), topics=topics))
    yield topics
    if "KAFKA_BOOTSTRAP" in os.environ:  # another's broker is left as it was found
        _delete(kafka, topics)


@pytest.fixture
def settings(kafka: str, fresh_topics: TopicSettings) -> Callable[..., Settings]:
    """A maker of settings for this test's topics and a group of its own; sections are given as dicts or values.

    `settings(worker={"children": 1}, kafka={"session_timeout": 6})`: what is not given is fit for a test.
    """
    group = f"g-{fresh_topics.pages}"

    def make(**sections: Any) -> Settings:
        given: dict[str, Any] = {
            "kafka": KafkaSettings(**{"bootstrap_servers": kafka, "group": group, **sections.pop("kafka", {})}),
            "topics": fresh_topics.model_copy(update=sections.pop("topics", {})),
            "web": WebSettings(**{"port": 0, **sections.pop("web", {})}),
            "log": LogSettings(**{"format": "json", **sections.pop("log", {})}),
        }
        return Settings(**given, **sections)

    return make


def _names(topics: TopicSettings) -> list[str]:
    return [topics.pages, topics.articles, topics.outcomes, topics.dead]


def _delete(kafka: str, topics: TopicSettings) -> None:
    from kafka import KafkaAdminClient

    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.delete_topics(_names(topics))
    finally:
        admin.close()
