"""From a message to its records: the page is worked on in a child, and whatever comes of that becomes records here.

Each page gives one outcome record, and beside it its articles, or one dead letter, or nothing (`none`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from broadsheet.errors import Reason
from broadsheet.options import Options
from broadsheet.records import dead_headers, dead_outcome_record
from broadsheet.runtime.breaker import Breaker
from broadsheet.runtime.delivery import Output
from broadsheet.runtime.fates import ENDING_DETAIL, FATES, REASON_OF_ENDING
from broadsheet.runtime.metrics import Metrics
from broadsheet.runtime.pool import Ending, Pool, PoolError, PoolLimits
from broadsheet.runtime.results import Read, Unread, Work
from broadsheet.runtime.settings import Settings, TopicSettings
from broadsheet.runtime.topics import DEAD_LETTER_ROOM
from broadsheet.values import Origin, RawPage

log = structlog.get_logger(__name__)

RECORD_OVERHEAD = 200
"""Bytes that Kafka's record and batch headers add, rounded up (61 for a batch, some 20 for a record)."""


class Pages:
    """Works on messages, and makes their records."""

    def __init__(self, settings: Settings, metrics: Metrics, breaker: Breaker) -> None:
        self.options: Options = settings.options()
        self.topics: TopicSettings = settings.topics
        self.largest = settings.kafka.max_message_bytes
        self.metrics = metrics
        self.breaker = breaker
        limits = PoolLimits(settings.worker.children, settings.worker.page_timeout, settings.worker.child_memory)
        self.pool = Pool(settings.worker.page_work, limits, FATES[Reason.CRASHED].tries, self._count_death)

    async def work(self, message: Any, started: Callable[[], None]) -> tuple[Output, ...]:
        """All records of a message, in the order in which they are published. Raises PoolError."""
        raw = raw_page(message)
        now = datetime.now(UTC)
        work = await self._work(raw, now, started)
        if isinstance(work, Read):
            records = self._records(raw, work)
            if all(self._fits(record) for record in records):
                self._count(work)
                return records
            work = Unread(Reason.TOO_LARGE, self._too_large(records))
        return self._dead(raw, work, now)

    async def _work(self, raw: RawPage, now: datetime, started: Callable[[], None]) -> Work:
        try:
            work = await self.pool.run(raw, self.options, now, started=started)
        except PoolError:
            raise  # the machine's fault, not the page's
        except MemoryError:
            return Unread(Reason.OUT_OF_MEMORY, "the page needs more memory than a child may use")
        except Exception as error:
            return Unread(Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}")
        if isinstance(work, Ending):
            return Unread(REASON_OF_ENDING[work], ENDING_DETAIL[work])
        assert isinstance(work, Read | Unread)
        return work

    def _records(self, raw: RawPage, work: Read) -> tuple[Output, ...]:
        trace = (("traceparent", work.traceparent.encode()),) if work.traceparent else ()
        articles = [Output(self.topics.articles, key, value, trace) for key, value in work.articles]
        return (*articles, Output(self.topics.outcomes, raw.key, work.outcome, trace))

    def _dead(self, raw: RawPage, work: Unread, now: datetime) -> tuple[Output, ...]:
        log.warning("dead letter", reason=work.reason.value, detail=work.detail, origin=raw.origin)
        self.metrics.pages.labels("dead").inc()
        self.metrics.dead.labels(work.reason.value).inc()
        self.breaker.saw(our_fault=FATES[work.reason].ours)
        headers = dead_headers(raw, work.reason, work.detail, now)
        letter = self._letter(raw, headers)
        outcome = Output(self.topics.outcomes, raw.key, dead_outcome_record(raw, work.reason, work.detail))
        return (letter, outcome)

    def _letter(self, raw: RawPage, headers: tuple[tuple[str, bytes], ...]) -> Output:
        """The page's bytes untouched. Only a value that was compressed on its way in can be larger than its topic
        allows; it is left out then, and `dead-origin` tells where it stands."""
        letter = Output(self.topics.dead, raw.key, raw.value, headers)
        if letter.size + RECORD_OVERHEAD <= self.largest + DEAD_LETTER_ROOM:
            return letter
        log.warning("dead letter without its value", bytes=len(raw.value), origin=raw.origin)
        return letter._replace(value=b"")

    def _fits(self, record: Output) -> bool:
        return record.size + RECORD_OVERHEAD <= self.largest

    def _too_large(self, records: tuple[Output, ...]) -> str:
        largest = max(record.size for record in records)
        return f"a record of {largest} bytes would leave, Kafka's messages may have {self.largest}"

    def _count(self, work: Read) -> None:
        self.metrics.pages.labels(work.result).inc()
        self.breaker.saw(our_fault=False)
        self.metrics.articles.inc(len(work.articles))
        self.metrics.page_cpu_seconds.observe(work.cpu_ms / 1000)

    def _count_death(self, ending: Ending) -> None:
        self.metrics.child_deaths.labels(ending.value).inc()


def raw_page(message: Any) -> RawPage:
    """A message of Faust's as a RawPage. A message without a value is an empty page."""
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    origin = Origin(message.topic, message.partition, message.offset)
    return RawPage(message.value or b"", message.key, tuple((name, value or b"") for name, value in headers), origin)
