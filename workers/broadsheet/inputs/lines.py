"""NDJSON: an envelope a line. A line is passed on as it stands; whether it is an envelope, decoding tells."""

from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import MEBIBYTE, Limits
from broadsheet.values import RawPage

_ESCAPE_BYTES = 6
"""The most bytes that JSON may spend on one byte of a page: `\\u0041` for a plain A."""
JSON_HEADERS = (("content-type", b"application/json"),)


def longest_envelope(limits: Limits) -> int:
    """Bytes of JSON that no page within the limits needs more than."""
    return limits.page_bytes * _ESCAPE_BYTES + MEBIBYTE


def read_lines(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Input]:
    """Each line that is not blank, as one input; one that no page within the limits needs ends as too-large. Behind a
    break in what they are compressed with, the next whole line is the next.
    """
    longest = longest_envelope(limits)
    number = 0
    torn = False
    while True:
        try:
            line = stream.readline(longest)
        except PageError as fault:
            yield faulty(f"{name}:{number + 1}", fault)
            torn = True
            continue
        if not line:
            return
        number += 1
        if torn and not line.lstrip().startswith(b"{"):
            torn = not line.endswith(b"\n")
            continue
        torn = False
        if len(line) == longest and not line.endswith(b"\n"):
            _skip_line(stream)
            yield faulty(f"{name}:{number}", PageError(Reason.TOO_LARGE, f"line above {longest} bytes"))
            continue
        value = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip(b" \t\r\n")
        if value:
            yield Input(f"{name}:{number}", RawPage(value, headers=JSON_HEADERS))


def _skip_line(stream: BinaryIO) -> None:
    while part := stream.readline(MEBIBYTE):
        if part.endswith(b"\n"):
            return
