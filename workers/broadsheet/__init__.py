"""Broadsheet: raw scraped web pages in, clean, separate, enriched news articles out.

As a library: `extract` and `read_page`, with the values they give (`library` tells of them). They are loaded at their
first use, and the learned files with the first page: importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.library import (
        Article,
        Options,
        PageError,
        PageResult,
        RawPage,
        extract,
        outcome_json,
        read_page,
        to_dict,
        to_json,
    )

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Options",
    "PageError",
    "PageResult",
    "RawPage",
    "extract",
    "outcome_json",
    "read_page",
    "to_dict",
    "to_json",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("broadsheet.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
