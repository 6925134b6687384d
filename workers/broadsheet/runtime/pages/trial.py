"""Whether this build can read pages at all: the samples that come with it, through a fresh child."""

from dataclasses import replace
from datetime import UTC, datetime

import structlog

from broadsheet.options import Options
from broadsheet.runtime.children.pool import Ending, Pool, PoolError, PoolLimits
from broadsheet.runtime.children.results import Unread, Work
from broadsheet.runtime.pages.fates import FATES, unread_at
from broadsheet.samples import samples

log = structlog.get_logger(__name__)


async def build_works(work: str, limits: PoolLimits, options: Options) -> bool:
    """True if no sample dies of a fault that may be ours. Takes a second, most of it to start the child."""
    pool = Pool(work, replace(limits, children=1))
    try:
        for sample in samples():
            done = await pool.run(sample.raw, options, datetime.now(UTC))
            if (fault := _fault(done)) is not None:
                log.error("a sample page is dead", sample=sample.name, reason=fault.reason.value, detail=fault.detail)
                return False
    except PoolError as error:
        log.error("no sample page could be tried", why=str(error))
        return False
    finally:
        pool.stop()
    return True


def _fault(done: Work | Ending) -> Unread | None:
    work = unread_at(done) if isinstance(done, Ending) else done
    return work if isinstance(work, Unread) and FATES[work.reason].ours else None
