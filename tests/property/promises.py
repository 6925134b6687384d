"""What is promised for every page, whatever it holds."""

import unicodedata

from broadsheet.errors import NoneReason, PageError, Reason
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import BODY_KINDS, PageResult, RawPage

OPTIONS = Options()


def ended(raw: RawPage, options: Options = OPTIONS) -> PageResult | Reason:
    """What a page gave, or the reason why it cannot be read."""
    try:
        return read_page(raw, options)
    except PageError as error:
        plain = bool(error.detail) and "\n" not in error.detail
        return error.reason if plain else Reason.INTERNAL_ERROR


def check(result: PageResult | Reason) -> None:
    """The one clear end: a reason of the closed list that is no accident of ours, articles, or none and why."""
    if isinstance(result, Reason):
        assert result is not Reason.INTERNAL_ERROR
        return
    assert bool(result.articles) != isinstance(result.reason, NoneReason)
    for position, article in enumerate(result.articles):
        assert (article.position, article.of) == (position, len(result.articles))
        assert article.body
        assert {block.kind for block in article.body} <= BODY_KINDS
        assert all(block.text.strip() for block in article.body)
        assert unicodedata.is_normalized("NFC", article.body_text)
    ids = [article.id for article in result.articles]
    assert len(ids) == len(set(ids))
