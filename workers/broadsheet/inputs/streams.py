"""Opening files, told by their first bytes, with the way kept that reading has come."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from broadsheet.inputs.forms import HEAD_BYTES
from broadsheet.inputs.members import CODECS, START_BYTES, ZSTD_DICTIONARY, Codec, Members, zstd_codec
from broadsheet.inputs.values import Source

STDIN_FILENO = 0
_BUFFER_BYTES = 64 * 1024


class Meter:
    """How far reading has come: bytes of the files as they stand on disk. Standard input does not count."""

    def __init__(self) -> None:
        self._at: tuple[int, BinaryIO | None] = 0, None

    @property
    def bytes_read(self) -> int:
        done, stream = self._at
        try:
            return done + (stream.tell() if stream else 0)
        except (OSError, ValueError):  # the thread that reads has closed it meanwhile, and counted it
            return self._at[0]

    @contextmanager
    def on(self, stream: BinaryIO) -> Iterator[None]:
        """Counts a file while it is read."""
        self._at = self._at[0], stream if stream.seekable() else None
        try:
            yield
        finally:
            self._at = self.bytes_read, None


@contextmanager
def opened(source: Source) -> Iterator[io.BufferedReader]:
    """The bytes of a source as they stand."""
    # standard input by its number: Python's own object cannot be closed at the exit while a thread reads from it
    with open(source.path or STDIN_FILENO, "rb", closefd=source.path is not None) as stream:
        yield stream


def codec_of(stream: io.BufferedReader) -> Codec | None:
    """How the bytes ahead are compressed, or None; nothing is consumed."""
    ahead = stream.peek(START_BYTES)
    return next((codec for codec in CODECS if codec.start.match(ahead)), None)


def unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream decompressed if it is gzip or zstd, else itself."""
    codec = codec_of(stream)
    if codec is None:
        return stream
    if stream.peek(START_BYTES).startswith(ZSTD_DICTIONARY):
        codec = zstd_codec(stream)
    return io.BufferedReader(Members(stream, codec), _BUFFER_BYTES)


def head(stream: io.BufferedReader) -> bytes:
    """The first bytes ahead, as many as came with one read; nothing is consumed."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]
