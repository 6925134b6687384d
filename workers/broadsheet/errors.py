"""The one error a page can end with, and the closed lists of reasons.

The core raises `PageError` and nothing else; the shell decides what follows from its reason
(`runtime/` holds the one table). A page that was read but holds no article is no error: it ends as
`none` with a `NoneReason`.
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
