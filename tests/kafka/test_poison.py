"""Records made to end a worker: each is told once, as any bad page is, and the worker goes on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaProducer

from broadsheet.records import read_dead, read_outcome
from broadsheet.runtime.settings import Settings
from tests.contract.holding import headers_record, valid
from tests.fleet import Fleet, at_rest, read

pytestmark = pytest.mark.kafka
Make = Callable[..., Settings]
MEBIBYTE = 1024 * 1024
PAGE = b"<html><title>Ferry</title><article><h1>Ferry late again</h1>" + 4 * (
    b"<p>" + 6 * b"The harbour council met on Tuesday to hear why the ferry was late again. "
)
HTML = ("content-type", b"text/html")


class Misspelt(str):
    """A header's name that is no UTF-8 on the wire."""

    def encode(self, *_: Any, **__: Any) -> bytes:
        return b"\xff\xfe"


LARGE = b"k" * (12 * MEBIBYTE)
POISON: dict[str, dict[str, Any]] = {
    "a key of 12 MB": {"value": b"<p>x", "key": LARGE},
    "a header of 12 MB": {"value": b"x", "key": b"k", "headers": [("content-type", b"application/json"), ("x", LARGE)]},
    "a page's name of 12 MB": {"value": b"<p>x", "key": b"k", "headers": [HTML, ("page-id", LARGE)]},
    "a value of 100 MB": {"value": b"\0" * (100 * MEBIBYTE), "key": b"k"},
    "many headers": {"value": b"x", "headers": [("content-type", b"application/json"), *[("x", b"v")] * 200_000]},
    "no value": {"value": None, "key": b"k"},
    "a key that is no text": {"value": b"", "key": b"\xff\xfe"},
    "headers that are no text": {"value": b"<p>x", "headers": [("url", b"\xff"), ("", b""), ("dead-reason", b"\xff")]},
    "a past that is none": {
        "value": b"{",
        "headers": [("dead-origin", b"\xff"), ("dead-attempts", b"9" * 400), ("content-type", None)],
    },
    "a past that cannot be": {
        "value": b"{",
        "key": b"a",
        "headers": [("dead-origin", b"pages.raw/0/99999"), ("dead-attempts", b"999999999")],
    },
}
ENDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a key of 12 MB": ("too-large", ("key",)),
    "a header of 12 MB": ("invalid-envelope", ("headers",)),
    "a page's name of 12 MB": ("too-large", ("headers",)),
    "a value of 100 MB": ("too-large", ("value", "headers", "key")),
    **dict.fromkeys(list(POISON)[4:], ("invalid-envelope", ())),
}


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


async def send(made: Settings, records: list[dict[str, Any]]) -> list[int]:
    """Put records on partition 0 of the raw topic, each in a batch of its own; their offsets."""
    producer = AIOKafkaProducer(
        bootstrap_servers=made.kafka.bootstrap_servers,
        compression_type="gzip",
        max_request_size=2**30,
        max_batch_size=2**30,
    )
    async with producer:
        return [(await producer.send_and_wait(made.topics.pages, partition=0, **record)).offset for record in records]


def send_misspelt(made: Settings) -> int:
    """A header's name that is no UTF-8, which aiokafka does not send."""
    with closing(KafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, acks="all")) as producer:
        headers = [(Misspelt("x"), b"v")]
        return int(producer.send(made.topics.pages, PAGE, headers=headers, partition=0).get(60).offset)


def test_each_is_told_once_and_the_worker_goes_on(fleet: Fleet, settings: Make) -> None:
    made = settings()
    good = {"value": PAGE, "key": b"https://n.example/ferry", "headers": [HTML]}
    worker = fleet.worker(made).started()
    misspelt = send_misspelt(made)
    sent = asyncio.run(send(made, [good, *POISON.values(), good]))
    at_rest(made)
    assert worker.ask("/ready")[0] == 200
    assert worker.stop() == 0

    outcomes = [read_outcome(valid_outcome(record.value)) for record in read(made, made.topics.outcomes)]
    by_offset = {outcome["page"]["offset"]: outcome for outcome in outcomes}
    assert sorted(by_offset) == [misspelt, *sent], "every page has an outcome"
    assert len(outcomes) == len(by_offset), "and one only"
    assert [by_offset[offset]["result"] for offset in (misspelt, sent[0], sent[-1])] == ["articles"] * 3
    ends = {name: by_offset[offset]["reason"] for name, offset in zip(POISON, sent[1:-1], strict=True)}
    assert ends == {name: told for name, (told, _) in ENDS.items()}

    letters = read(made, made.topics.dead)
    said = {
        letter.last_origin.offset: letter
        for letter in map(read_dead, (one.headers for one in letters))
        if letter.last_origin
    }
    assert {name: said[offset].left_out for name, offset in zip(POISON, sent[1:-1], strict=True)} == {
        name: left_out for name, (_, left_out) in ENDS.items()
    }
    assert len(letters) == len(POISON)
    assert all(letter.origin == letter.last_origin and letter.attempts == 1 for letter in said.values())
    for one in letters:
        if "headers" in read_dead(one.headers).left_out:
            valid("dead-letter", headers_record(one.headers))


def valid_outcome(value: bytes) -> bytes:
    valid("outcome", value)
    return value
