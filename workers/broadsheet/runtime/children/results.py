"""What a child hands back for a page: ready bytes, so that the parent neither parses nor builds records."""

import traceback
from dataclasses import dataclass

from broadsheet.errors import PageError, Reason


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read: key and value of each article's record in order, and the outcome's record.

    `result` is "articles" or "none"; `cpu_ms` the CPU time of the whole page; `traceparent` the page's trace (W3C Trace
    Context), which goes on with its records. `account` is what people asked to be told beside the records, packed.
    """

    articles: tuple[tuple[bytes, bytes], ...]
    outcome: bytes
    result: str
    cpu_ms: float = 0.0
    traceparent: str | None = None
    account: bytes = b""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not be read: a dead letter. `detail` is one plain line."""

    reason: Reason
    detail: str


Work = Read | Unread


def unread(error: Exception) -> Unread:
    """What an exception says of the page that raised it. Whatever is not the core's one error is a fault of ours."""
    if isinstance(error, PageError):
        return Unread(error.reason, error.detail)
    if isinstance(error, MemoryError):
        return Unread(Reason.OUT_OF_MEMORY, "the page needs more memory than a child may use")
    return Unread(Reason.INTERNAL_ERROR, _internal(error))


def _internal(error: Exception) -> str:
    """The error's kind and the place that raised it, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300] + where
