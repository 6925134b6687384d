"""What the feed holds of a record of the topic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Entry:
    """A record of the topic. `value` is the article's JSON on one line, or None where the article was withdrawn.

    `at` is the record's Kafka time in milliseconds. `language`, `site` and `section` are what the feed filters by,
    empty where unknown. `card` is the few fields that a list shows, as JSON; `short` is the record cut to a bounded
    size, where it is a large one.
    """

    partition: int
    offset: int
    at: int
    id: str
    value: bytes | None
    language: str = ""
    site: str = ""
    section: str = ""
    card: bytes = b"{}"
    short: bytes | None = None

    @property
    def shown(self) -> bytes:
        """What is shown of the record to people and in feeds: all of it, or what was cut."""
        return self.short or self.value or b"{}"

    @property
    def size(self) -> int:
        """Bytes of the record."""
        return len(self.value or b"") + len(self.short or b"") + len(self.card) + len(self.id)
