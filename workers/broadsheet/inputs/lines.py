"""NDJSON: an envelope a line. A line is passed on as it stands; whether it is an envelope, decoding tells."""

from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import MEBIBYTE, Limits
from broadsheet.values import RawPage

_ESCAPE_BYTES = 6
"""The most bytes that JSON may spend on one byte of a page: `\\u0041` for a plain A."""
_JSON = (("content-type", b"application/json"),)


def read_lines(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Input]:
    """Each line that is not blank, as one input; one that no page within the limits needs ends as too-large."""
    longest = limits.page_bytes * _ESCAPE_BYTES + MEBIBYTE
    number = 0
    while line := stream.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(b"\n"):
            _skip_line(stream)
            yield faulty(f"{name}:{number}", PageError(Reason.TOO_LARGE, f"line above {longest} bytes"))
            continue
        value = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip(b" \t\r\n")
        if value:
            yield Input(f"{name}:{number}", RawPage(value, headers=_JSON))


def _skip_line(stream: BinaryIO) -> None:
    while part := stream.readline(MEBIBYTE):
        if part.endswith(b"\n"):
            return
