"""Every group of names that may be the article's authors, with all the places that offer it.

Sources disagree: JSON-LD names the account that posted, the byline the writer; a degree is part of the name on one
site and left out on the next. So nothing is preferred here; `author_features` describes each group and a model chooses.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from broadsheet.html.head.jsonld import Described, resolve, text_of, types_of
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.surroundings import Surroundings
from broadsheet.html.scan.tree import Run, Tree
from broadsheet.native.fields import byline_blocks
from broadsheet.text.author_names import (
    LEAD_FIRSTS,
    LEAD_PAIRS,
    LONGEST_CHARS,
    Names,
    opens_as_byline,
    readings,
)
from broadsheet.text.authors import looks_like_person
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold

METAS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "byline", "citation_author", "og:article:author", "twitter:creator",
    "twitter:data1_author", "cxenseparse:author", "rnews:author", "dc.contributor",
    "shareaholic:article_author_name",
)  # fmt: skip
_PROPS = frozenset({"author", "schema:author", "creator", "dc:creator"})
_PROFILE = re.compile(
    r"/(?:authors?|people|person|profile|staff|contributors?|by|autor(?:en|es)?|auteurs?|team|members?|users?|"
    r"journalists?|writers?|reporters?|experts?|redaktion|about)(?:/|\?|-|=)|/@\w"
)
_NAME_END = re.compile(r"\s*(?:[|•·●–—,;/(\d\n&]|\s-\s|\s(?:and|und|et)\s)")
_AUTHOR = BITS["author"]
BLOCK_CHARS = 160
"""Blocks longer than this hold no byline."""
NEAR_CHARS = 60
NEAR = (-4, 8)
"""Short blocks so far before and after the headline are tried whatever they are called."""
LINKS_NEAR = (-12, 30)
LONGEST_LINK = 2 * LONGEST_CHARS
MOST_BLOCKS = 40
MOST_LINKS = 8
_BOUNDS = (BLOCK_CHARS, NEAR_CHARS, MOST_LINKS, *NEAR, *LINKS_NEAR)
META_CHARS = 2_000
MOST_METAS = 6
MOST_PROPS = 8
MOST_GROUPS = 150
MOST_NAMES = 40
"""Bounds on what a hostile page may offer: comparing groups is quadratic. Real pages offer some 20, at most 110."""

_Near = tuple[int, Run, bool, bool]
"""A block that may hold names: its index, itself, whether it is called an author's, whether it may open as a byline."""


@dataclass(slots=True)
class NameGroup:
    """Names that are offered together. `sources` counts how often by each, `ways` holds how they were read.

    `key` is the names folded and sorted; `blocks` are where they stand.
    """

    names: Names
    key: tuple[str, ...]
    lead: bool = False
    sources: dict[str, int] = field(default_factory=dict)
    ways: set[str] = field(default_factory=set)
    blocks: list[int] = field(default_factory=list)


class Groups:
    """The candidates gathered so far, by their folded names."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, ...], NameGroup] = {}

    def add(self, names: Iterable[str], source: str, block: int | None = None) -> None:
        """One offer of a group of names."""
        listed = tuple(islice(dict.fromkeys(names), MOST_NAMES))
        if listed:
            self._offer(listed, source, block, "whole", lead=False)

    def read(self, text: str, source: str, block: int | None = None) -> None:
        """All readings of a byline."""
        lead = opens_as_byline(text)
        for way, names in readings(text):
            self._offer(names[:MOST_NAMES], source, block, way, lead=lead)

    def _offer(self, names: Names, source: str, block: int | None, way: str, *, lead: bool) -> None:
        folded = [(name, words) for name in names if len(name) <= LONGEST_CHARS and (words := fold(name))]
        if not folded:
            return
        key = (folded[0][1],) if len(folded) == 1 else tuple(sorted([words for _, words in folded]))
        group = self._held.get(key)
        if group is None:
            if len(self._held) >= MOST_GROUPS:
                return
            group = self._held[key] = NameGroup(tuple([name for name, _ in folded]), key)
        group.sources[source] = group.sources.get(source, 0) + 1
        group.ways.add(way)
        group.lead |= lead
        if block is not None:
            group.blocks.append(block)

    def listed(self) -> list[NameGroup]:
        """The candidates, in the order first offered."""
        return list(self._held.values())


def author_candidates(
    around: Surroundings, described: Described, ruled: Iterable[str], sites: frozenset[str] = frozenset()
) -> list[NameGroup]:
    """All groups that a page offers as its authors; `ruled` are those that plain rules read (`metadata_authors`).

    `sites` is what the site calls itself, folded by case.
    """
    groups = Groups()
    _from_json_ld(groups, described)
    _from_head(groups, around.tree)
    blocks = _near_blocks(around)
    _from_links(groups, around, blocks)
    _from_blocks(groups, around, blocks, sites)
    groups.add(ruled, "rule")
    return groups.listed()


def _from_json_ld(groups: Groups, described: Described) -> None:
    article = described.article or {}
    stated = resolve(article.get("author") or article.get("creator"), described.by_id)
    names = [tidy(name) for item in stated if (name := text_of(item))]
    groups.add(names, "json-ld")
    for name in names[:MOST_NAMES]:
        groups.read(name, "json-ld-part")
    for node in list(described.by_id.values())[:50]:
        if "person" in types_of(node):
            groups.add([tidy(text_of(node) or "")], "json-ld-person")


def _from_head(groups: Groups, tree: Tree) -> None:
    stated: dict[str, list[str]] = {}
    for name, content in tree.head.metas:
        if name in METAS and len(stated.setdefault(name, [])) < MOST_NAMES:
            value = tidy(content[:META_CHARS])
            if value and not value.startswith(("http", "/", "www.")):
                stated[name].append(value)
    for name in METAS:
        values = stated.get(name)
        if values:
            source = "meta-author" if name == "author" else "handle" if name.startswith("twitter") else "meta"
            groups.add(values, source)
            for value in values[:MOST_METAS]:
                groups.read(value.lstrip("@"), source)
    marked: list[tuple[int, str]] = []
    for prop in [prop for prop in tree.head.props if prop.name in _PROPS][:MOST_PROPS]:
        text = tidy((prop.element.text(META_CHARS) or prop.value or "")[:META_CHARS])
        if 1 < len(text) < BLOCK_CHARS:
            marked.append((prop.block, text))
            groups.read(text, "microdata", prop.block)
    if len(marked) > 1:
        groups.add([text for _, text in marked], "microdata", marked[0][0])


def _near_blocks(around: Surroundings) -> Sequence[_Near]:
    tree = around.tree
    return byline_blocks(
        tree.blocks, tree.elements, around.near(), around.heading, _BOUNDS, LEAD_PAIRS, LEAD_FIRSTS, _AUTHOR
    )


def _from_links(groups: Groups, around: Surroundings, blocks: Sequence[_Near]) -> None:
    """Links to a profile page: rel=author, or an address that says so."""
    near: list[str] = []
    low, high = around.heading + LINKS_NEAR[0], around.heading + LINKS_NEAR[1]
    for index, block, named, _ in blocks:
        close = low <= index <= high
        if not block.links or len(block.links) > MOST_LINKS or not (close or named):
            continue
        found: list[str] = []
        for anchor, text in block.links:
            if not 1 < len(text) <= LONGEST_LINK:
                continue
            name = tidy(text)
            if named or looks_like_person(name):
                attributes = around.tree.anchors[anchor].attributes
                related = "author" in (attributes.get("rel") or "").lower().split()
                if related or _PROFILE.search((attributes.get("href") or "").lower()):
                    groups.read(name, "link-rel" if related else "link", index)
                    found.append(name)
        if len(found) > 1:
            groups.add(found, "link", index)
        if close:
            near += found
    if len(near) > 1:
        groups.add(near, "link", around.heading)


def _from_blocks(groups: Groups, around: Surroundings, blocks: Sequence[_Near], sites: frozenset[str]) -> None:
    """Short blocks that open as bylines do, are named so, or stand near the headline and look like a person's name."""
    tried = 0
    low, high = around.heading + NEAR[0], around.heading + NEAR[1]
    for index, block, named, opened in blocks:
        size = len(block.text)
        if size > BLOCK_CHARS:
            continue
        lead = opened and opens_as_byline(block.text)
        if not lead and not named and not (low <= index <= high and size < NEAR_CHARS and _may_name(block.text, sites)):
            continue
        tried += 1
        if tried > MOST_BLOCKS:
            return
        groups.read(block.text.split("\n", 1)[0], "byline" if lead else "named" if named else "near", index)
        texts = [tidy(text) for _, text in block.links if len(text) < LONGEST_CHARS]
        if not 0 < len(texts) < 6:
            continue
        for text in texts:
            groups.add([text], "linked", index)
        if len(texts) > 1:
            groups.add(texts, "linked", index)


def _may_name(text: str, sites: frozenset[str]) -> bool:
    """Whether the start of a line, before a mark or a date, has the form of a person's name, none of a button or site.

    One word alone is more often a label than a name, in any script.
    """
    name = _NAME_END.split(text, maxsplit=1)[0].strip()
    return " " in name and looks_like_person(name) and name.casefold() not in sites and furniture_kind(name) is None
