"""From a message to its records: the page is worked on in a child, and whatever comes of that becomes records here.

Each page gives one outcome record, and beside it its articles, or one dead letter, or nothing (`none`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from broadsheet.errors import Reason
from broadsheet.options import Options
from broadsheet.runtime.children.pool import Ending, Pool, pool_limits
from broadsheet.runtime.children.results import Read, Unread, Work
from broadsheet.runtime.delivery.messages import raw_page
from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.metrics import Metrics
from broadsheet.runtime.pages.breaker import Breaker
from broadsheet.runtime.pages.fates import FATES, unread_at
from broadsheet.runtime.pages.outputs import Outputs, refusal
from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage

log = structlog.get_logger(__name__)


class Pages:
    """Works on messages, and makes their records."""

    def __init__(self, settings: Settings, metrics: Metrics, breaker: Breaker) -> None:
        self.options: Options = settings.options()
        self.outputs = Outputs(settings)
        self.metrics = metrics
        self.breaker = breaker
        self.pool = Pool(
            settings.worker.page_work, pool_limits(settings.worker), FATES[Reason.CRASHED].tries, self._count_death
        )

    async def work(self, message: Any, started: Callable[[], None]) -> tuple[Output, ...]:
        """All records of a message, in the order in which they are published. Raises PoolError."""
        raw = raw_page(message)
        now = datetime.now(UTC)
        work = refusal(raw, self.options.limits) or await self._work(raw, now, started)
        if isinstance(work, Unread):
            return self._dead(raw, work, now)
        records = self.outputs.read(raw, work)
        if isinstance(records, Unread):
            return self._dead(raw, records, now)
        self._count(work)
        return records

    async def _work(self, raw: RawPage, now: datetime, started: Callable[[], None]) -> Work:
        work = await self.pool.run(raw, self.options, now, started=started)
        return unread_at(work) if isinstance(work, Ending) else work

    def _dead(self, raw: RawPage, work: Unread, now: datetime) -> tuple[Output, ...]:
        log.warning("dead letter", reason=work.reason.value, detail=work.detail, origin=raw.origin)
        self.metrics.pages.labels("dead").inc()
        self.metrics.dead.labels(work.reason.value).inc()
        self.breaker.saw(our_fault=FATES[work.reason].ours)
        return self.outputs.dead(raw, work, now)

    def _count(self, work: Read) -> None:
        self.metrics.pages.labels(work.result).inc()
        self.breaker.saw(our_fault=False)
        self.metrics.articles.inc(len(work.articles))
        self.metrics.page_cpu_seconds.observe(work.cpu_ms / 1000)

    def _count_death(self, ending: Ending) -> None:
        self.metrics.child_deaths.labels(ending.value).inc()
