"""Bodies that a crawler stored as they came over the wire: in chunks (RFC 9112, 7.1). Bounded while they are read."""

import re
from typing import Protocol

from broadsheet.errors import PageError, Reason

_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(;[^\n]*)?\r?\n?")
_SIZE_LINE_BYTES = 4096
_PART_BYTES = 64 * 1024
_MOST_CHUNKS = 200_000
"""Servers send some kilobytes a chunk; so many for one page are an attack on the reader's time."""


class Body(Protocol):
    """The bytes of one record."""

    def read(self, length: int) -> bytes:
        """The next bytes, fewer than asked for where fewer are at hand; empty at the end."""

    def readline(self, length: int) -> bytes:
        """The next line, or its start."""


def taken(body: Body, most: int) -> bytes:
    """All of a body, or its first `most` bytes."""
    parts = []
    while most > 0 and (part := body.read(min(most, _PART_BYTES))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def unchunked(body: Body, most: int) -> bytes:
    """The same out of its chunks. From where there are none on, as it stands: crawlers keep the header of a body that
    they stored without them.

    Raises PageError (`too-large`) for chunks without end.
    """
    parts: list[bytes] = []
    for _ in range(_MOST_CHUNKS):
        line = body.readline(_SIZE_LINE_BYTES)
        if most <= 0 or not line:
            return b"".join(parts)
        size = _SIZE.fullmatch(line)
        if size is None:
            return b"".join([*parts, line, taken(body, most - len(line))])
        part = taken(body, min(int(size[1], 16), most))
        if not part:
            return b"".join(parts)
        parts.append(part)
        most -= len(part)
        body.readline(2)  # the line break behind a chunk
    raise PageError(Reason.TOO_LARGE, f"more than {_MOST_CHUNKS:,} chunks")
