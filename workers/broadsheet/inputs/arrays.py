"""A JSON array of envelopes, as Scrapy's feed export writes `items.json`: element by element, bounded by one."""

import re
from collections.abc import Iterator
from io import BufferedReader

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.lines import JSON_HEADERS, longest_envelope
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import Limits
from broadsheet.values import RawPage

_PART_BYTES = 64 * 1024
_TOKEN = re.compile(rb'["\\\[\]{},]')
_SPACE = b" \t\r\n"


def read_array(stream: BufferedReader, name: str, limits: Limits) -> Iterator[Input]:
    """Each element as one input, in order; whether it is an envelope, decoding tells. One that no page within the
    limits needs ends as too-large, an array that breaks off tells so.
    """
    elements = Elements(longest_envelope(limits))
    number = 0
    try:
        while not elements.closed:
            part = stream.read1(_PART_BYTES)
            if not part:
                raise PageError(Reason.UNDECODABLE, "the array breaks off")
            for element in elements.of(part):
                number += 1
                yield _input(f"{name}:{number}", element)
        if elements.rest.strip(_SPACE):
            raise PageError(Reason.UNDECODABLE, "something stands behind the array's end")
    except PageError as fault:
        yield faulty(f"{name}:{number + 1}", fault)


def _input(name: str, element: bytes | None) -> Input:
    if element is None:
        return faulty(name, PageError(Reason.TOO_LARGE, "an element that no page within the limits needs"))
    return Input(name, RawPage(element, headers=JSON_HEADERS))


class Elements:
    """Cuts an array into the text of its elements, None for one above `longest` bytes. Only brackets, commas and
    strings are looked at.
    """

    def __init__(self, longest: int) -> None:
        self.closed = False
        self.rest = b""
        self._longest = longest
        self._depth = 0
        self._in_text = False
        self._escaped = -1
        self._held: list[bytes] = []
        self._size = 0

    def of(self, part: bytes) -> Iterator[bytes | None]:
        """The elements that end in the next bytes of the array."""
        start = 0
        for found in _TOKEN.finditer(part):
            at, token = found.start(), found[0]
            if at == self._escaped or not self._parts(token, at):
                continue
            if self._depth == 1 and token == b"[":
                start = at + 1
            else:
                yield from self._element(part[start:at], last=self.closed)
                start = at + 1
            if self.closed:
                self.rest = part[start:]
                return
        self._hold(part[start:])
        self._escaped -= len(part)

    def _parts(self, token: bytes, at: int) -> bool:
        """Takes the next token; whether elements are parted by it: the array's own brackets and commas."""
        if self._in_text:
            self._escaped = at + 1 if token == b"\\" else -1
            self._in_text = token != b'"'
            return False
        if token == b'"':
            self._in_text = True
        elif token in b"[{":
            self._depth += 1
            return self._depth == 1
        elif token in b"]}":
            self._depth -= 1
            self.closed = self._depth <= 0
            return self.closed
        return token == b"," and self._depth == 1

    def _element(self, end: bytes, *, last: bool) -> Iterator[bytes | None]:
        self._hold(end)
        element = b"".join(self._held).strip(_SPACE)
        if self._size > self._longest:
            yield None
        elif element or not last:
            yield element
        self._held, self._size = [], 0

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= self._longest:
            self._held.append(part)
        else:
            self._held.clear()
