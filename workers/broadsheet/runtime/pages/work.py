"""A child's side: one page read, its records made ready. What a page can do to a process, it does here."""

from datetime import datetime

from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record, outcome_record
from broadsheet.runtime.children.results import Read
from broadsheet.values import RawPage


def work_page(raw: RawPage, options: Options, extracted_at: datetime) -> Read:
    """Read a page and make its records. What it raises is the child's to tell, as for any work."""
    result = read_page(raw, options)
    cpu_ms = result.timings_ms.get("total", 0.0)
    articles = tuple(
        (article.id.encode(), article_record(article, extracted_at=extracted_at, cpu_ms=cpu_ms))
        for article in result.articles
    )
    return Read(articles, outcome_record(result), "articles" if articles else "none", cpu_ms, result.page.traceparent)
