"""Fields of a record that is another's to write: of the type that is asked for, or absent."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

URL_CHARS = 2_048
"""Longer addresses are none: a part of one would lead elsewhere."""


def text(value: Any) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list that are not empty; nothing where it is no list."""
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def safe_url(value: Any) -> str | None:
    """The address if it is http(s) with a host: the only ones that a page of ours links to."""
    if not isinstance(value, str) or len(value) > URL_CHARS or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.hostname else None
