"""What all records are written with: the page they come from, and the bytes."""

import json
import re
from dataclasses import asdict, is_dataclass
from typing import Any

import orjson

from broadsheet.moments import written_moment
from broadsheet.values import PageRef, Span

_SURROGATE = re.compile("[\ud800-\udfff]")


def page_fields(ref: PageRef) -> dict[str, Any]:
    """The `page` object that every record carries; null where unknown."""
    topic, partition, offset = ref.origin or (None, None, None)
    return {
        "url": ref.url,
        "page_id": ref.page_id,
        "source": ref.source,
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "fetched_at": None if ref.fetched_at is None else written_moment(ref.fetched_at),
        "sha256": ref.sha256,
    }


def span_field(span: Span | None) -> list[int] | None:
    """A span as [start, end]."""
    return None if span is None else [span.start, span.end]


def record_bytes(record: dict[str, Any]) -> bytes:
    """JSON in UTF-8, fields in the order given. Lone surrogates, which no JSON reader takes, become U+FFFD; integers
    beyond 64 bits, which a scraper's `metadata` may hold, are written as they are.
    """
    try:
        return orjson.dumps(record)
    except TypeError as error:
        if "64-bit" in str(error):
            metadata = json.dumps(record["metadata"], ensure_ascii=False, separators=(",", ":"))
            return record_bytes({**record, "metadata": orjson.Fragment(metadata)})
        if "surrogate" not in str(error):
            raise
        return orjson.dumps(_scrubbed(record))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [_scrubbed(one) for one in value]
    if isinstance(value, dict):
        return {_scrubbed(name): _scrubbed(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _scrubbed(asdict(value))
    return value
