"""A child's answer on its way: a head of plain values as JSON, and the records' bytes one behind the other.

Whatever a head says, reading one gives a `Work` or an AnswerError: sizes must add up, reasons be of the closed list.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from broadsheet.errors import Reason
from broadsheet.runtime.children.results import Read, Unread, Work

DETAIL_CHARS = 1_000
TRACE_CHARS = 512
"""Of a `traceparent`, several times what W3C's form needs."""

RESULTS = ("articles", "none")


class AnswerError(Exception):
    """The answer is none: the child is not itself any more."""


def pack(work: Work) -> tuple[bytes, tuple[bytes, ...]]:
    """The head, and the parts of the body."""
    if isinstance(work, Unread):
        detail = work.detail[:DETAIL_CHARS].encode("utf-8", "backslashreplace").decode()
        return orjson.dumps({"reason": work.reason.value, "detail": detail}), ()
    parts = (work.outcome, work.account, *(part for article in work.articles for part in article))
    told = {
        "result": work.result,
        "cpu_ms": work.cpu_ms,
        "traceparent": work.traceparent,
        "sizes": [len(part) for part in parts],
    }
    return orjson.dumps(told), parts


def unpack(head: bytes, body: bytes) -> Work:
    """What was packed. Raises AnswerError for anything else."""
    try:
        told = orjson.loads(head)
        return _unread(told) if "reason" in told else _read(told, body)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise AnswerError(f"{type(error).__name__}: {error}") from None


def _unread(told: Any) -> Unread:
    return Unread(Reason(told["reason"]), _text(told["detail"], DETAIL_CHARS))


def _read(told: Any, body: bytes) -> Read:
    parts = list(_cut(body, told["sizes"]))
    if len(parts) < 2 or len(parts) % 2 or told["result"] not in RESULTS:
        raise ValueError("parts")
    outcome, account, *articles = parts
    cpu_ms, trace = float(told["cpu_ms"]), told["traceparent"]
    if not (math.isfinite(cpu_ms) and cpu_ms >= 0):
        raise ValueError("cpu_ms")
    return Read(
        tuple(zip(articles[::2], articles[1::2], strict=True)),
        outcome,
        told["result"],
        cpu_ms,
        None if trace is None else _text(trace, TRACE_CHARS),
        account,
    )


def _cut(body: bytes, sizes: Iterable[Any]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        if type(size) is not int or not 0 <= size <= len(body) - at:
            raise ValueError("sizes")
        yield body[at : at + size]
        at += size
    if at != len(body):
        raise ValueError("sizes")


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("text")
    return value
