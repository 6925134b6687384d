"""A child's side: one page read, its records made ready. What a page can do to a process, it does here.

Whatever the core raises beyond its one error is a fault of ours: the page goes to the dead letters as
`internal-error`, and the log of the child says where it was raised.
"""

import traceback
from datetime import datetime

from broadsheet.errors import PageError, Reason
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record, outcome_record
from broadsheet.runtime.results import Read, Unread, Work
from broadsheet.values import RawPage


def work_page(raw: RawPage, options: Options, extracted_at: datetime) -> Work:
    """Read a page and make its records. Never raises."""
    try:
        return _read(raw, options, extracted_at)
    except PageError as error:
        return Unread(error.reason, error.detail)
    except MemoryError:
        return Unread(Reason.OUT_OF_MEMORY, "the page needs more memory than a child may use")
    except Exception as error:
        return Unread(Reason.INTERNAL_ERROR, internal_detail(error))


def internal_detail(error: BaseException) -> str:
    """The error's kind and the place that raised it, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300] + where


def _read(raw: RawPage, options: Options, extracted_at: datetime) -> Read:
    result = read_page(raw, options)
    cpu_ms = result.timings_ms.get("total", 0.0)
    articles = tuple(
        (article.id.encode(), article_record(article, extracted_at=extracted_at, cpu_ms=cpu_ms))
        for article in result.articles
    )
    return Read(articles, outcome_record(result), "articles" if articles else "none", cpu_ms, result.page.traceparent)
