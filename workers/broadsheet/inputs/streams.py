"""Opening files: gzip undone while reading, its faults told as what they mean for the pages."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.forms import GZIP, HEAD_BYTES
from broadsheet.inputs.values import Source

STDIN_FILENO = 0
_BUFFER_BYTES = 64 * 1024


class Gunzip(io.RawIOBase):
    """The content of a gzip stream of one or many members.

    Raises PageError where the stream is broken or ends early, after all that could be read was given.
    """

    def __init__(self, compressed: BinaryIO) -> None:
        super().__init__()
        self._file = gzip.GzipFile(fileobj=compressed, mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            part = self._file.read1(len(view))
        except (EOFError, OSError, zlib.error) as error:
            raise PageError(Reason.UNDECODABLE, f"gzip stream broken: {error}") from error
        view[: len(part)] = part
        return len(part)


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


def is_gzip(stream: io.BufferedReader) -> bool:
    """Whether the bytes ahead are gzip; nothing is consumed."""
    return stream.peek(len(GZIP)).startswith(GZIP)


def gunzipped(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream decompressed if it is gzip, else itself."""
    return io.BufferedReader(Gunzip(stream), _BUFFER_BYTES) if is_gzip(stream) else stream


def head(stream: io.BufferedReader) -> bytes:
    """The first bytes ahead, as many as came with one read; nothing is consumed."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]
