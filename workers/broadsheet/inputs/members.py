"""Compressed files of one or many members (gzip) or frames (zstd), read one by one, and on behind a broken one.

Archives hold a member a record, so that a break costs one record. A member's last bytes are given only once its end,
checksum included, was seen. `.warc.zst` may open with the dictionary that all its frames need.
"""

import io
import re
import zlib
from collections.abc import Callable
from typing import BinaryIO, NamedTuple, Protocol

from broadsheet.errors import PageError, Reason
from broadsheet.options import MEBIBYTE

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd

_CHUNK_BYTES = 16 * 1024
"""Read at once. Small, as each member that ends within it copies what follows: 64 KiB of empty ones cost 16 times."""
_PART_BYTES = 64 * 1024
START_BYTES = 4
_PADDING = b"\0\r\n\t "
"""What writers leave between members: tapes are padded with zeros, some crawlers end a record with a line break."""
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_ZSTD_FRAME = b"\x28\xb5\x2f\xfd"
_TRAINED = b"\x37\xa4\x30\xec"
_DICTIONARY_BYTES = 16 * MEBIBYTE
"""Dictionaries are trained to some 100 KiB to 1 MiB."""
_MOST_TRIES = 1_000
"""By chance one place in 134 MB looks like the start of a gzip member."""
_DAMAGE = (zlib.error, zstd.ZstdError, EOFError)


class Decoder(Protocol):
    """Reads one member, piece by piece; zstd's own manners."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's object, which hands back what it could not take, with the manners of zstd's, which keeps it."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data


class Codec(NamedTuple):
    """A way to compress: its name, how a member starts, and what reads one."""

    name: str
    start: re.Pattern[bytes]
    decoder: Callable[[], Decoder]


GZIP = Codec("gzip", re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL), _Gzip)
ZSTD = Codec("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL), zstd.ZstdDecompressor)
CODECS = (GZIP, ZSTD)


def zstd_codec(stream: BinaryIO) -> Codec:
    """zstd, with the dictionary that the stream opens with where it does (the extension of WARC for zstd)."""
    size = int.from_bytes(stream.read(8)[4:], "little")
    if size > _DICTIONARY_BYTES:
        raise PageError(Reason.UNDECODABLE, f"zstd dictionary above {_DICTIONARY_BYTES:,} bytes")
    content = stream.read(size)
    try:
        if content.startswith(_ZSTD_FRAME):
            content = zstd.ZstdDecompressor().decompress(content, _DICTIONARY_BYTES)
        dictionary = zstd.ZstdDict(content, is_raw=not content.startswith(_TRAINED))
    except (zstd.ZstdError, ValueError) as error:
        raise PageError(Reason.UNDECODABLE, f"zstd dictionary broken: {error}") from error
    return ZSTD._replace(decoder=lambda: zstd.ZstdDecompressor(zstd_dict=dictionary))


class Members(io.RawIOBase):
    """The content of all members, one after the other.

    Raises PageError once where one is broken or cut, or where something else stands between them, after all before it
    was given; the next read goes on with the next member that can be found. `taken` counts the bytes read so far.
    """

    def __init__(self, stream: BinaryIO, codec: Codec) -> None:
        super().__init__()
        self._stream, self._codec = stream, codec
        self.taken = 0
        self._decoder: Decoder | None = None
        self._input = self._chunk = b""  # what is not yet decoded, and what was given to the decoder last
        self._held = self._ready = b""  # decoded: not yet proved by the member's end, and to be given
        self._lost = self._ended = False
        self._tries = 0  # starts looked at behind a break, none of which gave anything yet

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        self._ready = self._ready or self._next()
        part, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(part)] = part
        return len(part)

    def _next(self) -> bytes:
        """The next bytes; empty at the end of all."""
        while self._decoder is not None or self._open():
            part = self._decoded()
            if self._decoder is None:
                part, self._held = self._held + part, b""
            elif part:
                part, self._held = self._held, part
            if part:
                self._tries = 0
                return part
        return b""

    def _open(self) -> bool:
        """Goes to the next member; False where there is none."""
        if self._lost:
            self._seek()
        while self._fill(1) and self._input[0] in _PADDING:
            self._input = self._input.lstrip(_PADDING)
        if not self._fill(1):
            return False
        self._fill(START_BYTES)
        if not self._codec.start.match(self._input):
            self._chunk = self._input
            self._lose("something else stands where a member should start")
            return self._open()
        self._decoder = self._codec.decoder()
        return True

    def _seek(self) -> None:
        """Drops what stands before the next start of a member, from the second byte on: the first was tried."""
        self._lost = False
        self._tries += 1
        self._input = self._chunk[1:]
        if self._tries > _MOST_TRIES:
            self._input, self._ended = b"", True
        while not (found := self._codec.start.search(self._input)):
            self._input = self._input[1 - START_BYTES :]
            if not self._fill(len(self._input) + 1):
                self._input = b""
                return
        self._input = self._input[found.start() :]

    def _decoded(self) -> bytes:
        """The next bytes of the member; the decoder is gone once it ended."""
        assert self._decoder is not None
        self._chunk = self._input or self._chunk
        try:
            part = self._decoder.decompress(self._input, _PART_BYTES)
        except _DAMAGE as error:
            self._lose(str(error))
            return b""
        if self._decoder.eof:
            self._input, self._decoder = self._decoder.unused_data, None
            return part
        self._input = b""
        if not part and not self._fill(1):
            self._lose("it is cut off")
        return part

    def _lose(self, why: str) -> None:
        """Gives the member up. Raises the fault, but for what only looked like a start behind a fault already told."""
        self._held, self._decoder, self._lost = b"", None, True
        if not self._tries:
            raise PageError(Reason.UNDECODABLE, f"{self._codec.name} stream broken: {why}")

    def _fill(self, size: int) -> bool:
        """Reads until so many bytes are at hand; whether they are."""
        while len(self._input) < size and not self._ended:
            more = self._stream.read(_CHUNK_BYTES)
            self._ended = not more
            self.taken += len(more)
            self._input += more
        return len(self._input) >= size
