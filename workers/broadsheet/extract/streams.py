"""Several stories on one HTML page, told by markup alone: sibling `article` elements, each a whole story.

Only pages that leave no doubt are taken apart here: a front page's teasers and related cards use the same element.
"""

from collections import defaultdict

from broadsheet.blocks.tree import Tree
from broadsheet.clean.dates import find_date, machine_date
from broadsheet.clean.furniture import furniture_kind
from broadsheet.clean.text import tidy
from broadsheet.clean.urls import absolute, same_site
from broadsheet.clean.words import count_words
from broadsheet.extract.authors import split_authors
from broadsheet.extract.headings import byline_names, is_date_line
from broadsheet.values import Author, Block, Kind, Link, Removed, Story

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of so many words with less of their text in links. The extraction guide's definition."""
MIN_STORY_WORDS = 80
"""Good words of each story; teasers have fewer."""
MIN_SHARE = 0.8
"""Of the page's good words that the stories hold together."""
HEADING_BLOCKS = 6
_KINDS = {"li": Kind.LIST_ITEM, "blockquote": Kind.QUOTE, "pre": Kind.PREFORMATTED}


def find_stories(tree: Tree, url: str | None) -> tuple[Story, ...]:
    """The stories of a page whose text is a row of `article` elements; empty for every other page."""
    rows: dict[int, list[int]] = defaultdict(list)
    for index, element in enumerate(tree.elements):
        if element.tag == "article" and not any(
            tree.elements[e].tag == "article" for e in tree.ancestors(element.parent)
        ):
            rows[element.parent].append(index)
    page = _good_words(tree, 0, len(tree.blocks))
    for row in rows.values():
        words = [_good_words(tree, tree.elements[e].first, tree.ends[e]) for e in row]
        if len(row) > 1 and min(words) >= MIN_STORY_WORDS and sum(words) >= MIN_SHARE * page:
            headings = [_heading(tree, e) for e in row]
            if all(heading is not None for heading in headings):
                return tuple(_story(tree, e, h, url) for e, h in zip(row, headings, strict=True) if h is not None)
    return ()


def _good_words(tree: Tree, start: int, end: int) -> int:
    good = (block for block in tree.blocks[start:end] if block.linked < GOOD_LINKED * len(block.text))
    return sum(words for block in good if (words := count_words(block.text)) >= GOOD_WORDS)


def _heading(tree: Tree, element: int) -> int | None:
    """The block of a story's heading, near its start."""
    first = tree.elements[element].first
    near = range(first, min(tree.ends[element], first + HEADING_BLOCKS))
    return next((i for i in near if tree.level(i)), None)


def _story(tree: Tree, element: int, heading: int, url: str | None) -> Story:
    """The story of one `article` element: its blocks after the heading, labelled."""
    body: list[Block] = []
    removed: list[Removed] = []
    byline = published = None
    authors: tuple[Author, ...] = ()
    end = tree.ends[element]
    for index in range(tree.elements[element].first, end):
        block = _block(tree, index, url)
        names = byline_names(block.text) if len(body) < 2 else None
        kind = _dropped(tree, index, block, heading)
        if index == heading:
            continue
        if names or (not body and is_date_line(block.text)):
            if names and byline is None:
                byline, authors = block.text, split_authors(names)
            found = find_date(block.text)
            published = published or (found.day if found else None)
            kind = "byline" if names else "date"
        if kind:
            removed.append(Removed(kind, block.text, None, block.where))
        else:
            body.append(block)
    stamped = _time(tree, tree.elements[element].first, end)
    return Story(
        headline=tidy(tree.blocks[heading].text),
        body=tuple(body),
        byline=byline,
        authors=authors,
        published=stamped or published,
        permalink=_permalink(tree, heading, url),
        removed=tuple(removed),
        provenance=_provenance(byline, stamped, published),
    )


def _dropped(tree: Tree, index: int, block: Block, heading: int) -> str | None:
    """Why a block is none of the story's text."""
    if block.kind is Kind.CAPTION:
        return "caption"
    kind = furniture_kind(block.text)
    if kind:
        return kind
    if index < heading:
        return "before-headline"
    return "links" if 2 * tree.blocks[index].linked > len(block.text) and count_words(block.text) < GOOD_WORDS else None


def _block(tree: Tree, index: int, url: str | None) -> Block:
    run = tree.blocks[index]
    level = tree.level(index)
    tags = [tree.elements[e].tag for e in tree.ancestors(run.owner)]
    kind = next((_KINDS[tag] for tag in tags[:3] if tag in _KINDS), Kind.PARAGRAPH)
    if "figcaption" in tags:
        kind = Kind.CAPTION
    links = ((absolute(tree.href(anchor), url), text) for anchor, text in run.links)
    return Block(
        tidy(run.text),
        Kind.HEADING if level else kind,
        tree.path(run.owner),
        level=level,
        links=tuple(Link(address, tidy(text)) for address, text in links if address),
    )


def _permalink(tree: Tree, heading: int, url: str | None) -> str | None:
    """Where the heading's own link leads, if to the same site."""
    links = [absolute(tree.href(anchor), url) for anchor, _ in tree.blocks[heading].links]
    return next((link for link in links if link and (url is None or same_site(link, url))), None)


def _time(tree: Tree, start: int, end: int) -> str | None:
    stamps = (machine_date(time.datetime or "") for time in tree.head.times if start <= time.block < end)
    return next((stamp for stamp in stamps if stamp), None)


def _provenance(byline: str | None, stamped: str | None, published: str | None) -> dict[str, str]:
    found = {"headline": "heading"}
    if byline:
        found["authors"] = "byline-block"
    if stamped or published:
        found["published_at"] = "time-element" if stamped else "date-block"
    return found
