"""What a child hands back for a page: ready bytes, so that the parent neither parses nor builds records."""

from dataclasses import dataclass

from broadsheet.errors import Reason, page_error


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
    """What the child hands back for a page whose work raised this."""
    said = page_error(error)
    return Unread(said.reason, said.detail)
