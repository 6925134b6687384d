"""Delivery: what a publisher of finished pages promises, whichever guarantee is chosen.

One publisher stands behind each input partition that a worker holds. It gets batches of finished pages in the
partition's order; when `publish` returns, their records are on the broker and the input is acknowledged up to them.
A page's outputs and its acknowledgement are one step in `transactions` (exactly-once) and two in `acknowledgement`
(at-least-once); nothing else of the worker knows the difference.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from faust.types import TP

RECORD_OVERHEAD = 200
"""Bytes that Kafka's record and batch headers add, rounded up (61 for a batch, some 20 for a record)."""

HEADER_OVERHEAD = 10
"""The same for one header: two lengths of at most 5 bytes."""


class Output(NamedTuple):
    """A record to be published, ready for the wire."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def size(self) -> int:
        """Bytes of key, value and headers, and of what Kafka puts around them, rounded up."""
        return RECORD_OVERHEAD + size_of(self.key, self.value, self.headers)


def size_of(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> int:
    """Bytes that a message's key, value and headers take, with the lengths that stand before a header's two parts."""
    around = sum(HEADER_OVERHEAD + len(name.encode()) + len(content or b"") for name, content in headers)
    return len(key or b"") + len(value or b"") + around


class Lost(Exception):  # noqa: N818 - says what follows, as the others do
    """The partition belongs to another worker now. Nothing was done that counts; give the partition up."""


class Publisher(Protocol):
    """Puts finished pages of one input partition on the broker."""

    async def start(self) -> None:
        """When this returns, no earlier owner of the partition can publish or acknowledge any more (exactly-once), or
        may at most repeat what it did (at-least-once)."""

    async def publish(self, outputs: Sequence[Output], next_offset: int) -> None:
        """All outputs in their order, then the input acknowledged up to `next_offset` (excluded).

        Raises Lost where another worker has the partition; any other exception means that the outcome is unknown here
        (the broker knows it): the worker must end and start anew.
        """

    async def stop(self) -> None:
        """Let go of connections. Nothing that was not published will be."""


Acknowledge = Callable[[TP, int], Awaitable[None]]
"""Commit the position of a partition through the consumer's group; raises Lost where the group has moved on."""

OpenPublisher = Callable[[TP], Publisher]
