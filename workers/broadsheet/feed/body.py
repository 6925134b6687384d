"""An article's blocks as HTML that holds nothing of a site's own markup: each text escaped, each tag one of ours."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from markupsafe import Markup

from broadsheet.feed.entry import objects, text

_TAGS = {
    "paragraph": Markup("<p>{}</p>"),
    "quote": Markup("<blockquote><p>{}</p></blockquote>"),
    "code": Markup("<pre><code>{}</code></pre>"),
    "preformatted": Markup("<pre>{}</pre>"),
    "table-row": Markup("<p>{}</p>"),
}
_HEADINGS = (
    Markup("<h2>{}</h2>"),
    Markup("<h3>{}</h3>"),
    Markup("<h4>{}</h4>"),
    Markup("<h5>{}</h5>"),
    Markup("<h6>{}</h6>"),
)
_ITEM = Markup("<li>{}</li>")
_LIST = Markup("<ul>{}</ul>")


def body_html(record: Mapping[str, Any]) -> Markup:
    """The body, a block an element. Where a record has no blocks, the paragraphs of its text."""
    blocks = objects(record.get("blocks")) or _paragraphs(text(record.get("body_text")))
    parts: list[Markup] = []
    for is_item, run in groupby(blocks, key=lambda block: block.get("type") == "list-item"):
        elements = [_element(block) for block in run if text(block.get("text"))]
        parts.append(_LIST.format(Markup("").join(elements)) if is_item else Markup("\n").join(elements))
    return Markup("\n").join(parts)


def _paragraphs(body: str) -> Iterable[Mapping[str, Any]]:
    return [{"type": "paragraph", "text": part} for part in body.split("\n\n")]


def _element(block: Mapping[str, Any]) -> Markup:
    kind, words = text(block.get("type")), text(block.get("text"))
    if kind == "list-item":
        return _ITEM.format(words)
    if kind == "heading":
        return _heading(block.get("level")).format(words)
    return _TAGS.get(kind, _TAGS["paragraph"]).format(words)


def _heading(level: Any) -> Markup:
    """Below the headline, which is the page's first."""
    return _HEADINGS[min(max(level, 2), 6) - 2 if isinstance(level, int) else 0]
