"""A child's life: one page after another from its pipe, an answer to each, until the pipe ends.

The CPU budget of a page is kept here by the system itself: a timer of the process' CPU time, whose signal nobody
handles, ends the child wherever it is, in a parser or in a regular expression's C as well.
"""

import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from broadsheet.errors import Reason
from broadsheet.runtime.children.answers import pack
from broadsheet.runtime.children.confinement import confine
from broadsheet.runtime.children.frames import HEADER, READ_BYTES, read_page
from broadsheet.runtime.children.results import Read, Unread, Work, unread

CPU_SIGNAL = signal.SIGPROF
"""What a child dies of that has used up a page's CPU time."""

ANSWER_BYTES = 256 * 1024 * 1024
"""Of one page at most: a thousand articles of a page of 10 MiB came to 60 MB. More is taken from no child."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What children are told at their birth: the work ("package.module:name"), bytes of memory above their start, and
    seconds of CPU for a page."""

    work: str
    memory: int
    cpu: float


def resolve(dotted: str) -> Callable[..., Any]:
    """The function that "package.module:name" stands for."""
    module, _, name = dotted.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def live(pages: int, answers: int, terms: Terms, parent: int) -> None:
    """Read pages from one pipe and answer on the other. The first answer is an empty one: the child is ready."""
    work = resolve(terms.work)
    confine(terms.memory, parent)
    signal.signal(CPU_SIGNAL, signal.SIG_DFL)
    with os.fdopen(pages, "rb") as asked, os.fdopen(answers, "wb", READ_BYTES) as answered:
        _send(answered, b"", ())
        while header := asked.read(HEADER.size):
            _spend(terms.cpu)
            head, parts = _packed(_answer(work, asked, *HEADER.unpack(header)))
            _spend(0)
            _send(answered, head, parts)


def _spend(seconds: float) -> None:
    """Set the timer of this process' CPU time; 0 is none."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _answer(work: Callable[..., Any], asked: IO[bytes], head: int, body: int) -> Work:
    try:
        raw, rest = read_page(asked.read(head), _take(asked, body))
        done = work(raw, *rest)
        assert isinstance(done, Read | Unread), "the work gives something else than work"
    except Exception as error:
        return unread(error)
    return done


def _take(asked: IO[bytes], size: int) -> bytes:
    """So many bytes; where there is no memory for them they are passed over."""
    try:
        return asked.read(size)
    except MemoryError:
        while size > 0:
            size -= len(asked.read(min(size, READ_BYTES))) or size
        raise


def _packed(work: Work) -> tuple[bytes, Iterable[bytes]]:
    try:
        head, parts = pack(work)
    except MemoryError as error:
        return pack(unread(error))
    size = len(head) + sum(len(part) for part in parts)
    if size > ANSWER_BYTES:
        return pack(Unread(Reason.TOO_LARGE, f"records of {size} bytes in all, a page may give {ANSWER_BYTES}"))
    return head, parts


def _send(answered: IO[bytes], head: bytes, parts: Iterable[bytes]) -> None:
    parts = tuple(parts)
    answered.write(HEADER.pack(len(head), sum(len(part) for part in parts)) + head)
    for part in parts:
        answered.write(part)
    answered.flush()
