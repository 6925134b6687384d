"""A large record, cut to what lists, feeds and the page for people show of it.

The topic is another's to write, and a page can make a record of megabytes. It is read whole once, when it comes in;
what is shown of it has a bounded size, so that no request costs more than another.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import orjson

from broadsheet.feed.fields import URL_CHARS, text

WHOLE_BYTES = 64 * 1024
"""Records up to this size are left as they are: 99 of 100 of real articles are smaller."""
BODY_CHARS = 64 * 1024
"""Of the body: some 10,000 words."""
BLOCKS = 2_000
REST_CHARS = 16 * 1024
"""Of all else together."""
TEXT_CHARS = 1_000
"""Of one text: a headline, a name, a caption."""
ITEMS = 40
"""Of a list or an object: authors, keywords, images."""
CUT = "cut"
"""The field of such a record that says whether its body is not whole."""

_SHOWN = (
    *("id", "headline", "subheadline", "byline", "summary", "authors", "published_at", "modified_at", "section"),
    *("keywords", "language", "site", "page", "word_count", "reading_minutes", "images"),
)


def cut(record: Mapping[str, Any]) -> bytes:
    """The record's JSON with the fields that are shown, each bounded; in all some 100,000 characters at most."""
    rest = _Rest()
    shown = {"url": rest.url(record.get("url")), **{name: rest.take(record.get(name)) for name in _SHOWN}}
    shown["blocks"] = list(first_blocks(record.get("blocks"), BODY_CHARS))
    shown["body_text"] = text(record.get("body_text"))[:BODY_CHARS]
    return orjson.dumps({**shown, CUT: is_cut(record, BODY_CHARS)})


def is_cut(record: Mapping[str, Any], chars: int) -> bool:
    """Whether the body has more than its first characters, as many as are asked for."""
    blocks = record.get("blocks")
    too_many = isinstance(blocks, list) and len(blocks) > BLOCKS
    return record.get(CUT) is True or too_many or len(text(record.get("body_text"))) > chars


def first_blocks(blocks: Any, chars: int) -> Iterable[Mapping[str, Any]]:
    """The first blocks that hold text, so many characters of them; the last may be cut."""
    found = (block for block in blocks if isinstance(block, dict)) if isinstance(blocks, list) else iter(())
    for block in islice(found, BLOCKS):
        words = text(block.get("text"))[:chars]
        chars -= len(words)
        if words:
            level = block.get("level")
            yield {
                "type": text(block.get("type"))[:40],
                "text": words,
                "level": level if isinstance(level, int) else None,
            }
        if chars <= 0:
            return


class _Rest:
    """Takes values of any shape until its characters are used up."""

    def __init__(self) -> None:
        self._left = REST_CHARS

    def take(self, value: Any, depth: int = 3) -> Any:
        if isinstance(value, str):
            words = value[: min(TEXT_CHARS, self._left)]
            self._left -= len(words)
            return words
        if isinstance(value, dict | list):
            return self._inside(value, depth) if depth and self._left > 0 else None
        return value

    def url(self, value: Any) -> str | None:
        if not isinstance(value, str) or len(value) > min(URL_CHARS, self._left):
            return None
        self._left -= len(value)
        return value

    def _inside(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, list):
            return [self.take(item, depth - 1) for item in value[:ITEMS]]
        return {
            name[:TEXT_CHARS]: self.url(item) if name == "url" else self.take(item, depth - 1)
            for name, item in islice(value.items(), ITEMS)
        }
