"""What leaves for a page: every record of a size that fits, by construction.

A record that is too large for its topic would be refused by the client itself, again and again: no page may bring that
about, whatever stands in its value, its headers or its key. Articles fit or their page is dead; a dead letter and its
outcome are cut until they fit, the most expendable part first, and say what they go without.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from broadsheet.errors import Reason
from broadsheet.options import MEBIBYTE, Limits
from broadsheet.records import dead_headers, dead_outcome_record
from broadsheet.records.dead import PARTS, Headers
from broadsheet.runtime.children.results import Read, Unread
from broadsheet.runtime.delivery.messages import Withheld
from broadsheet.runtime.delivery.protocol import Output, size_of
from broadsheet.runtime.kafka.topics import DEAD_LETTER_ROOM
from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage

KEY_BYTES = 16 * 1024
"""Of a page's key; an address of 2,048 characters has 8 KB at most. The client hashes the key of each record in plain
Python to choose its partition: 3 ms for so many bytes, two seconds for 12 MB (measured)."""

MESSAGE_TIMES = 4
"""A message may be so many times as large as its page: base64 takes 4 bytes for 3, JSON's escapes 3 times the text's
bytes at most (controls aside), the rest is room for metadata and headers."""

PAGE_RECORDS_BYTES = 64 * MEBIBYTE
"""All records of a page leave as one transaction, which must be done within its timeout (15 s)."""


def refusal(raw: RawPage, limits: Limits) -> Unread | None:
    """Why a message is not given to a child at all: its size alone says that it is no page within the limits."""
    if isinstance(raw.value, Withheld):
        return Unread(raw.value.reason, raw.value.detail)
    if raw.key is not None and len(raw.key) > KEY_BYTES:
        return Unread(Reason.TOO_LARGE, f"the key has {len(raw.key):,} bytes, the limit is {KEY_BYTES:,}")
    size, most = size_of(raw.key, raw.value, raw.headers), largest_message(limits)
    if size > most:
        return Unread(
            Reason.TOO_LARGE, f"the message has {size:,} bytes, the limit is {most:,} (setting limits.page_bytes)"
        )
    return None


def largest_message(limits: Limits) -> int:
    """Bytes of value, key and headers that a message may have and hold a page within the limits."""
    return MESSAGE_TIMES * limits.page_bytes


class Outputs:
    """Makes a page's records ready for their topics."""

    def __init__(self, settings: Settings) -> None:
        self._topics = settings.topics
        self._largest = settings.kafka.max_message_bytes
        self._most_read = largest_message(settings.options().limits)

    def read(self, raw: RawPage, work: Read) -> tuple[Output, ...] | Unread:
        """The articles of a page and its outcome; Unread where one of them, or all together, are too large."""
        trace = (("traceparent", work.traceparent.encode()),) if work.traceparent else ()
        articles = [Output(self._topics.articles, key, value, trace) for key, value in work.articles]
        records = (*articles, Output(self._topics.outcomes, raw.key, work.outcome, trace))
        largest, total = max(record.size for record in records), sum(record.size for record in records)
        if largest > self._largest:
            return Unread(
                Reason.TOO_LARGE,
                f"a record of {largest:,} bytes would leave, Kafka's messages may have {self._largest:,} "
                "(setting kafka.max_message_bytes)",
            )
        if total > PAGE_RECORDS_BYTES:
            return Unread(
                Reason.TOO_LARGE,
                f"{len(records):,} records of {total:,} bytes would leave, a page's may have {PAGE_RECORDS_BYTES:,}",
            )
        return records

    def dead(self, raw: RawPage, work: Unread, now: datetime) -> tuple[Output, Output]:
        """The dead letter of a page and its outcome."""
        letter = _first_that_fits(self._letters(raw, work, now), self._largest + DEAD_LETTER_ROOM)
        outcome = _first_that_fits(self._dead_outcomes(raw, work), self._largest)
        return letter, outcome

    def _letters(self, raw: RawPage, work: Unread, now: datetime) -> Iterator[Output]:
        """The page's bytes untouched; then without one of its parts, then without two, then without all."""
        parts = {"value": raw.value, "headers": raw.headers, "key": raw.key}
        there = [part for part in PARTS if parts[part]]
        if isinstance(raw.value, Withheld):  # a letter without them, though it would have had room
            yield Output(self._topics.dead, None, b"", self._headers(raw, work, now, PARTS))
        for count in range(len(there) + 1):
            for left_out in combinations(there, count):
                key = hashed(raw.key) if "key" in left_out else raw.key
                value = b"" if "value" in left_out else raw.value
                yield Output(self._topics.dead, key, value, self._headers(raw, work, now, left_out))

    def _headers(self, raw: RawPage, work: Unread, now: datetime, left_out: Sequence[str]) -> Headers:
        told = f"{work.detail[:400]} (left out of this letter: {', '.join(left_out)})" if left_out else work.detail
        return dead_headers(raw, work.reason, told, now, left_out=left_out)

    def _dead_outcomes(self, raw: RawPage, work: Unread) -> Iterator[Output]:
        """All that is known of the page; then with a hash for its key; then with no more than where it stands."""
        value = dead_outcome_record(self._readable(raw), work.reason, work.detail)
        for key in (raw.key, hashed(raw.key)):
            yield Output(self._topics.outcomes, key, value)
        bare = dead_outcome_record(RawPage(b"", origin=raw.origin), work.reason, work.detail)
        yield Output(self._topics.outcomes, hashed(raw.key), bare)

    def _readable(self, raw: RawPage) -> RawPage:
        """The message as far as it is looked into for the page's address: not into a value of any size."""
        return replace(raw, value=b"?") if len(raw.value) > self._most_read else raw


def hashed(key: bytes | None) -> bytes | None:
    """What stands for a key that cannot leave: the same for the same key."""
    return None if key is None else b"sha256:" + hashlib.sha256(key).hexdigest().encode()


def _first_that_fits(forms: Iterator[Output], most: int) -> Output:
    """Each form is smaller than the one before; the last has nothing of the page's own in it and always fits."""
    for form in forms:
        if form.size <= most and len(form.key or b"") <= KEY_BYTES:
            break
    return form
