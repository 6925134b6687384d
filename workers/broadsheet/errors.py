"""The one error a page can end with, and the closed lists of reasons.

The core raises `PageError` and nothing else (`page_error` makes one of any exception); the shell decides what follows
from its reason (`runtime/pages/fates.py` is the one table). A page that was read but holds no article is no error: it
ends as `none` with a `NoneReason`.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a page could not be read. Closed: a new member is a change of the `dead-reason` contract."""

    UNDECODABLE = "undecodable"
    INVALID_ENVELOPE = "invalid-envelope"
    UNSUPPORTED_CONTENT_TYPE = "unsupported-content-type"
    TOO_LARGE = "too-large"
    EXPANSION_BOMB = "expansion-bomb"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"
    INTERNAL_ERROR = "internal-error"


class NoneReason(StrEnum):
    """Why a page that could be read gave no article. Closed, as `Reason` is."""

    EMPTY = "empty"
    NO_ARTICLE_TEXT = "no-article-text"
    LISTING = "listing"
    PRODUCT = "product"
    FORUM = "forum"
    LOGIN_WALL = "login-wall"
    ERROR_PAGE = "error-page"
    NEEDS_SCRIPT = "needs-script"


class PageError(Exception):
    """A page that cannot be read: goes to the dead letters with `reason` and `detail`.

    `detail` is one plain line for people, free of the page's own text beyond a short quote.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["PageError"], tuple[Reason, str]]:
        """Crosses process borders whole: the pool's children raise it."""
        return (PageError, (self.reason, self.detail))


def page_error(error: Exception) -> PageError:
    """What an exception says of the page that raised it: the one place that turns faults into reasons.

    Whatever is neither the core's one error nor a lack of memory is a fault of ours. The detail names its kind and the
    module and line that raised it; 300 characters at most of it are the error's own.
    """
    if isinstance(error, PageError):
        return error
    if isinstance(error, MemoryError):
        return PageError(Reason.OUT_OF_MEMORY, "the page needs more memory than it may have")
    return PageError(Reason.INTERNAL_ERROR, " ".join(f"{type(error).__name__}: {error}".split())[:300] + _place(error))


def _place(error: Exception) -> str:
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    return f" ({place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno})" if place else ""
