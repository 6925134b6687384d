"""An article's blocks as HTML that holds nothing of a site's own markup: each text escaped, each tag one of ours."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from broadsheet.feed.cut import BODY_CHARS, first_blocks, is_cut
from broadsheet.feed.fields import text

_TAGS = {
    "paragraph": ("<p>", "</p>"),
    "list-item": ("<li>", "</li>"),
    "quote": ("<blockquote><p>", "</p></blockquote>"),
    "code": ("<pre><code>", "</code></pre>"),
    "preformatted": ("<pre>", "</pre>"),
    "table-row": ("<p>", "</p>"),
}
_CUT = "<p>[…]</p>"


def body_html(record: Mapping[str, Any], chars: int = BODY_CHARS) -> Markup:
    """The body, a block an element, at most so many characters of it; one more element says where it was cut.

    Where a record has no blocks, the paragraphs of its text.
    """
    blocks = list(first_blocks(record.get("blocks"), chars))
    if not blocks:
        blocks = list(first_blocks(_paragraphs(text(record.get("body_text"))[:chars]), chars))
    parts: list[str] = []
    for is_item, run in groupby(blocks, key=lambda block: block["type"] == "list-item"):
        elements = [_element(block) for block in run]
        parts.append(f"<ul>{''.join(elements)}</ul>" if is_item else "\n".join(elements))
    if is_cut(record, chars):
        parts.append(_CUT)
    return Markup("\n".join(parts))  # noqa: S704 - each text was escaped, each tag is ours


def _paragraphs(body: str) -> list[Mapping[str, Any]]:
    return [{"type": "paragraph", "text": part} for part in body.split("\n\n")]


def _element(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    before, after = _heading(block["level"]) if kind == "heading" else _TAGS.get(kind, _TAGS["paragraph"])
    return f"{before}{escape(block['text'])}{after}"


def _heading(level: Any) -> tuple[str, str]:
    """Below the headline, which is the page's first."""
    depth = min(max(level, 2), 6) if isinstance(level, int) else 2
    return f"<h{depth}>", f"</h{depth}>"
