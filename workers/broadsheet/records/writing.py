"""What all records are written with: the page they come from, and the bytes."""

import json
import re
from dataclasses import asdict, is_dataclass
from typing import Any

import orjson

from broadsheet.errors import PageError, Reason
from broadsheet.json_text import ask_for, write_json
from broadsheet.moments import written_moment
from broadsheet.values import Page, PageRef, Span

SHARED_BYTES = 32 * 2**20
"""Of a page's own fields in all its records together: 1,000 articles may each repeat 32 KiB of metadata."""
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


def hold_shared(articles: int, page: Page) -> None:
    """Raises `PageError` (too-large) where what a page's records all repeat would fill more than `SHARED_BYTES`.

    And `MemoryError` where there is no room left to write any.
    """
    ask_for()
    if articles < 2:
        return
    shared = len(record_bytes({"page": page_fields(page.ref), "metadata": page.metadata}))
    if articles * shared > SHARED_BYTES:
        raise PageError(
            Reason.TOO_LARGE, f"{articles} articles would each repeat {shared:,} bytes of the page's own fields"
        )


def record_bytes(record: dict[str, Any], size: int = 0) -> bytes:
    """JSON in UTF-8, fields in the order given. Lone surrogates, which no JSON reader takes, become U+FFFD; integers
    beyond 64 bits, which a scraper's `metadata` may hold, are written as they are.

    `size` is about how many characters a large record has. Raises `MemoryError` where there is no room for it.
    """
    try:
        return write_json(record, size)
    except TypeError as error:
        if "64-bit" in str(error):
            metadata = json.dumps(record["metadata"], ensure_ascii=False, separators=(",", ":"))
            return record_bytes({**record, "metadata": orjson.Fragment(metadata)}, size)
        if "surrogate" not in str(error):
            raise
        return write_json(_scrubbed(record), size)


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
