"""The demo as people run it: a process of its own, without and with a terminal, ended in every way."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from kafka import KafkaAdminClient

from broadsheet.samples import samples
from tests.cli.running import COMMAND, broadsheet, environment, error_line

pytestmark = pytest.mark.kafka

HEADLINES = [headline for sample in samples() for headline in sample.headlines]
DONE = "Every sample page gave what it should."
PATIENCE = 240


class Terminal:
    """A demo at a terminal of its own; what it says is read while it runs."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._side, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, "demo"], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**variables)
        )
        os.close(theirs)
        self.said = ""

    def wait_for(self, words: str) -> None:
        """Read until it has said so."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.said:
            assert time.monotonic() < deadline, f"not said: {words}\n{self.said}"
            assert self._read(), f"ended without saying: {words}\n{self.said}"

    def read_to_end(self) -> None:
        while self._read():
            pass

    def _read(self) -> bool:
        """Whether there may be more to come."""
        ready, _, _ = select.select([self._side], [], [], 1)
        try:
            part = os.read(self._side, 65536).decode(errors="replace") if ready else ""
        except OSError:  # the other side is closed
            return False
        self.said += part
        return bool(part) or not ready

    def descendants(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


@contextmanager
def at_terminal(folder: Path, **variables: str) -> Iterator[Terminal]:
    terminal = Terminal(folder, **variables)
    try:
        terminal.wait_for("Ctrl-C ends it all.")
        yield terminal
    finally:
        terminal.process.kill()
        terminal.process.wait()


def assert_all_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert not alive, [(process.pid, process.cmdline()[:6]) for process in alive]


def test_at_a_terminal_it_stays_up_until_ctrl_c(tmp_path: Path, kafka: str) -> None:
    with at_terminal(tmp_path, BROADSHEET_KAFKA__BOOTSTRAP_SERVERS=kafka) as demo:
        assert DONE in demo.said
        feed = re.search(r"feed +(http://\S+)", demo.said)
        assert feed is not None
        with urllib.request.urlopen(f"{feed[1]}feed.json", timeout=10) as answer:
            titles = [item["title"] for item in json.load(answer)["items"]]
        assert sorted(titles) == sorted(HEADLINES)
        started = demo.descendants()
        demo.process.send_signal(signal.SIGINT)
        demo.read_to_end()
        assert demo.process.wait(60) == 0
        assert_all_gone(started)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        assert not [name for name in admin.list_topics() if name.startswith("demo-")]
    finally:
        admin.close()


def test_kill_9_takes_all_parts_along_and_the_next_run_is_clean(tmp_path: Path) -> None:
    with at_terminal(tmp_path) as demo:
        started = demo.descendants()
        assert len(started) >= 7  # a guard and its broker, the feed, two workers and their children
        demo.process.kill()
        demo.process.wait()
        assert_all_gone(started)
    run = broadsheet("demo", cwd=tmp_path, timeout=PATIENCE)  # no terminal: it ends by itself
    said = run.stdout.decode()
    assert run.returncode == 0, said + run.stderr.decode()
    assert DONE in said
    assert f"{len(samples())} pages: {len(HEADLINES)} articles, 3 without any, 1 dead letter;" in said
    assert all(headline in said for headline in HEADLINES)
    assert run.stderr == b""
    [folder] = (tmp_path / ".broadsheet" / "demo").iterdir()
    assert sorted(file.name for file in folder.iterdir()) == ["feed.log", "lock", "worker-1.log", "worker-2.log"]


def test_broker_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    run = broadsheet("--bootstrap-servers", "127.0.0.1:9", "demo", cwd=tmp_path)
    assert run.returncode == 1
    assert "127.0.0.1:9" in error_line(run)
