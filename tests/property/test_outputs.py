"""Whatever a message holds, all that leaves for it fits: no size of key, headers or value can stop a worker."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Reason
from broadsheet.options import Limits
from broadsheet.records import read_dead, read_outcome, without_dead_headers
from broadsheet.runtime.children.results import Read, Unread
from broadsheet.runtime.delivery.protocol import Output, size_of
from broadsheet.runtime.kafka.topics import DEAD_LETTER_ROOM
from broadsheet.runtime.pages.outputs import KEY_BYTES, PAGE_RECORDS_BYTES, Outputs, refusal
from broadsheet.runtime.settings import KafkaSettings, Settings
from broadsheet.values import Origin, RawPage
from tests.contract.holding import headers_record, valid

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024
BATCH_OVERHEAD = 61
"""Bytes of a record batch's head (Kafka's format, version 2)."""


@cache
def repeated(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


SIZES = st.sampled_from([1, 200, 16 * KIBIBYTE, MEBIBYTE - 40_000, MEBIBYTE, 8 * MEBIBYTE, 100_000_000]) | st.integers(
    0, 3 * MEBIBYTE
)
UNITS = st.sampled_from([b"k", b"\xff\xfe", b"\0", b'{"url": ', "£".encode(), b"https://n.example/", b"\x1b[2J\r\n"])
CONTENTS = st.builds(repeated, UNITS, SIZES) | st.binary(max_size=40)
NAMES = st.sampled_from(
    ["", "url", "page-id", "source", "content-type", "traceparent", "dead-origin", "dead-attempts", "dead-left-out"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
HEADERS = st.lists(st.tuples(NAMES, CONTENTS), max_size=4) | st.builds(
    lambda name, value, count: [(name, value)] * count, NAMES, st.binary(max_size=3), st.integers(0, 200_000)
)
MESSAGES = st.builds(
    RawPage,
    CONTENTS,
    st.none() | CONTENTS,
    HEADERS.map(tuple),
    st.just(Origin("p" * 249, 2**31 - 1, 2**63 - 1)),
)
LARGEST = st.sampled_from([16 * KIBIBYTE, MEBIBYTE, 8 * MEBIBYTE])


def made(largest: int) -> Settings:
    return Settings(kafka=KafkaSettings(max_message_bytes=largest))


def on_the_wire(record: Output) -> int:
    """What the client makes of it: it refuses what it finds larger than its bound, and the broker what is."""
    size: int = DefaultRecordBatchBuilder.estimate_size_in_bytes(record.key, record.value, list(record.headers))
    return BATCH_OVERHEAD + size


@settings(max_examples=60)
@given(MESSAGES, st.sampled_from(Reason), st.text(max_size=3000), LARGEST)
def test_a_letter_and_its_outcome_fit(raw: RawPage, reason: Reason, detail: str, largest: int) -> None:
    letter, outcome = Outputs(made(largest)).dead(raw, Unread(reason, detail), NOW)
    assert on_the_wire(letter) <= letter.size <= largest + DEAD_LETTER_ROOM
    assert on_the_wire(outcome) <= outcome.size <= largest
    assert len(letter.key or b"") <= KEY_BYTES >= len(outcome.key or b"")
    assert (letter.key is None, outcome.key is None) == (raw.key is None, raw.key is None)
    record = read_outcome(valid_bytes(outcome.value))
    assert (record["result"], record["page"]["offset"]) == ("dead", 2**63 - 1)

    said = read_dead(letter.headers)
    assert (said.reason, said.last_origin) == (reason, raw.origin)
    assert letter.value == (b"" if "value" in said.left_out else raw.value)
    assert (letter.key == raw.key) is ("key" not in said.left_out)
    own = () if "headers" in said.left_out else without_dead_headers(raw.headers)
    assert without_dead_headers(letter.headers) == own
    for part in said.left_out:
        assert part in said.detail
        assert getattr(raw, part), "what is not there cannot be left out"


def valid_bytes(value: bytes) -> bytes:
    valid("outcome", value)
    return value


@settings(max_examples=60)
@given(MESSAGES)
def test_a_message_that_no_page_is_so_large_is_refused_unread(raw: RawPage) -> None:
    limits = Limits()
    refused = refusal(raw, limits)
    size = size_of(raw.key, raw.value, raw.headers)
    assert (refused is not None) is (size > 4 * limits.page_bytes or len(raw.key or b"") > KEY_BYTES)
    assert refused is None or refused.reason is Reason.TOO_LARGE


@settings(max_examples=40)
@given(
    st.none() | st.binary(max_size=KEY_BYTES),
    st.lists(st.integers(0, 9 * MEBIBYTE), max_size=12),
    st.integers(0, 9 * MEBIBYTE),
)
def test_the_records_of_a_page_fit_or_it_is_too_large(key: bytes | None, articles: list[int], outcome: int) -> None:
    work = Read(
        tuple((b"%032d" % number, repeated(b"a", size)) for number, size in enumerate(articles)),
        repeated(b"o", outcome),
        "articles",
        traceparent="00-1",
    )
    largest = 8 * MEBIBYTE
    records = Outputs(made(largest)).read(RawPage(b"<p>", key), work)
    if isinstance(records, Unread):
        assert records.reason is Reason.TOO_LARGE
        assert max(*articles, outcome, 0) > largest - KEY_BYTES - 1000 or sum(articles) + outcome > (
            PAGE_RECORDS_BYTES - KEY_BYTES - 1000 * len(articles) - 1000
        )
    else:
        assert len(records) == len(articles) + 1
        assert all(on_the_wire(record) <= record.size <= largest for record in records)
        assert sum(record.size for record in records) <= PAGE_RECORDS_BYTES


def test_only_what_is_too_large_is_left_out() -> None:
    small = RawPage(b"<p>x", b"k", (("x", b"1"),), Origin("pages.raw", 0, 1))
    large = repeated(b"x", 2 * MEBIBYTE)
    outputs = Outputs(made(MEBIBYTE))
    cases = {
        (): small,
        ("value",): replace(small, value=large),
        ("headers",): replace(small, headers=(("x", large),)),
        ("key",): replace(small, key=large),
        ("value", "key"): replace(small, value=large, key=large),
        ("value", "headers", "key"): RawPage(large, large, (("x", large),), small.origin),
    }
    for left_out, raw in cases.items():
        letter, _ = outputs.dead(raw, Unread(Reason.TOO_LARGE, "x"), NOW)
        assert read_dead(letter.headers).left_out == left_out
        valid("dead-letter", headers_record(letter.headers))
