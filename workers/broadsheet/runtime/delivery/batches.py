"""Batches of records as a broker gives them, read whatever is in them: a hook into aiokafka (0.14.0), as `faust_hooks`.

aiokafka inflates a whole batch at once, however large it becomes (12 KB may be gigabytes), and raises where a header's
name is no UTF-8: the fetch then fails at the same place for ever. Here a batch is inflated up to a bound. A record that
aiokafka cannot read is read as Java's client does, with a replacement for bytes that are no text; one that cannot be
read so either, or stands beyond the bound, comes as `Withheld` in its place, which says why.
"""

import gzip
import io
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import cramjam
from aiokafka.consumer import fetcher
from aiokafka.record import default_records
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint

from broadsheet.errors import Reason
from broadsheet.options import MEBIBYTE
from broadsheet.runtime.delivery.messages import Withheld

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd

try:
    from aiokafka.record._crecords import default_records as compiled_records
except ImportError:  # without aiokafka's own compiled modules
    compiled_records = default_records

LZ4_RATIO = 255
"""The most that LZ4 packs into a byte."""

XERIAL_HEAD = 16
"""Bytes before the blocks of snappy as Java's library frames it: each block is preceded by its length (4 bytes)."""


class _Inflating(threading.local):
    """What holds for the thread that inflates. `cut`: whether its last batch went beyond the bound."""

    cut = False


class _Bound:
    """Of the whole process, in bytes."""

    most = 80 * MEBIBYTE


_inflating = _Inflating()


def install(most: int) -> None:
    """From now on batches are inflated up to `most` bytes, by all of aiokafka's consumers in this process."""
    _Bound.most = most
    for module in (default_records, compiled_records):
        for codec, inflate in _INFLATE.items():
            setattr(module, f"{codec}_decode", _bounded(inflate))
    fetcher.MemoryRecords = Batches


class Batches:
    """The batches of one answer: what a fetcher asks of aiokafka's `MemoryRecords`."""

    def __init__(self, data: bytes) -> None:
        self._batches = _MemoryRecordsPy(data)

    def has_next(self) -> bool:
        """Whether there is another batch."""
        return bool(self._batches.has_next())

    def size_in_bytes(self) -> int:
        """Of all batches."""
        return int(self._batches.size_in_bytes())

    def next_batch(self) -> Any:
        """The next one."""
        raw = self._batches._next_slice
        batch = self._batches.next_batch()
        return batch if batch is None or batch.magic < 2 else _Batch(batch, raw)


class _Batch:
    """aiokafka's batch, whose records come to their end whatever they hold."""

    def __init__(self, batch: Any, raw: Any) -> None:
        self._batch, self._raw = batch, raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        due = self._batch.base_offset
        try:
            for record in self._batch:
                yield record
                due = record.offset + 1
        except Exception as error:
            yield from self._salvaged(due, error)

    def _salvaged(self, due: int, error: Exception) -> Iterator[Any]:
        """The records from offset `due` on."""
        why = f"Kafka's record cannot be read ({type(error).__name__})"
        reason = Reason.UNDECODABLE
        _inflating.cut = False
        try:
            for record in _records(_DefaultRecordBatchPy(self._raw)):
                if record.offset >= due:
                    yield record
                    due = record.offset + 1
        except (ValueError, IndexError):
            if _inflating.cut:
                reason, why = Reason.TOO_LARGE, f"its batch of records inflates to more than {_Bound.most:,} bytes"
        for offset in range(due, self._batch.next_offset):
            time = self._batch.max_timestamp
            yield _DefaultRecordPy(offset, time, self._batch.timestamp_type, None, Withheld(reason, why), [])


def _records(batch: _DefaultRecordBatchPy) -> Iterator[_DefaultRecordPy]:
    """A batch's records by Kafka's format (version 2). Raises ValueError or IndexError where there are no more."""
    batch._maybe_uncompress()
    data, at = batch._buffer, batch._pos
    for _ in range(batch._num_records):
        size, at = decode_varint(data, at)
        if size < 0 or at + size > len(data):
            raise ValueError("a record that is cut off")
        yield _record(batch, bytearray(data[at : at + size]))
        at += size


def _record(batch: _DefaultRecordBatchPy, data: bytearray) -> _DefaultRecordPy:
    later, at = decode_varint(data, 1)  # one byte of attributes, unused
    number, at = decode_varint(data, at)
    key, at = _part(data, at)
    value, at = _part(data, at)
    count, at = decode_varint(data, at)
    headers = []
    for _ in range(count):
        name, at = _part(data, at)
        content, at = _part(data, at)
        headers.append(((name or b"").decode("utf-8", "replace"), content))
    by_broker = batch.timestamp_type == batch.LOG_APPEND_TIME
    time = batch.max_timestamp if by_broker else batch.first_timestamp + later
    return _DefaultRecordPy(batch.base_offset + number, time, batch.timestamp_type, key, value, headers)


def _part(data: bytearray, at: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(data, at)
    if size < 0:
        return None, at
    if at + size > len(data):
        raise ValueError("a part that is cut off")
    return bytes(data[at : at + size]), at + size


def _bounded(inflate: Callable[[bytes, int], bytes]) -> Callable[[Any], bytes]:
    """aiokafka's decoder of a codec: what is beyond the bound is cut off."""

    def decode(payload: Any) -> bytes:
        data = inflate(bytes(payload), _Bound.most + 1)
        _inflating.cut = len(data) > _Bound.most
        return data

    return decode


def _gzip(data: bytes, most: int) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        return stream.read(most)


def _zstd(data: bytes, most: int) -> bytes:
    with zstd.ZstdFile(io.BytesIO(data)) as stream:
        return bytes(stream.read(most))


def _lz4(data: bytes, most: int) -> bytes:
    if len(data) * LZ4_RATIO <= most:
        return bytes(cramjam.lz4.decompress(data))
    room = bytearray(most)
    try:
        return bytes(memoryview(room)[: cramjam.lz4.decompress_into(data, room)])
    except cramjam.DecompressionError:  # there was no room for the rest
        return bytes(room)


def _snappy(data: bytes, most: int) -> bytes:
    if data[:8] != b"\x82SNAPPY\0":
        return _snappy_block(data, most)
    inflated, at = bytearray(), XERIAL_HEAD
    while at < len(data) and len(inflated) < most:
        (size,) = struct.unpack_from(">i", data, at)
        inflated += _snappy_block(data[at + 4 : at + 4 + size], most - len(inflated))
        at += 4 + size
    return bytes(inflated)


def _snappy_block(data: bytes, most: int) -> bytes:
    """A block tells its size before it is inflated; one beyond the bound is not."""
    if cramjam.snappy.decompress_raw_len(data) > most:
        return bytes(most)
    return bytes(cramjam.snappy.decompress_raw(data))


_INFLATE: dict[str, Callable[[bytes, int], bytes]] = {"gzip": _gzip, "zstd": _zstd, "lz4": _lz4, "snappy": _snappy}
