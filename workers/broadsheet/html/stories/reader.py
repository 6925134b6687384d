"""One story of several on an HTML page, whoever told them apart: read from its own stretch of blocks.

The head of the page speaks of the first story alone; the others tell their title, byline and date themselves.
"""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.html.body.images import read_images
from broadsheet.html.body.scores import body_blocks, body_scores
from broadsheet.html.body.trim import trim_body
from broadsheet.html.head.told import FIELD_CHARS, Metadata, Named
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.learned import title_block
from broadsheet.html.split.part import Part, Scan
from broadsheet.html.stories.story import tell_story
from broadsheet.html.title.headings import heading_text
from broadsheet.native.text import prose_words
from broadsheet.text.authors import split_authors
from broadsheet.text.dates import find_date, machine_date
from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.refusal import MIN_WORDS
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute, canonical, same_site
from broadsheet.text.words import fold
from broadsheet.values import Removed, Story

HEAD_REACH = 12
"""Bylines and dates of a story stand among so many blocks from its headline on."""


def read_part(scan: Scan, part: Part, meta: Metadata) -> Story | None:
    """The story of a part, its blocks judged as if they were the whole page; None where they hold too little prose.

    `meta` is what the page's head says: of the first part, and of one whose headline it names.
    """
    tree, (lo, hi, heading) = scan.tree, part
    kept, dropped = body_blocks(tree, body_scores(tree, lo, hi, scan.elements), scan.base, lo)
    if heading is None:
        told = meta if lo == 0 else _told(tree, lo, hi, title_block(tree, lo, hi))
    else:
        told = _as_named(_told(tree, lo, hi, heading), meta)
    body, trimmed = trim_body(kept, told, dropped)
    if prose_words([block.text for block in body]) < MIN_WORDS:
        return None
    images = read_images(tree, told, scan.base, body, range(lo, hi))
    return tell_story(
        told, body, images, (*_unlike(dropped, told.headline), *trimmed), _address(scan, told, part, meta)
    )


def _address(scan: Scan, told: Metadata, part: Part, meta: Metadata) -> str | None:
    """Where a story has a page of its own: where its heading leads, or JSON-LD says; the page's first story here."""
    if told is meta:
        return _own_address(meta, scan.url)
    link = _permalink(scan.tree, told.heading, scan.url)
    if link or part.heading is None:
        return link
    named = _named(meta, fold(told.headline or ""))
    return named.url if named else None


def _as_named(told: Metadata, meta: Metadata) -> Metadata:
    """What a story says of itself with what JSON-LD says of it; all that the head says where it is the head's."""
    key = fold(told.headline or "")
    if key == fold(meta.headline or "") and meta.page_type == "article":
        return meta
    named = _named(meta, key)
    if named is None:
        return told
    sources = dict(told.provenance)
    if named.authors:
        sources["authors"] = "json-ld"
    if named.published:
        sources["published_at"] = "json-ld"
    return replace(
        told, authors=named.authors or told.authors, published=named.published or told.published, provenance=sources
    )


def _named(meta: Metadata, key: str) -> Named | None:
    """What JSON-LD says of the article whose headline is `key` when folded; the first of those it names so."""
    return next((one for one in meta.named if one.key == key), None)


def _own_address(meta: Metadata, url: str | None) -> str | None:
    """The address of the page's first story, where the head calls the page an article: its own, whatever follows it.

    So a story keeps its identity when its page loads others below it.
    """
    return canonical(url, meta.canonical_url) if meta.page_type == "article" else None


def _unlike(dropped: Sequence[Removed], headline: str | None) -> list[Removed]:
    """The dropped blocks without the headline itself, which is in its field."""
    wanted = fold(headline or "")
    at = next((i for i, item in enumerate(dropped) if fold(item.text) == wanted), None)
    return [item for i, item in enumerate(dropped) if i != at]


def _told(tree: Tree, lo: int, hi: int, heading: int | None) -> Metadata:
    """What a further story says of itself: its heading, then byline and date near it."""
    start = lo if heading is None else min(heading, lo)
    found = Metadata(
        headline=_heading_text(tree, heading) if heading is not None else None,
        heading=heading,
        provenance={"headline": "heading"} if heading is not None else {},
    )
    stamped = next(
        (day for time in tree.head.times if lo <= time.block < hi and (day := machine_date(time.datetime or ""))), None
    )
    if stamped:
        found = replace(found, published=stamped, provenance={**found.provenance, "published_at": "time-element"})
    for block in tree.blocks[start : min(hi, max(start, heading or 0) + HEAD_REACH)]:
        found = _with_line(found, tidy(block.text))
    return found


def _with_line(found: Metadata, text: str) -> Metadata:
    names = None if found.byline else byline_names(text)
    if names:
        sources = {**found.provenance, "authors": "byline-block"}
        found = replace(found, byline=text, authors=split_authors(names), provenance=sources)
    day = find_date(text) if not found.published and (names or is_date_line(text)) else None
    if day:
        found = replace(found, published=day.day, provenance={**found.provenance, "published_at": "date-block"})
    return found


def _heading_text(tree: Tree, block: int) -> str | None:
    """The text of the heading that holds a block, of all its blocks where it stands in several."""
    owner = tree.blocks[block].owner
    heading = next((e for e in tree.ancestors(owner) if tree.elements[e].tag in ("h1", "h2", "h3", "h4")), owner)
    text = heading_text(tree, heading) if heading != owner else tidy(tree.blocks[block].text)
    return text[:FIELD_CHARS] or None


def _permalink(tree: Tree, heading: int | None, url: str | None) -> str | None:
    """Where the heading's own link leads, if to the same site."""
    links = tree.blocks[heading].links if heading is not None else ()
    found = [absolute(tree.href(anchor), url) for anchor, _ in links]
    return next((link for link in found if link and (url is None or same_site(link, url))), None)
