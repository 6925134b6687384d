"""What goes through the pipes to children and back: frames of a head and a body, each told by its length.

A page's frame has as its head what came beside the page, pickled: a child may believe its worker. An answer's head is
JSON and is never unpickled: a child has read what strangers wrote, and its worker believes nothing but bytes.
"""

import fcntl
import os
import pickle
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from broadsheet.values import RawPage

HEADER = struct.Struct("<IQ")
"""Bytes of the head, bytes of the body."""

PIPE_BYTES = 1024 * 1024
"""Of a pipe, where the system lets us (Linux gives a user's processes so much, and 64 KiB unasked): nearly all pages go
in by one call of the system."""

READ_BYTES = 256 * 1024
"""Taken from a pipe at once: more than nearly all answers."""


class FrameError(Exception):
    """What came is no frame, or a larger one than is let in."""


class Frame(NamedTuple):
    """One message."""

    head: bytes
    body: bytes


class Inbox:
    """Puts frames together from what a pipe gives. `most` bounds one, in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole with `data`. Raises FrameError, after which nothing more is to be fed."""
        self._data += data
        while len(self._data) >= HEADER.size:
            head, body = HEADER.unpack_from(self._data)
            if head + body > self._most:
                raise FrameError(f"an answer of {head + body} bytes")
            start, end = HEADER.size + head, HEADER.size + head + body
            if len(self._data) < end:
                return
            frame = Frame(bytes(self._data[HEADER.size : start]), bytes(self._data[start:end]))
            del self._data[:end]
            yield frame


def page_head(raw: RawPage, rest: tuple[Any, ...]) -> bytes:
    """The head of a page's frame: all but the page's bytes, which are its body, and what the work is given besides."""
    return pickle.dumps((raw.key, raw.headers, raw.origin, rest), pickle.HIGHEST_PROTOCOL)


def read_page(head: bytes, body: bytes) -> tuple[RawPage, tuple[Any, ...]]:
    """The same in a child."""
    key, headers, origin, rest = pickle.loads(head)  # noqa: S301 - a worker's word to its own child
    return RawPage(body, key, headers, origin), rest


def pipe() -> tuple[int, int]:
    """A wide pipe: where one reads, and where one writes."""
    reading, writing = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # this user has too many wide ones: a narrow one does, in more pieces
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return reading, writing
