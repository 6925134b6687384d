"""Which broker a test run takes, and that on CI nothing that is missing is passed over."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.brokers import Owner, choose, missing
from tests.docker_kafka import image_or_reason


def test_a_broker_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "kafka.example:9092")
    assert choose().kind == "named"
    assert "kafka.example:9092" in choose().line


def test_on_ci_it_is_the_local_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP", raising=False)
    monkeypatch.setenv("CI", "true")
    assert choose().kind == "local"


def test_elsewhere_it_is_docker_only_where_daemon_and_image_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP", raising=False)
    monkeypatch.delenv("CI", raising=False)
    image, _ = image_or_reason()
    assert choose().kind == ("docker" if image else "local")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert choose().kind == "local"
    assert "no Docker daemon" in choose().line


def test_on_ci_what_is_missing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no broker"):
        missing("no broker")
    with pytest.raises(pytest.skip.Exception):
        missing("no daemon", expected=False)


def test_elsewhere_what_is_missing_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="no broker"):
        missing("no broker")


def test_a_broker_is_started_once_and_ended_with_its_owner() -> None:
    events: list[str] = []

    @contextmanager
    def start() -> Iterator[str]:
        events.append("up")
        yield "127.0.0.1:1"
        events.append("down")

    owner = Owner(start)
    assert events == []
    assert [owner.desk.ask(), owner.desk.ask()] == ["127.0.0.1:1"] * 2
    owner.close()
    assert events == ["up", "down"]
    assert not owner.desk.folder.exists()


def test_why_there_is_no_broker_reaches_who_asks() -> None:
    @contextmanager
    def start() -> Iterator[str]:
        raise OSError("the disk is full")
        yield ""

    owner = Owner(start)
    with pytest.raises(RuntimeError, match="the disk is full"):
        owner.desk.ask()
    owner.close()
