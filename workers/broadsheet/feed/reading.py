"""Records of the topic: read leniently from their bytes, or refused with one plain reason.

The topic is another's to write: nothing is taken for granted but JSON with an id. Fields of a wrong type count as
absent, so that one odd field does not hide an article.
"""

from dataclasses import replace
from typing import Any

import orjson

from broadsheet.feed.card import make_card
from broadsheet.feed.cut import WHOLE_BYTES, cut
from broadsheet.feed.entry import Entry
from broadsheet.feed.fields import mapping, text

ID_CHARS = 512
"""Longer ids are refused: ours have a few dozen characters, and ids stand in addresses."""
FILTER_CHARS = 256
"""Of a value that is filtered by: names of domains have 253 at most, sections a few dozen."""


class UnreadableError(ValueError):
    """A record that is no article; its text is one plain line."""


def read_entry(partition: int, offset: int, at: int, key: bytes | None, value: bytes | None) -> Entry:
    """The entry of a record; a record without value withdraws the article its key names. Raises UnreadableError."""
    if value is None:
        return Entry(partition, offset, at, _withdrawn_id(key), None)
    record = _object(value)
    entry = Entry(
        partition,
        offset,
        at,
        _usable_id(record.get("id")),
        _one_line(value),
        text(mapping(record.get("language")).get("code"))[:FILTER_CHARS],
        text(mapping(record.get("site")).get("domain"))[:FILTER_CHARS],
        text(record.get("section"))[:FILTER_CHARS],
    )
    short = cut(record) if len(value) > WHOLE_BYTES else None
    return replace(entry, card=orjson.dumps(make_card(entry, record)), short=short)


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
