"""A live blog as one story with its entries as headed blocks, or as a story for each entry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.images import read_images
from broadsheet.html.body.scores import THRESHOLD, body_blocks
from broadsheet.html.body.trim import trim_body
from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.live import CLOCK, OPENING_BLOCKS, PROSE_WORDS, Entry
from broadsheet.html.split.part import Scan
from broadsheet.html.stories.story import tell_story
from broadsheet.native.text import prose_words
from broadsheet.text.authors import split_authors
from broadsheet.text.credits import part_credit
from broadsheet.text.dates import machine_date
from broadsheet.text.head_lines import byline_names
from broadsheet.text.refusal import MIN_WORDS
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute, canonical, normalise, same_site
from broadsheet.text.words import count_words, ends_sentence
from broadsheet.values import Block, Kind, Removed, Story

ENTRY_LEVEL = 2
"""The level of an entry's heading that is its time alone."""


class Read(NamedTuple):
    """A live blog read: its stories, and what was dropped outside of them."""

    stories: tuple[Story, ...]
    removed: tuple[Removed, ...] = ()


def read_live(scan: Scan, scores: NDArray[np.float64], meta: Metadata, *, each: bool) -> Read | None:
    """The stories of a live blog whose entries were found; None where these hold too little text to be one.

    One story has its lead and then the entries in the page's order, each under a heading of its time and title.
    With `each` the lead is a story too, if it is more than a line or two.
    """
    tree, entries, url = scan.tree, scan.entries, scan.url
    body, dropped = body_blocks(tree, _with_prose(tree, entries, scores), scan.base)
    kept, trimmed = trim_body(body, meta, dropped)
    removed = [*dropped, *trimmed]
    placed = {block.at: block for block in kept if block.at is not None}
    parts = [_part(placed, entry) for entry in entries]
    full = [(entry, part) for entry, part in zip(entries, parts, strict=True) if part]
    if prose_words([block.text for _, part in full for block in part]) < MIN_WORDS:
        return None
    inside = {block.at for part in parts for block in part} | _heads(entries)
    outside = [block for block in kept if block.at not in inside]
    if not each:
        return Read((_one(tree, full, outside, removed, meta, url),))
    return _each(tree, full, outside, removed, meta, url)


def _with_prose(tree: Tree, entries: Sequence[Entry], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores with the sentences of entries kept: an entry of a line or two looks like a teaser to the model."""
    raised = scores.copy()
    for entry in entries:
        for at in range(entry.lo, entry.hi):
            text = tree.blocks[at].text
            linked = 2 * tree.blocks[at].linked > len(text)
            if not linked and count_words(text) >= PROSE_WORDS and ends_sentence(text) and not part_credit(text).credit:
                raised[at] = max(raised[at], THRESHOLD)
    return raised


def _heads(entries: Sequence[Entry]) -> set[int | None]:
    return {at for entry in entries for at in (entry.time, entry.heading) if at is not None}


def _part(placed: Mapping[int, Block], entry: Entry) -> list[Block]:
    """The kept blocks of an entry, by their places, without its time and heading."""
    inside = (at for at in range(entry.lo, entry.hi) if at not in (entry.time, entry.heading))
    return [placed[at] for at in inside if at in placed]


def _one(
    tree: Tree,
    full: Sequence[tuple[Entry, list[Block]]],
    outside: Sequence[Block],
    removed: Sequence[Removed],
    meta: Metadata,
    url: str | None,
) -> Story:
    blocks = list(outside)
    for entry, part in full:
        blocks += [_headed(tree, entry), *part]
    blocks.sort(key=lambda block: -1 if block.at is None else block.at)
    headed = {block.at for block in blocks}
    rest = [item for item in removed if item.at not in headed]
    return tell_story(meta, blocks, read_images(tree, meta, url, blocks), rest)


def _headed(tree: Tree, entry: Entry) -> Block:
    """An entry's heading: its time, and its title where it has one."""
    time = CLOCK.search(tree.blocks[entry.time].text)
    told = time.group() if time and entry.heading != entry.time else ""
    title = tidy(tree.blocks[entry.heading].text) if entry.heading is not None else ""
    first = min(entry.time, entry.time if entry.heading is None else entry.heading)
    level = (tree.level(entry.heading) if entry.heading is not None else None) or ENTRY_LEVEL
    where = tree.path(tree.blocks[first].owner)
    return Block(" ".join(filter(None, (told, title))), Kind.HEADING, where, level, at=first)


def _each(
    tree: Tree,
    full: Sequence[tuple[Entry, list[Block]]],
    outside: Sequence[Block],
    removed: Sequence[Removed],
    meta: Metadata,
    url: str | None,
) -> Read:
    stories = []
    inside, spare = _parted(removed, [entry for entry, _ in full])
    lead = [block for block in outside if block.at is None or block.at < full[0][0].lo]
    if prose_words([block.text for block in lead]) >= MIN_WORDS:
        own = canonical(url, meta.canonical_url)
        images = read_images(tree, meta, url, lead, range(full[0][0].lo))
        stories.append(tell_story(meta, lead, images, spare, own))
        outside, spare = outside[len(lead) :], []
    for (entry, part), held in zip(full, inside, strict=True):
        dropped = [item for item in held if item.at not in (entry.time, entry.heading)]
        stories.append(_entry_story(tree, entry, part, dropped, url))
    spare += [Removed("outside-entries", block.text, block.span, block.where, block.at) for block in outside]
    return Read(tuple(stories), tuple(spare))


def _parted(removed: Sequence[Removed], entries: Sequence[Entry]) -> tuple[list[list[Removed]], list[Removed]]:
    """What was dropped inside of each entry, and outside of all. No two entries overlap."""
    inside: list[list[Removed]] = [[] for _ in entries]
    owner = {at: held for entry, held in zip(entries, inside, strict=True) for at in range(entry.lo, entry.hi)}
    outside: list[Removed] = []
    for item in removed:
        (outside if item.at is None else owner.get(item.at, outside)).append(item)
    return inside, outside


def _entry_story(tree: Tree, entry: Entry, body: Sequence[Block], removed: Sequence[Removed], url: str | None) -> Story:
    title = tidy(tree.blocks[entry.heading].text) if entry.heading is not None else None
    told = Metadata(headline=title, provenance={"headline": "heading"} if title else {})
    stamped = machine_date(entry.moment or "")
    if stamped:
        told = replace(told, published=stamped, provenance={**told.provenance, "published_at": "time-element"})
    opening = range(entry.lo, min(entry.hi, entry.time + OPENING_BLOCKS))
    line, names = next(((text, names) for text, names in _bylines(tree, opening) if names), (None, None))
    if line and names:
        sources = {**told.provenance, "authors": "byline-block"}
        told = replace(told, byline=line, authors=split_authors(names), provenance=sources)
    images = read_images(tree, told, url, body, range(entry.lo, entry.hi))
    return tell_story(told, body, images, removed, _permalink(tree, entry, url))


def _bylines(tree: Tree, blocks: range) -> list[tuple[str, str | None]]:
    texts = [tidy(tree.blocks[at].text) for at in blocks]
    return [(text, byline_names(text)) for text in texts]


def _permalink(tree: Tree, entry: Entry, url: str | None) -> str | None:
    """Where the entry's heading or time leads, if to a page of the same site that is not this one."""
    for at in (entry.heading, entry.time):
        for anchor, _ in tree.blocks[at].links if at is not None else ():
            link = absolute(tree.href(anchor), url)
            if link and (url is None or (same_site(link, url) and normalise(link) != normalise(url))):
                return link
    return None
