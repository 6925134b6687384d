"""Reads pages without Kafka, several at once, their order kept: what `extract` prints."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from broadsheet.cli.accounts import Account, unpack
from broadsheet.cli.ahead import read_ahead
from broadsheet.errors import Reason
from broadsheet.inputs import Input
from broadsheet.options import Options
from broadsheet.records import dead_outcome_record
from broadsheet.runtime.children.pool import Ending, Pool, pool_limits
from broadsheet.runtime.children.results import Read, Unread, Work
from broadsheet.runtime.children.server import keep_secrets
from broadsheet.runtime.pages.fates import unread_at
from broadsheet.runtime.settings import Settings

_WORK = "broadsheet.cli.working:work_input"  # by name: only children need what it loads
_WAITING = 4
"""Pages at hand for each child, so that one slow page does not idle the others."""
_EXPLAINED = 3
"""So many times the CPU of its work does a page need to be explained: it is read twice, then each block is found."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one input: its articles' records, its outcome's record, and if it was asked for its account."""

    name: str
    page: Input
    articles: tuple[bytes, ...]
    outcome: bytes
    dead: Unread | None = None
    account: Account | None = None


async def read_all(pages: Iterator[Input], settings: Settings, jobs: int, explain: bool) -> AsyncGenerator[Reading]:
    """What became of each input, in their order, each as soon as it and all before it are done.

    A page that takes too long or too much memory ends as dead, as it would in a worker. Raises PoolError where
    children cannot be kept alive, and what reading the files raises.
    """
    _keep_log_quiet()
    keep_secrets(settings.kafka)
    limits = pool_limits(settings.worker, jobs)
    pool = Pool(_WORK, replace(limits, cpu=limits.cpu * _EXPLAINED) if explain else limits)
    options = settings.options()
    line: asyncio.Queue[tuple[Input, asyncio.Task[Work]] | Exception | None] = asyncio.Queue(jobs * _WAITING)

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


async def _work(pool: Pool, page: Input, options: Options, explain: bool) -> Work:
    if page.fault is not None:
        return Unread(page.fault.reason, page.fault.detail)
    work = await pool.run(page.raw, options, datetime.now(UTC), explain)
    return unread_at(work) if isinstance(work, Ending) else work


def _reading(page: Input, work: Work) -> Reading:
    if isinstance(work, Read):
        try:
            account = unpack(work.account) if work.account else None
        except ValueError:
            return _reading(page, Unread(Reason.CRASHED, "the page's child gave no account of it"))
        records = tuple(value for _, value in work.articles)
        return Reading(page.name, page, records, work.outcome, account=account)
    return Reading(page.name, page, (), dead_outcome_record(page.raw, work.reason, work.detail), dead=work)


def _keep_log_quiet() -> None:
    """The pool's log is for a worker's operator; here each page's outcome says what became of it."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
