"""A child's side: one page read, its records made ready. What a page can do to a process, it does here."""

from datetime import datetime

from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record, outcome_record
from broadsheet.runtime.children.results import Read, Work, unread
from broadsheet.values import RawPage


def work_page(raw: RawPage, options: Options, extracted_at: datetime) -> Work:
    """Read a page and make its records; a page that cannot be read is one, with its reason, and no exception."""
    try:
        result = read_page(raw, options)
    except PageError as error:
        return unread(error)
    cpu_ms = result.timings_ms.get("total", 0.0)
    articles = tuple(
        (article.id.encode(), article_record(article, extracted_at=extracted_at, cpu_ms=cpu_ms))
        for article in result.articles
    )
    return Read(articles, outcome_record(result), "articles" if articles else "none", cpu_ms, result.page.traceparent)
