"""A child's side of `extract`. Apart from the rest, so that the parent need not load what only children use."""

from dataclasses import replace
from datetime import datetime

from broadsheet.audit import audit
from broadsheet.cli.accounts import Account, pack
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.runtime.children.results import Unread, Work
from broadsheet.runtime.work import work_page
from broadsheet.values import RawPage


def work_input(raw: RawPage, options: Options, extracted_at: datetime, explain: bool) -> Work:
    """The page's records as a worker makes them. To explain them the page is read once more."""
    work = work_page(raw, options, extracted_at)
    if not explain or isinstance(work, Unread):
        return work
    result = read_page(raw, options)
    return replace(work, account=pack(Account(result, audit(result))))
