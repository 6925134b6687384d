"""The journey of a page: decode, take apart, enrich. Pure: the same page gives the same articles, in any process."""

from broadsheet.decode import decode
from broadsheet.decode.answer import no_page
from broadsheet.dump.engine import extract_dump
from broadsheet.enrich.article import enrich
from broadsheet.errors import PageError, page_error
from broadsheet.html.engine import extract_html
from broadsheet.options import Options, hold_count
from broadsheet.records.writing import hold_shared
from broadsheet.timing import Laps
from broadsheet.values import ContentType, Extraction, Page, PageResult, RawPage


def read_page(raw: RawPage, options: Options) -> PageResult:
    """What a message of `pages.raw` holds: articles, or none and why.

    Raises `PageError`, and nothing else, for a page that cannot be read. `timings_ms` is CPU time of this thread of
    work: decode, the extraction's own stages, enrich, total.
    """
    laps = Laps()
    try:
        page = decode(raw, options.limits)
        laps.lap("decode")
        extraction = extract_page(page, options)
        laps.skip()
        hold_count(len(extraction.stories), options.limits.articles)
        hold_shared(len(extraction.stories), page)
        articles = enrich(extraction, page)
        laps.lap("enrich")
    except PageError:
        raise
    except Exception as error:
        raise page_error(error) from error
    timings = {**laps.ms, **extraction.timings_ms, "total": laps.total()}
    return PageResult(page, articles, extraction.reason, extraction.removed, timings, extraction.confidence)


def extract_page(page: Page, options: Options) -> Extraction:
    """Take a decoded page apart: blocks, clean, split, extract. Dumps by their lines, HTML by its tree."""
    reason = no_page(page)
    if reason is not None:
        return Extraction((), reason=reason)
    if page.content_type is ContentType.HTML:
        each = options.live_blog == "each"
        return extract_html(page, each_entry=each, most=options.limits.articles, refuse=options.refuse)
    return extract_dump(page, most=options.limits.articles)
