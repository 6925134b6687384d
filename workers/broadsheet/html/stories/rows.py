"""Several stories on one HTML page, told by markup alone: `article` elements, each a whole story under its heading.

Only pages that leave no doubt are taken apart here: a front page's teasers and related cards use the same element.
"""

from dataclasses import replace

from broadsheet.html.body.images import read_images
from broadsheet.html.body.scores import dropped_blocks
from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.around import nearest, tagged
from broadsheet.html.scan.prose import good_words
from broadsheet.html.scan.tree import Tree
from broadsheet.text.authors import split_authors
from broadsheet.text.dates import find_date, machine_date
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute, canonical, same_site
from broadsheet.text.words import count_words, fold
from broadsheet.values import Author, Block, Kind, Link, Removed, Story

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of so many words with less of their text in links."""
MIN_STORY_WORDS = 80
"""Good words of each story; teasers have fewer."""
MIN_SHARE = 0.8
"""Of the page's good words that the stories hold together."""
HEADING_BLOCKS = 6
_KINDS = {"li": Kind.LIST_ITEM, "blockquote": Kind.QUOTE, "pre": Kind.PREFORMATTED}


def find_stories(
    tree: Tree, url: str | None, meta: Metadata | None = None
) -> tuple[tuple[Story, ...], tuple[Removed, ...]]:
    """The stories of a page whose text is a row of `article` elements, and its blocks outside of them; empty for every
    other page.

    They stand side by side, or each has its own h1: sections of one story are made `article` elements too. `meta` is
    the head's word, which holds for the first story where it calls the page an article of that headline.
    """
    row = [e for e in tagged(tree.elements, "article") if _outermost(tree, e)]
    if len(row) < 2:
        return (), ()
    held = 0
    for e in row:
        words = _good_words(tree, tree.elements[e].first, tree.ends[e])
        if words < MIN_STORY_WORDS:
            return (), ()
        held += words
    if held < MIN_SHARE * _good_words(tree, 0, len(tree.blocks)):
        return (), ()
    headings = [heading for e in row if (heading := _heading(tree, e)) is not None]
    beside = len({tree.elements[e].parent for e in row}) == 1
    if len(headings) < len(row) or not (beside or {tree.level(heading) for heading in headings} == {1}):
        return (), ()
    stories = [_story(tree, e, heading, url) for e, heading in zip(row, headings, strict=True)]
    if not all(story.body for story in stories):
        return (), ()
    if meta and meta.page_type == "article" and fold(meta.headline or "") == fold(stories[0].headline or ""):
        stories[0] = _as_headed(stories[0], meta, url)
    inside = {at for e in row for at in range(tree.elements[e].first, tree.ends[e])}
    return tuple(stories), tuple(dropped_blocks(tree, (at for at in range(len(tree.blocks)) if at not in inside)))


def _as_headed(story: Story, meta: Metadata, url: str | None) -> Story:
    """A page's first story with what the page's head says of it."""
    of_page = ("canonical_url", "site")
    return replace(
        story,
        subheadline=meta.subheadline,
        byline=meta.byline or story.byline,
        authors=meta.authors or story.authors,
        published=meta.published or story.published,
        modified=meta.modified,
        section=meta.section,
        keywords=meta.keywords,
        summary=meta.summary,
        permalink=canonical(url, meta.canonical_url),
        provenance={**story.provenance, **{k: v for k, v in meta.provenance.items() if k not in of_page}},
    )


def _outermost(tree: Tree, element: int) -> bool:
    """Whether an `article` stands in no other: those within are comments, cards, quotes."""
    return nearest(tree.elements, tree.elements[element].parent, "article") < 0


def _good_words(tree: Tree, start: int, end: int) -> int:
    return good_words(tree.blocks, start, end, GOOD_WORDS, 1, GOOD_LINKED)


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
            removed.append(Removed(kind, block.text, None, block.where, index))
        elif block.text:
            body.append(block)
    part = range(tree.elements[element].first, end + 1)
    images = read_images(tree, Metadata(heading=heading), url, body, part)
    stamped = _time(tree, tree.elements[element].first, end)
    return Story(
        headline=tidy(tree.blocks[heading].text),
        body=tuple(body),
        byline=byline,
        authors=authors,
        published=stamped or published,
        permalink=_permalink(tree, heading, url),
        images=images,
        removed=tuple(removed),
        provenance={**_provenance(byline, stamped, published), **({"images": "page"} if images else {})},
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
        at=index,
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
