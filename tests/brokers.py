"""Which Kafka the tests run against, and who owns it.

The choice, the first that can be had: the broker that KAFKA_BOOTSTRAP names; Docker through testcontainers where a
daemon answers and the image is there (off CI only: on CI a few marked tests go through Docker, the rest are faster on
the local broker); the local broker. One broker serves a whole run, with and without pytest-xdist: the controlling
process owns it, starts it when the first test asks, and ends it with the run.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

import pytest

POLL = 0.05
START_TIMEOUT = 300.0
"""Seconds for a worker of xdist to be told the address: a first download and a start on a loaded machine."""


def on_ci() -> bool:
    """Whether this run must not skip what it cannot have."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which broker, and the line about it for pytest's header."""

    kind: Literal["named", "docker", "local"]
    line: str


def choose() -> Choice:
    """The broker of this run; nothing is started yet."""
    if named := os.environ.get("KAFKA_BOOTSTRAP"):
        return Choice("named", f"{named} (KAFKA_BOOTSTRAP)")
    if on_ci():
        return Choice("local", "local broker (CI; tests marked docker use testcontainers)")
    from tests.docker_kafka import image_or_reason

    image, reason = image_or_reason()
    if image is not None:
        return Choice("docker", f"testcontainers, image {image}")
    return Choice("local", f"local broker ({reason})")


@contextmanager
def running(choice: Choice) -> Iterator[str]:
    """The chosen broker's bootstrap servers, for as long as the context lasts."""
    if choice.kind == "named":
        yield os.environ["KAFKA_BOOTSTRAP"]
    elif choice.kind == "docker":
        from tests.docker_kafka import running_container

        with running_container() as address:
            yield address
    else:
        with local() as address:
            yield address


@contextmanager
def local() -> Iterator[str]:
    """A local broker on a folder of its own, removed afterwards."""
    from broadsheet.runtime.local_kafka import LocalKafka
    from broadsheet.runtime.settings import Settings

    data = Path(tempfile.mkdtemp(prefix="broadsheet-kafka-"))
    try:
        with LocalKafka(data, cache=Settings().cache) as kafka:
            yield kafka.bootstrap_servers
    finally:
        shutil.rmtree(data, ignore_errors=True)


def require_local() -> Path:
    """The cache folder with Kafka in it, for tests that start brokers of their own. None to be had: see `missing`."""
    from broadsheet.runtime.local_kafka import LocalKafkaError
    from broadsheet.runtime.local_kafka.install import installed
    from broadsheet.runtime.settings import Settings

    cache = Settings().cache
    try:
        installed(cache)
    except LocalKafkaError as error:
        missing(f"no local Kafka: {error}")
    return cache


def missing(what: str, *, expected: bool = True) -> NoReturn:
    """End a test that lacks a real part: skipped with the reason; on CI failed, where this machine could have it."""
    if on_ci() and expected:
        pytest.fail(what)
    pytest.skip(what)


class Desk:
    """A folder where tests ask for the broker and its owner answers: `wanted`, then `address` or `trouble`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self) -> str:
        """The bootstrap servers. Raises RuntimeError with the reason where there is no broker."""
        (self.folder / "wanted").touch()
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            for answer in ("address", "trouble"):
                if (file := self.folder / answer).exists():
                    return _address(answer, file.read_text())
            time.sleep(POLL)
        raise RuntimeError(f"no broker within {START_TIMEOUT:.0f} s")

    def is_wanted(self) -> bool:
        return (self.folder / "wanted").exists()

    def answer(self, name: Literal["address", "trouble"], text: str) -> None:
        """Put the answer there whole: it is seen all or not at all."""
        draft = self.folder / f"{name}.draft"
        draft.write_text(text)
        draft.rename(self.folder / name)


def _address(answer: str, text: str) -> str:
    if answer == "trouble":
        raise RuntimeError(text)
    return text


class Owner:
    """Starts the broker once a test wants it, in a thread; `close` stops it and removes the desk."""

    def __init__(self, start: Callable[[], AbstractContextManager[str]]) -> None:
        self.desk = Desk(Path(tempfile.mkdtemp(prefix="broadsheet-tests-")))
        self._start = start
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="broker-owner", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self.desk.is_wanted():
            if self._over.wait(POLL):
                return
        try:
            with self._start() as address:
                self.desk.answer("address", address)
                self._over.wait()
        except Exception as error:
            self.desk.answer("trouble", f"{type(error).__name__}: {error}")

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        shutil.rmtree(self.desk.folder, ignore_errors=True)
