"""The word back: an extension that reads what became of pages while a crawl runs, and warns where a yield falls."""

import logging
import threading
import time
from typing import Any, Self

from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from broadsheet.runtime.kafka.connection import ConnectionSettingsError
from broadsheet.runtime.outcomes.records import OutcomesError, outcomes
from broadsheet.runtime.outcomes.yields import DROP, LEAST, Yields
from broadsheet.runtime.settings import Settings
from broadsheet.scrapy.configured import configured
from broadsheet.scrapy.waiting import Calls, within
from broadsheet.text.urls import site_domain
from scrapy import signals

log = logging.getLogger(__name__)

DAYS = 7
_DAY_SECONDS = 86_400
_CLOSING_SECONDS = 5.0


class YieldExtension:
    """Warns once for each site of this crawl whose pages give fewer articles than in the days before it.

        EXTENSIONS = {"broadsheet.scrapy.YieldExtension": 500}

    Scrapy settings beside the pipeline's: BROADSHEET_YIELD_LEAST (pages that now and before must have, 20),
    BROADSHEET_YIELD_DROP (share of itself that a yield must have lost, 0.5), BROADSHEET_YIELD_DAYS (compared with, 7).
    Statistics: broadsheet/yields_fallen. What workers do after the crawl's end, `broadsheet watch-yield` sees.
    A topic of outcomes that cannot be read is one warning; the crawl goes on.
    """

    def __init__(self, crawler: Any, settings: Settings) -> None:
        given = crawler.settings
        self._crawler, self._settings, self._started = crawler, settings, time.time()
        self._least = max(1, given.getint("BROADSHEET_YIELD_LEAST", LEAST))
        self._drop = given.getfloat("BROADSHEET_YIELD_DROP", DROP)
        self._since = self._started - given.getfloat("BROADSHEET_YIELD_DAYS", DAYS) * _DAY_SECONDS
        if not 0 < self._drop <= 1:
            raise NotConfigured(f"setting BROADSHEET_YIELD_DROP: {self._drop:g} is no share above 0, at most 1")
        self._counted, self._sites, self._fallen = Yields(), set[str | None](), set[str]()
        self._ended, self._calls = threading.Event(), Calls("broadsheet-outcomes")

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Scrapy's way to make it. Raises NotConfigured where Broadsheet's settings are wrong."""
        made = cls(crawler, configured(crawler))
        crawler.signals.connect(made.opened, signals.spider_opened)
        crawler.signals.connect(made.received, signals.response_received)
        crawler.signals.connect(made.closed, signals.spider_closed)
        return made

    def opened(self) -> None:
        """Begin to read, in a thread of its own."""
        self._reading = self._calls.submit(self._read)

    def received(self, response: Response) -> None:
        """A site of this crawl."""
        self._sites.add(site_domain(response.url))

    async def closed(self) -> None:
        """Look a last time, and end."""
        self._ended.set()
        self._calls.end()
        try:
            await within(_CLOSING_SECONDS, self._reading, OutcomesError("no answer from Kafka"))
        except (OutcomesError, ConnectionSettingsError) as error:
            log.warning("Broadsheet: the outcomes of pages are not watched: %s", error)
        self._crawler.stats.set_value("broadsheet/yields_fallen", len(self._fallen))

    def _read(self) -> None:
        for seen in outcomes(self._settings, int(self._since * 1000), follow=True, ended=self._ended.is_set):
            if seen is None:
                self._look()
            elif seen.outcome is not None:
                self._counted.take(seen.at, seen.outcome)
        self._look()

    def _look(self) -> None:
        for fall in self._counted.falls(int(self._started * 1000), self._least, self._drop):
            if fall.name in self._sites and fall.name not in self._fallen:
                self._fallen.add(fall.name)
                log.warning("Broadsheet: the yield of a site has fallen: %s", fall.line())
