"""Batches of a broker's answer are read whatever they hold, by aiokafka's own reader and by ours where it gives up."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.record import default_records
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.util import calc_crc32c

from broadsheet.errors import Reason
from broadsheet.runtime.delivery import batches
from broadsheet.runtime.delivery.messages import Withheld

MEBIBYTE = 1024 * 1024
MOST = 4 * MEBIBYTE
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
BASE_OFFSET = 7
Message = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]
PAGE: Message = (b"k", b"<p>x", [("a", b"1"), ("b", None)])
BOMB: Message = (b"bomb", b"\0" * (40 * MEBIBYTE), [])
MISSPELT: Message = (b"m", b"<p>y", [("ZZ", b"1")])


@pytest.fixture(autouse=True)
def small_bound() -> Iterator[None]:
    batches.install(MOST)
    yield
    batches.install(80 * MEBIBYTE)


def batch(codec: str, *messages: Message) -> bytes:
    """A batch as a broker sends it. A header's name of `ZZ` becomes two bytes that are no UTF-8."""
    names = [name for message in messages for name, _ in message[2]]
    data = bytes(built(CODECS["none"], *messages)).replace(b"ZZ", b"\xff\xfe") if "ZZ" in names else b""
    if data and codec != "none":
        records = encoder(codec)(data[61:])
        head = bytearray(data[:61])
        head[22] = CODECS[codec]
        data = bytes(head[:8]) + (len(head) - 12 + len(records)).to_bytes(4, "big") + bytes(head[12:]) + records
    data = data or bytes(built(CODECS[codec], *messages))
    checked = bytearray(data)
    checked[:8] = BASE_OFFSET.to_bytes(8, "big")
    checked[17:21] = calc_crc32c(bytes(checked[21:])).to_bytes(4, "big")
    return bytes(checked)


def built(codec: int, *messages: Message) -> bytearray:
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 2**30)
    for number, (key, value, headers) in enumerate(messages):
        builder.append(number, 1_000 + number, key, value, headers)
    return bytearray(builder.build())


def encoder(codec: str) -> Any:
    return getattr(importlib.import_module("aiokafka.codec"), f"{codec}_encode")


def read(data: bytes) -> list[Any]:
    """As a consumer's fetcher reads it, sums looked at."""
    records = fetcher.MemoryRecords(data)
    given = []
    while records.has_next():
        one = records.next_batch()
        assert one.validate_crc()
        given += list(one)
    return given


def told(record: Any) -> Message:
    return (record.key, record.value, list(record.headers))


@pytest.mark.parametrize("codec", CODECS)
def test_what_can_be_read_is_as_it_was_sent(codec: str) -> None:
    sent: list[Message] = [(None, None, []), PAGE, (b"", b"x" * 100_000, [("é", b"\xff")])]
    found = read(batch(codec, *sent) + batch(codec, PAGE))
    assert [told(record) for record in found] == [*sent, PAGE]
    assert [record.offset for record in found] == [7, 8, 9, 7]
    assert [record.timestamp for record in found] == [1_000, 1_001, 1_002, 1_000]


@pytest.mark.parametrize("codec", CODECS)
def test_a_name_that_is_no_text_is_replaced(codec: str) -> None:
    """aiokafka alone raises there, and its fetch comes back to the same place for ever."""
    data = batch(codec, PAGE, MISSPELT, PAGE)
    with pytest.raises(Exception, match="utf-8"):
        list(default_records.DefaultRecordBatch(data))
    found = read(data)
    assert [told(record) for record in found] == [PAGE, (b"m", b"<p>y", [("\ufffd\ufffd", b"1")]), PAGE]
    assert [record.offset for record in found] == [7, 8, 9]
    assert [record.timestamp for record in found] == [1_000, 1_001, 1_002]


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd", "snappy"])
def test_what_stands_beyond_the_bound_is_withheld(codec: str) -> None:
    found = read(batch(codec, PAGE, BOMB, PAGE) + batch(codec, PAGE))
    assert [record.offset for record in found] == [7, 8, 9, 7]
    assert [told(found[0]), told(found[3])] == [PAGE, PAGE]
    for record in found[1:3]:
        assert isinstance(record.value, Withheld)
        assert record.value == b""
        assert record.value.reason is Reason.TOO_LARGE
        assert f"more than {MOST:,} bytes" in record.value.detail
        assert (record.key, list(record.headers)) == (None, [])


@pytest.mark.parametrize("codec", CODECS)
def test_a_batch_that_is_damaged_ends_record_by_record(codec: str) -> None:
    """Its sums are right: whoever made it made it so."""
    whole = batch("none", PAGE, PAGE, PAGE)
    records = bytearray(whole[61:])
    records[len(records) // 3] = 0x7E  # the second record's length
    packed = bytes(records) if codec == "none" else encoder(codec)(bytes(records))
    head = bytearray(whole[:61])
    head[22] = CODECS[codec]
    head[8:12] = (49 + len(packed)).to_bytes(4, "big")
    data = head + packed
    data[17:21] = calc_crc32c(bytes(data[21:])).to_bytes(4, "big")
    found = read(bytes(data))
    assert [record.offset for record in found] == [7, 8, 9]
    assert told(found[0]) == PAGE
    for record in found[1:]:
        assert isinstance(record.value, Withheld)
        assert record.value.reason is Reason.UNDECODABLE
