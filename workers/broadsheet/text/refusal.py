"""Texts that are no article, told with care: an article refused is worse than a listing let through."""

import re
from collections.abc import Sequence

from broadsheet.errors import NoneReason
from broadsheet.native.text import prose_words
from broadsheet.text.tables import any_of, words_of
from broadsheet.text.words import count_words

MIN_WORDS = 40
"""Fewer words of prose than this are no article. The shortest of 900 real ones has about 50 words."""
SHORT_WORDS = 120
"""A page whose prose is shorter may be a wall or an error page, if its words say so."""
NOTICE_LINES = 60
"""Among so many first lines a page says that it is a wall or an error page."""
LONGEST_LINE = 500
"""Characters: what a wall or an error page has to say stands at a line's start."""
_ERROR = re.compile(any_of(words_of("error")), re.IGNORECASE)
_WALL = re.compile(any_of(words_of("wall")), re.IGNORECASE)


def refuse_text(lines: Sequence[str], status: int | None = None) -> NoneReason | None:
    """Why a page with these lines holds no article; None if it may hold one.

    Error and login pages are told by their words only where there is little prose besides.
    """
    prose = prose_words(lines)
    if prose >= SHORT_WORDS:
        return None
    if notice := find_notice(lines, status):
        return notice
    if prose < MIN_WORDS and sum(map(count_words, lines)) < 2 * MIN_WORDS:
        return NoneReason.NO_ARTICLE_TEXT
    return None


def find_notice(lines: Sequence[str], status: int | None = None) -> NoneReason | None:
    """What the status or these lines of a page with little prose say that it is: an error page, or a wall."""
    joined = "\n".join([line[:LONGEST_LINE] for line in lines[:NOTICE_LINES]])
    if (status is not None and status >= 400) or _ERROR.search(joined):
        return NoneReason.ERROR_PAGE
    return NoneReason.LOGIN_WALL if _WALL.search(joined) else None
