"""What the core receives from its caller: limits and choices, as one frozen value. No environment is read here."""

from dataclasses import dataclass
from typing import Literal

from broadsheet.errors import PageError, Reason

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before any costly work. Sizes in bytes, lengths in characters."""

    page_bytes: int = 10 * MEBIBYTE
    """A page after decompression; above it `too-large`."""
    expansion: int = 100
    """Decompressed over compressed size; above it `expansion-bomb`."""
    url_chars: int = 2_048
    """An envelope with a longer URL is `invalid-envelope`."""
    articles: int = 1_000
    """A page with more is `too-large`: each article carries the page's metadata, and all leave as one transaction."""


Boldness = Literal["sure", "likely"]
"""How sure it must be that a page holds no article before it is refused."""
Refuse = Literal[Boldness, "never"]


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of the core that change its output; part of what makes a page's records reproducible."""

    limits: Limits = Limits()
    live_blog: Literal["one", "each"] = "one"
    """A live blog as one article with its entries as headed blocks, or one article for each entry."""
    refuse: Refuse = "likely"
    """Which pages of HTML are refused as none: those that likely hold no article, those that surely hold none, or never
    one that has text; then its `page_type` says what it looks like."""


MOST_STORIES = Limits().articles


def hold_count(held: int, most: int) -> None:
    """Raises `PageError` (too-large) for a page of more than `most` stories: before these are read, where they are cut
    first.
    """
    if held > most:
        raise PageError(Reason.TOO_LARGE, f"the page holds {held} articles, more than {most}")
