"""JSON read and written by orjson, which ends the process where an allocation fails: so room is asked for before.

So many bytes are mapped and given back at once, never touched: that costs two calls of the system. Where the process
may not have them, `MemoryError` says so.
"""

from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from typing import Any

import orjson

ROOM = 64 * 2**20
"""Bytes that are free whenever a text is read or written: what 1 MiB of the costliest values takes, and its text."""
SMALL = 2**16
"""Characters of a text that is read or written without asking; it takes 3 MiB at most."""
UNCOUNTED = 2**20
"""Characters of a text whose values are not counted."""
_VALUE, _LIST, _OBJECT = 64, 100, 300
"""Bytes that orjson and Python hold, at most, for a plain value, an empty list, an object with one field: as measured
on texts of nothing else."""
MOST_HELD = 384 * 2**20
"""Bytes that the values of one text may take. An envelope around a page of 10 MiB that is all script takes a third."""


def read_json(data: bytes | str) -> Any:
    """The values of a JSON text.

    Raises `orjson.JSONDecodeError` for what is none, `OverflowError` where its values would take more than `MOST_HELD`
    bytes, `MemoryError` where they would take more than the process may have.
    """
    if len(data) > SMALL:
        held = held_bytes(data) if len(data) > UNCOUNTED else 0
        if held > MOST_HELD:
            raise OverflowError(f"its values take more than {MOST_HELD // 2**20} MiB")
        ask_for(held + 4 * len(data))
    return orjson.loads(data)


def write_json(value: Any, size: int = 0) -> bytes:
    """A value as JSON in UTF-8; `size` is about how many characters it has, where they are many.

    Raises `TypeError` for what JSON cannot hold, `MemoryError` where the process may not have the room.
    """
    if size > SMALL:
        ask_for(8 * size)
    return orjson.dumps(value)


def held_bytes(data: bytes | str) -> int:
    """An upper bound of the bytes that the values of a JSON text take, without those of its strings."""
    if isinstance(data, str):
        return _VALUE * data.count(",") + _LIST * data.count("[") + _OBJECT * data.count("{")
    return _VALUE * data.count(b",") + _LIST * data.count(b"[") + _OBJECT * data.count(b"{")


def ask_for(size: int = 0) -> None:
    """Raises `MemoryError` unless the process may have `size` bytes more, and `ROOM`."""
    try:
        mmap(-1, ROOM + size, flags=MAP_PRIVATE | MAP_ANONYMOUS).close()
    except OSError as error:
        raise MemoryError(f"no room for {ROOM + size:,} bytes") from error
