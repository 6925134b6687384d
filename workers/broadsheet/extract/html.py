"""The first HTML engine: trafilatura finds the body, the page's scan gives everything else. One story a page.

trafilatura is called without metadata, comments and deduplication: those read the clock or remember pages.
"""

from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from broadsheet.blocks.tree import Tree, scan
from broadsheet.clean.furniture import furniture_kind
from broadsheet.clean.text import tidy
from broadsheet.clean.urls import absolute
from broadsheet.clean.words import fold
from broadsheet.errors import NoneReason
from broadsheet.extract.headings import byline_names, is_date_line
from broadsheet.extract.images import read_images
from broadsheet.extract.metadata import Metadata, read_metadata
from broadsheet.extract.refuse import prose_words, refuse_html
from broadsheet.extract.streams import find_stories
from broadsheet.timing import Laps
from broadsheet.values import Block, Extraction, Kind, Link, Page, PageFacts, Removed, Story

_KINDS = {"p": Kind.PARAGRAPH, "head": Kind.HEADING, "item": Kind.LIST_ITEM, "quote": Kind.QUOTE, "code": Kind.CODE,
          "row": Kind.TABLE_ROW}  # fmt: skip
HEAD_BLOCKS = 3
"""So many kept blocks may stand before a repeated headline, byline or date for these still to be the head."""
_CLEANED = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM})


def extract_html(page: Page) -> Extraction:
    """The story of an HTML page, or none and the reason. Raises `PageError` only for a page too large to walk."""
    laps = Laps()
    tree = scan(page.text)
    laps.lap("parse")
    if not tree.blocks:
        return Extraction((), reason=NoneReason.EMPTY)
    meta = read_metadata(tree, page.url)
    facts = page_facts(meta)
    laps.lap("metadata")
    stories = find_stories(tree, page.url)
    laps.lap("split")
    if stories:
        return Extraction(stories, facts, timings_ms=laps.ms)
    kept, removed = _clean(list(_body(page)), meta)
    laps.lap("extract")
    reason = refuse_html(tree, meta, prose_words([block.text for block in kept]), page.status)
    if reason:
        return Extraction((), facts, reason, tuple(removed), laps.ms)
    return Extraction((_story(meta, kept, removed, tree, page.url),), facts, timings_ms=laps.ms)


def page_facts(meta: Metadata) -> PageFacts:
    """What the metadata says of the page as a whole."""
    of_page = ("canonical_url", "site")
    return PageFacts(
        canonical_url=meta.canonical_url,
        site_name=meta.site_name,
        language=meta.language,
        provenance={name: source for name, source in meta.provenance.items() if name in of_page},
    )


def _story(meta: Metadata, kept: list[Block], removed: list[Removed], tree: Tree, url: str | None) -> Story:
    images = read_images(tree, meta, url)
    provenance = {name: source for name, source in meta.provenance.items() if name not in ("canonical_url", "site")}
    return Story(
        headline=meta.headline,
        body=tuple(kept),
        byline=meta.byline,
        authors=meta.authors,
        published=meta.published,
        modified=meta.modified,
        section=meta.section,
        keywords=meta.keywords,
        summary=meta.summary,
        images=images,
        removed=tuple(removed),
        provenance={**provenance, **({"images": "page"} if images else {})},
    )


def _clean(body: list[Block], meta: Metadata) -> tuple[list[Block], list[Removed]]:
    """Body blocks without furniture, and without the head that the fields hold: headline, section, byline, date."""
    kept: list[Block] = []
    removed: list[Removed] = []
    for block in body:
        kind = furniture_kind(block.text) if block.kind in _CLEANED else None
        kind = kind or (_head_kind(block.text, meta) if len(kept) < HEAD_BLOCKS else None)
        if kind:
            removed.append(Removed(kind, block.text, block.span, block.where))
        else:
            kept.append(block)
    while kept and kept[-1].kind is Kind.HEADING:
        last = kept.pop()
        removed.append(Removed("after-body", last.text, last.span, last.where))
    return kept, removed


def _head_kind(text: str, meta: Metadata) -> str | None:
    """What a block at a body's start repeats of the fields, if anything."""
    key = fold(text)
    if key == fold(meta.headline or ""):
        return "headline"
    if meta.section and key == fold(meta.section):
        return "label"
    if byline_names(text):
        return "byline"
    return "date" if is_date_line(text) else None


def _body(page: Page) -> Iterator[Block]:
    """trafilatura's main content as blocks; nothing where it finds none or cannot cope."""
    try:
        found: Any = trafilatura.bare_extraction(
            page.text,
            url=page.url,
            with_metadata=False,
            include_comments=False,
            include_links=True,
            include_tables=True,
        )
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, etree.LxmlError):
        return
    if found is not None and found.body is not None:
        for child in found.body:
            yield from _blocks(child, "body", page.url)


def _blocks(element: Any, path: str, base: str | None) -> Iterator[Block]:
    where = f"{path}/{element.tag}"
    kind = _KINDS.get(element.tag)
    if element.tag in ("list", "table") or (element.tag == "quote" and element.find("p") is not None):
        for child in element:
            yield from _blocks(child, where, base)
        return
    if kind is None:
        return
    if element.tag == "row":
        text = tidy(" | ".join(filter(None, ("".join(cell.itertext()).strip() for cell in element))))
    else:
        text = tidy("".join(element.itertext()))
    if text:
        yield Block(
            text, kind, where, level=_level(element) if kind is Kind.HEADING else None, links=_links(element, base)
        )


def _level(element: Any) -> int:
    rend = element.get("rend") or ""
    return int(rend[1]) if len(rend) == 2 and rend[1] in "123456" else 2


def _links(element: Any, base: str | None) -> tuple[Link, ...]:
    found = []
    for ref in element.iter("ref"):
        url = absolute(ref.get("target"), base)
        if url:
            found.append(Link(url, tidy("".join(ref.itertext()))))
    return tuple(found)
