"""Dead letters are listed, shown and redriven; a redriven page keeps its bytes, its origin and its attempts."""

import json
import os
import pty
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaProducer

from broadsheet.errors import Reason
from broadsheet.records import read_dead
from broadsheet.runtime.children.results import Unread
from broadsheet.runtime.pages.outputs import Outputs
from broadsheet.runtime.settings import Settings
from broadsheet.values import Origin, RawPage
from tests.fleet import BROADSHEET, CHEAP, Fleet, at_rest, cheap_page, environment, publish, read, until

pytestmark = pytest.mark.kafka


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


def dead(made: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BROADSHEET, "dead", *arguments], env=environment(made), capture_output=True, text=True, check=False
    )


def listed(made: Settings, *filters: str) -> list[str]:
    found = dead(made, "list", "--json", *filters)
    assert found.returncode == 0, found.stderr
    return sorted(json.loads(line)["url"] or json.loads(line)["detail"] for line in found.stdout.splitlines())


def test_listed_shown_and_redriven(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    made = settings(worker={"page_work": CHEAP, "delivery": "exactly-once"})
    headers = (("content-type", b"text/html"), ("trace", b"1"), ("trace", b"2"))
    pages = [
        RawPage(cheap_page(f"p{n}", dead=reason).value, url.encode(), (("url", url.encode()), *headers))
        for n, (reason, url) in enumerate(
            [
                ("undecodable", "https://harbour.example/a"),
                ("timeout", "https://harbour.example/b"),
                ("timeout", "https://www.valley.example/c"),
            ]
        )
    ]
    publish(made, pages)
    worker = fleet.worker(made).started()
    worker.wait_for_pages(3)
    at_rest(made)
    assert worker.stop() == 0

    assert len(listed(made)) == 3
    assert listed(made, "--reason", "timeout") == ["https://harbour.example/b", "https://www.valley.example/c"]
    assert listed(made, "--site", "valley.example") == ["https://www.valley.example/c"]
    assert listed(made, "--since", "2999-01-01") == []
    assert len(listed(made, "--until", "2999-01-01")) == 3
    letter = next(record for record in read(made, made.topics.dead) if record.key == pages[2].key)
    place = f"{letter.partition}/{letter.offset}"
    assert listed(made, "--at", place) == ["https://www.valley.example/c"]
    assert dead(made, "show", place, "--value").stdout.encode() == pages[2].value
    assert "timeout" in dead(made, "show", place).stderr
    assert dead(made, "show", "0/99999").returncode == 1

    assert dead(made, "redrive").returncode == 2
    assert "1 pages would be redriven" in dead(made, "redrive", "--site", "valley.example", "--dry-run").stderr
    assert len(read(made, made.topics.pages)) == 3
    assert "1 pages redriven" in dead(made, "redrive", "--site", "valley.example").stderr
    assert "0 pages redriven" in dead(made, "redrive", "--site", "valley.example").stderr
    worker = fleet.worker(made).started()
    worker.wait_for_pages(1)
    assert worker.stop() == 0

    again = [record for record in read(made, made.topics.dead) if record.key == pages[2].key]
    assert [record.value for record in again] == [pages[2].value] * 2
    first, second = (read_dead(record.headers) for record in again)
    assert (first.attempts, second.attempts) == (1, 2)
    assert second.origin == first.origin
    kept = [(name, value) for name, value in again[1].headers if not name.startswith("dead-")]
    assert kept == [("url", b"https://www.valley.example/c"), *headers]
    assert "3 pages redriven" in dead(made, "redrive", "--all").stderr, "the two others, and the second letter"
    assert "4 pages redriven" in dead(made, "redrive", "--all", "--again", "--rate", "1000").stderr


def test_a_redrive_that_is_cut_off_is_taken_up(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    """Each letter is sent once, though the first redrive is killed in the middle. A second's letters go at once."""
    made = settings(worker={"page_work": CHEAP, "delivery": "exactly-once", "breaker_share": 1.0})
    count, rate = 200, 40
    publish(made, [cheap_page(f"p{n}", dead="undecodable") for n in range(count)])
    worker = fleet.worker(made).started()
    at_rest(made)
    assert worker.stop() == 0

    first = subprocess.Popen([BROADSHEET, "dead", "redrive", "--all", "--rate", str(rate)], env=environment(made))
    until(lambda: len(read(made, made.topics.pages)) > count, "some letters redriven")
    first.kill()
    first.wait()
    done = len(read(made, made.topics.pages)) - count
    assert 0 < done < count
    assert done % rate == 0
    assert f"{count - done} pages redriven" in dead(made, "redrive", "--all").stderr
    sent = Counter(record.key for record in read(made, made.topics.pages))
    assert sent == {b"p%d" % n: 2 for n in range(count)}


ESCAPES = "\x1b]0;stolen\x07\x9b2J\u202e"
ORIGIN = Origin("pages.raw", 0, 5)


def put(made: Settings, raw: RawPage, *extra: tuple[str, bytes]) -> None:
    """A letter on the dead topic, as a worker writes it for a page; `extra` headers beside."""
    letter, _ = Outputs(made).dead(raw, Unread(Reason.TOO_LARGE, "too large"), datetime.now(UTC))
    with closing(KafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, acks="all")) as producer:
        headers = [*letter.headers, *extra]
        producer.send(made.topics.dead, letter.value, key=letter.key, headers=headers, partition=0).get(60)


def on_a_terminal(made: Settings, *arguments: str) -> str:
    """What a command writes to a terminal, both its outputs."""
    ours, its = pty.openpty()
    with subprocess.Popen([BROADSHEET, "dead", *arguments], env=environment(made), stdout=its, stderr=its):
        os.close(its)
        written = b""
        with suppress(OSError):  # so Linux tells that the other end is closed
            while more := os.read(ours, 65_536):
                written += more
    os.close(ours)
    return written.decode()


def test_a_hostile_page_does_not_steer_the_terminal(settings: Callable[..., Settings]) -> None:
    made = settings()
    evil = ESCAPES.encode()
    url = "https://harbour.example/\x9b2J\u202e"
    headers = (("url", url.encode()), ("x", evil), (f"x{ESCAPES}", b"\x9b2J"), ("dead-origin", evil))
    put(made, RawPage(b"<p>tide\r\n" + evil + b"\x9b\xff table", evil, headers, ORIGIN))
    for arguments in (("list",), ("list", "--json"), ("show", "0/0")):
        shown = on_a_terminal(made, *arguments)
        assert "harbour" in shown or "tide" in shown
        assert [char for char in shown if unicodedata.category(char) in {"Cc", "Cf"} and char not in "\r\n"] == []
    raw = subprocess.run(
        [BROADSHEET, "dead", "show", "0/0", "--value"], env=environment(made), capture_output=True, check=True
    )
    assert raw.stdout == b"<p>tide\r\n" + evil + b"\x9b\xff table", "a program gets the bytes as they came"


def test_a_letter_without_its_page_is_told_and_not_redriven(settings: Callable[..., Settings]) -> None:
    made = settings(kafka={"max_message_bytes": 100_000})
    put(made, RawPage(b"x" * 200_000, b"k", (), ORIGIN))
    put(made, RawPage(b"<p>x", b"k" * 200_000, (("x", b"1"),), ORIGIN))
    put(made, RawPage(b"<p>x", b"k", (), ORIGIN), ("dead-origin", b"\xff"))  # as an earlier build took it over
    put(made, RawPage(b"y" * 130_000, b"k", (), ORIGIN))  # compressed as it came; letters have some room more
    first, second, third, fourth = (json.loads(line) for line in dead(made, "list", "--json").stdout.splitlines())
    assert (first["left_out"], first["bytes"]) == (["value"], 0)
    assert (second["left_out"], second["bytes"]) == (["key"], 4)
    assert (third["left_out"], third["reason"]) == ([], "too-large")
    assert (fourth["left_out"], fourth["bytes"]) == ([], 130_000)

    refused = dead(made, "redrive", "--at", "0/0")
    assert refused.returncode == 1
    assert (
        "0/0 cannot be redriven: it goes without the page's value; the page stands at pages.raw/0/5" in refused.stderr
    )
    sent = dead(made, "redrive", "--all")
    assert sent.returncode == 0
    assert "1 pages redriven" in sent.stderr
    assert "2 without a part of their page" in sent.stderr
    assert "1 too large for the raw topic" in sent.stderr
    assert "0/3 cannot be redriven: it is too large" in sent.stderr
    assert [record.value for record in read(made, made.topics.pages)] == [b"<p>x"]
    assert "1 redriven before (--again sends them again)" in dead(made, "redrive", "--at", "0/2").stderr
    assert [json.loads(line)["redriven"] for line in dead(made, "list", "--json").stdout.splitlines()] == [
        False,
        False,
        True,
        False,
    ]
    assert [(", redriven" in line) for line in dead(made, "list").stdout.splitlines()] == [False, False, True, False]
