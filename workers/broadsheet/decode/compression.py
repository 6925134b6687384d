"""Inflating a page within its limits: never more is made than the limits allow plus one byte.

Each codec is driven by its own incremental decoder with a cap on what one call may give, so that a bomb costs what the
limit costs and not what it would unpack to. A stream must be whole: a cut or damaged one is `undecodable`, however
much of it could be read. What follows a finished gzip or zstd stream is read on if it is another, else left out.
"""

import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

from broadsheet.errors import PageError, Reason
from broadsheet.options import Limits

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd

_IDENTITY = frozenset({"", "identity", "none"})
_MOST_CODINGS = 3  # codings in a row: one is usual, two are seen, more are an attack
MOST_STREAMS = 1_000
"""Streams of one coding, one behind the other: bgzip makes 160 of a page of 10 MiB."""
_STEP = 1 << 16
"""Bytes that a decoder is given at once: what it has not used of them it copies at each stream's end."""


class Inflater(Protocol):
    """One stream: gives at most so many bytes of it, and tells when it has ended."""

    def give(self, most: int) -> bytes:
        """The next bytes, at most `most`; empty where no more can be had."""

    @property
    def ended(self) -> bool:
        """Whether the stream's own end was reached."""

    @property
    def rest(self) -> memoryview:
        """What is not used yet, or follows the end."""


class _Zlib:
    def __init__(self, data: memoryview, window: int) -> None:
        self._decoder = zlib.decompressobj(window)
        self.rest = data

    def give(self, most: int) -> bytes:
        while True:
            part = self.rest[:_STEP]
            out = self._decoder.decompress(part, most)
            left = len(self._decoder.unconsumed_tail) + len(self._decoder.unused_data)
            self.rest = self.rest[len(part) - left :]
            if out or self.ended or not part:
                return out

    @property
    def ended(self) -> bool:
        return self._decoder.eof


class _Zstd:
    def __init__(self, data: memoryview) -> None:
        self._decoder = zstd.ZstdDecompressor()
        self._data = data
        self._given = 0

    def give(self, most: int) -> bytes:
        while True:
            part = self._data[self._given : self._given + _STEP] if self._decoder.needs_input else b""
            self._given += len(part)
            out: bytes = self._decoder.decompress(part, most)
            if out or self.ended or self._given == len(self._data):
                return out

    @property
    def ended(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def rest(self) -> memoryview:
        return self._data[self._given - (len(self._decoder.unused_data) if self.ended else 0) :]


class _Brotli:
    """The library's buffer grows in steps and may pass `most` by one of them (32 KiB to 16 MiB, by what was given)."""

    rest = memoryview(b"")  # the library refuses what follows the end

    def __init__(self, data: memoryview) -> None:
        self._decoder = brotli.Decompressor()
        self._input = bytes(data)

    def give(self, most: int) -> bytes:
        out: bytes = self._decoder.process(self._input, output_buffer_limit=min(most, _STEP))
        self._input = b""
        return out

    @property
    def ended(self) -> bool:
        return bool(self._decoder.is_finished())


def _deflate(data: memoryview) -> Inflater:
    """zlib's wrapping (RFC 1950) by its two-byte header, else raw (RFC 1951): servers send either as `deflate`."""
    wrapped = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _Zlib(data, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _gzip(data: memoryview) -> Inflater:
    return _Zlib(data, zlib.MAX_WBITS | 16)


_CODECS: dict[str, Callable[[memoryview], Inflater]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "zstd": _Zstd,
    "br": _Brotli,
    "deflate": _deflate,
}
_NEXT_STREAM = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}  # both may be concatenated
_DAMAGE = (zlib.error, zstd.ZstdError, brotli.error, EOFError)


def inflate(data: bytes, encoding: str, limits: Limits) -> bytes:
    """The page's bytes behind a `content_encoding` (codings in the order in which they were applied, as in HTTP).

    Raises `PageError`: `invalid-envelope` (unknown coding), `undecodable` (cut or damaged), and whichever limit is
    passed first of `too-large` (`limits.page_bytes`) and `expansion-bomb` (`limits.expansion` times `data`).
    """
    codings = [name for name in (part.strip().lower() for part in encoding.split(",")) if name not in _IDENTITY]
    unknown = next((name for name in codings if name not in _CODECS), None)
    if unknown is not None or len(codings) > _MOST_CODINGS:
        problem = f"{ascii(unknown)[:60]} is not gzip, zstd, br or deflate" if unknown else "too many codings"
        raise PageError(Reason.INVALID_ENVELOPE, f"content_encoding: {problem}")
    most = min(limits.page_bytes, limits.expansion * len(data))
    out = data
    for name in reversed(codings):
        out = _inflated(out, name, most)
        if len(out) > most:
            raise _passed(len(data), most, limits)
    return out


def _inflated(data: bytes, name: str, most: int) -> bytes:
    """All streams of one coding, one after the other; stops one byte past `most`.

    Raises `too-large` for more than `MOST_STREAMS`.
    """
    parts: list[bytes] = []
    room, rest, mark = most + 1, memoryview(data), _NEXT_STREAM.get(name)
    for _ in range(MOST_STREAMS):
        stream = _CODECS[name](rest)
        room = _drain(stream, name, room, parts)
        rest = stream.rest
        if room <= 0 or mark is None or rest[: len(mark)] != mark:
            return b"".join(parts)
    raise PageError(Reason.TOO_LARGE, f"the page is packed in more than {MOST_STREAMS:,} streams")


def _drain(stream: Inflater, name: str, room: int, parts: list[bytes]) -> int:
    """Takes a stream's bytes while there is room; how much room is left. Raises `undecodable` for a broken one."""
    try:
        while room > 0 and not stream.ended:
            part = stream.give(room)
            if not part and not stream.ended:
                raise PageError(Reason.UNDECODABLE, f"content_encoding: the {name} stream is cut off")
            parts.append(part)
            room -= len(part)
    except _DAMAGE as error:
        raise PageError(Reason.UNDECODABLE, f"content_encoding: not a sound {name} stream ({error})") from None
    return room


def _passed(size: int, most: int, limits: Limits) -> PageError:
    if most == limits.page_bytes:
        return PageError(Reason.TOO_LARGE, f"the page unpacks to more than {most:,} bytes")
    return PageError(Reason.EXPANSION_BOMB, f"{size:,} bytes unpack to more than {limits.expansion} times as many")
