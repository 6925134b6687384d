"""A body's blocks without furniture, and without what other fields hold: headline, section, byline, date."""

from collections.abc import Sequence

from broadsheet.clean.furniture import furniture_kind
from broadsheet.clean.words import fold
from broadsheet.extract.headings import byline_names, is_date_line
from broadsheet.values import Block, Kind, Removed

HEAD_BLOCKS = 3
"""So many kept blocks may stand before a repeated headline, byline or date for these still to be the head."""
_CLEANED = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM})


def trim_body(body: Sequence[Block], headline: str | None, section: str | None) -> tuple[list[Block], list[Removed]]:
    """The blocks that stay, and those dropped with their reasons; headings at the end go too."""
    kept: list[Block] = []
    removed: list[Removed] = []
    for block in body:
        kind = furniture_kind(block.text) if block.kind in _CLEANED else None
        kind = kind or (_head_kind(block.text, headline, section) if len(kept) < HEAD_BLOCKS else None)
        if kind:
            removed.append(Removed(kind, block.text, block.span, block.where, block.at))
        else:
            kept.append(block)
    while kept and kept[-1].kind is Kind.HEADING:
        last = kept.pop()
        removed.append(Removed("after-body", last.text, last.span, last.where, last.at))
    return kept, removed


def _head_kind(text: str, headline: str | None, section: str | None) -> str | None:
    """What a block at a body's start repeats of the fields, if anything."""
    key = fold(text)
    if key == fold(headline or ""):
        return "headline"
    if section and key == fold(section):
        return "label"
    if byline_names(text):
        return "byline"
    return "date" if is_date_line(text) else None
