"""What the feed holds of a record: read leniently from the topic's bytes, or refused with one plain reason.

The topic is another's to write: nothing is taken for granted but JSON with an id. Fields of a wrong type count as
absent, so that one odd field does not hide an article.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

ID_CHARS = 512
"""Longer ids are refused: ours have a few dozen characters, and ids stand in addresses."""


class UnreadableError(ValueError):
    """A record that is no article; its text is one plain line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the topic. `value` is the article's JSON on one line, or None where the article was withdrawn.

    `at` is the record's Kafka time in milliseconds. `language`, `site` and `section` are what the feed filters by,
    empty where unknown.
    """

    partition: int
    offset: int
    at: int
    id: str
    value: bytes | None
    language: str = ""
    site: str = ""
    section: str = ""

    @property
    def size(self) -> int:
        """Bytes of the record."""
        return len(self.value or b"") + len(self.id)


def read_entry(partition: int, offset: int, at: int, key: bytes | None, value: bytes | None) -> Entry:
    """The entry of a record; a record without value withdraws the article its key names. Raises UnreadableError."""
    if value is None:
        return Entry(partition, offset, at, _withdrawn_id(key), None)
    record = _object(value)
    return Entry(
        partition,
        offset,
        at,
        _usable_id(record.get("id")),
        _one_line(value),
        text(mapping(record.get("language")).get("code")),
        text(mapping(record.get("site")).get("domain")),
        text(record.get("section")),
    )


def _object(value: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise UnreadableError(f"a JSON {type(record).__name__}, not an object")
    schema = record.get("schema")
    if schema != "article/1":
        raise UnreadableError(f"schema is {str(schema)[:40]!r}, not 'article/1'")
    return record


def _withdrawn_id(key: bytes | None) -> str:
    try:
        return _usable_id((key or b"").decode())
    except UnicodeDecodeError:
        raise UnreadableError("a withdrawal whose key is not UTF-8") from None


def _usable_id(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= ID_CHARS or not value.isprintable():
        raise UnreadableError("no usable id")
    return value


def _one_line(value: bytes) -> bytes:
    """SSE ends a field at a line's end: JSON written over several lines is written anew."""
    return orjson.dumps(orjson.loads(value)) if b"\n" in value or b"\r" in value else value


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
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.hostname else None
