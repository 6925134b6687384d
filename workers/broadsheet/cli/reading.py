"""Reads pages without Kafka, several at once, their order kept: what `extract` prints."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog

from broadsheet.audit import Marked
from broadsheet.cli.ahead import read_ahead
from broadsheet.inputs import Input
from broadsheet.options import Options
from broadsheet.records import dead_outcome_record
from broadsheet.runtime.fates import ENDING_DETAIL, REASON_OF_ENDING
from broadsheet.runtime.pool import Ending, Pool, PoolLimits
from broadsheet.runtime.results import Read, Unread, Work
from broadsheet.runtime.settings import Settings
from broadsheet.values import PageResult

_WORK = "broadsheet.cli.working:work_input"  # by name: only children need what it loads
_WAITING = 4
"""Pages at hand for each child, so that one slow page does not idle the others."""


class Worked(NamedTuple):
    """A child's answer: the records, and where it was asked for the result they were made of and its account."""

    work: Work
    result: PageResult | None = None
    account: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one input: its articles' records, its outcome's record, and if they were asked for the result
    and the account of its blocks.
    """

    name: str
    page: Input
    articles: tuple[bytes, ...]
    outcome: bytes
    dead: Unread | None = None
    result: PageResult | None = None
    account: tuple[Marked, ...] = ()


async def read_all(pages: Iterator[Input], settings: Settings, jobs: int, explain: bool) -> AsyncGenerator[Reading]:
    """What became of each input, in their order, each as soon as it and all before it are done.

    A page that takes too long or too much memory ends as dead, as it would in a worker. Raises PoolError where
    children cannot be kept alive, and what reading the files raises.
    """
    _keep_log_quiet()
    limits = PoolLimits(jobs, settings.worker.page_timeout, settings.worker.child_memory)
    pool = Pool(_WORK, limits)
    options = settings.options()
    line: asyncio.Queue[tuple[Input, asyncio.Task[Worked]] | Exception | None] = asyncio.Queue(jobs * _WAITING)

    async def feed() -> None:
        try:
            async for page in read_ahead(pages):
                await line.put((page, asyncio.create_task(_work(pool, page, options, explain))))
            await line.put(None)
        except Exception as error:
            await line.put(error)

    feeding = asyncio.create_task(feed())
    try:
        while (item := await line.get()) is not None:
            if isinstance(item, Exception):
                raise item
            page, task = item
            yield _reading(page, await task)
    finally:
        feeding.cancel()
        pool.stop()


async def _work(pool: Pool, page: Input, options: Options, explain: bool) -> Worked:
    if page.fault is not None:
        return Worked(Unread(page.fault.reason, page.fault.detail))
    worked: Any = await pool.run(page.raw, options, datetime.now(UTC), explain)
    if isinstance(worked, Ending):
        return Worked(Unread(REASON_OF_ENDING[worked], ENDING_DETAIL[worked]))
    assert isinstance(worked, Worked)
    return worked


def _reading(page: Input, worked: Worked) -> Reading:
    work = worked.work
    if isinstance(work, Read):
        records = tuple(value for _, value in work.articles)
        return Reading(page.name, page, records, work.outcome, result=worked.result, account=worked.account)
    return Reading(page.name, page, (), dead_outcome_record(page.raw, work.reason, work.detail), dead=work)


def _keep_log_quiet() -> None:
    """The pool's log is for a worker's operator; here each page's outcome says what became of it."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
