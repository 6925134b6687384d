"""Every group of names that may be the article's authors, with all the places that offer it.

Sources disagree: JSON-LD names the account that posted, the byline the writer; a degree is part of the name on one
site and left out on the next. So nothing is preferred here; `author_features` describes each group and a model chooses.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from broadsheet.blocks.hints import BITS
from broadsheet.blocks.tree import Tree
from broadsheet.clean.text import tidy
from broadsheet.clean.words import fold
from broadsheet.extract.author_names import LEAD, LONGEST_CHARS, Names, readings
from broadsheet.extract.metadata_jsonld import Described, resolve, text_of, types_of
from broadsheet.extract.surroundings import Surroundings, hints_above, own_hints

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
_AUTHOR = BITS["author"]
BLOCK_CHARS = 160
"""Blocks longer than this hold no byline."""
NEAR_CHARS = 60
NEAR = (-4, 8)
"""Short blocks so far before and after the headline are tried whatever they are called."""
LINKS_NEAR = (-12, 30)
MOST_BLOCKS = 40
MOST_METAS = 6
MOST_PROPS = 8
MOST_GROUPS = 150
MOST_NAMES = 40
"""Bounds on what a hostile page may offer: comparing groups is quadratic. Real pages offer some 20, at most 110."""


@dataclass(slots=True)
class Group:
    """Names that are offered together. `sources` and `ways` count how often; `blocks` are where they stand."""

    names: Names
    key: tuple[str, ...]
    lead: bool = False
    sources: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    blocks: list[int] = field(default_factory=list)


class Groups:
    """The candidates gathered so far, by their folded names."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, ...], Group] = {}

    def add(self, names: Iterable[str], source: str, block: int | None = None, way: str = "whole", *,
            lead: bool = False) -> None:  # fmt: skip
        """One offer of a group of names."""
        offered = islice(dict.fromkeys(names), MOST_NAMES)
        listed = tuple(name for name in offered if len(name) <= LONGEST_CHARS and fold(name))
        if not listed:
            return
        key = tuple(sorted(fold(name) for name in listed))
        if key not in self._held and len(self._held) >= MOST_GROUPS:
            return
        group = self._held.setdefault(key, Group(listed, key))
        group.sources[source] += 1
        group.ways[way] += 1
        group.lead |= lead
        if block is not None:
            group.blocks.append(block)

    def read(self, text: str, source: str, block: int | None = None) -> None:
        """All readings of a byline."""
        lead = LEAD.match(text) is not None
        for way, names in readings(text):
            self.add(names, source, block, way, lead=lead)

    def listed(self) -> list[Group]:
        """The candidates, in the order first offered."""
        return list(self._held.values())


def author_candidates(around: Surroundings, described: Described, ruled: Iterable[str]) -> list[Group]:
    """All groups that a page offers as its authors; `ruled` are those that plain rules read (`metadata_authors`)."""
    groups = Groups()
    _from_json_ld(groups, described)
    _from_head(groups, around.tree)
    _from_links(groups, around)
    _from_blocks(groups, around)
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
    for wanted in METAS:
        values = [tidy(content) for name, content in tree.head.metas if name == wanted]
        values = [value for value in values if value and not value.startswith(("http", "/", "www."))]
        source = "meta-author" if wanted == "author" else "handle" if wanted.startswith("twitter") else "meta"
        groups.add(values, source)
        for value in values[:MOST_METAS]:
            groups.read(value.lstrip("@"), source)
    marked = [
        (prop.block, tidy(prop.element.text(deep=True) or prop.value or ""))
        for prop in [prop for prop in tree.head.props if prop.name in _PROPS][:MOST_PROPS]
    ]
    marked = [(block, text) for block, text in marked if 1 < len(text) < BLOCK_CHARS]
    for block, text in marked:
        groups.read(text, "microdata", block)
    if len(marked) > 1:
        groups.add((text for _, text in marked), "microdata", marked[0][0])


def _from_links(groups: Groups, around: Surroundings) -> None:
    """Links to a profile page: rel=author, or an address that says so."""
    tree = around.tree
    near: list[str] = []
    low, high = around.heading + LINKS_NEAR[0], around.heading + LINKS_NEAR[1]
    for index in around.near():
        block = tree.blocks[index]
        if not block.links or len(block.text) > 2 * BLOCK_CHARS or len(block.links) > 8:
            continue
        close = low <= index <= high
        if not close and not (own_hints(tree, index) | hints_above(tree, index, 2)) & _AUTHOR:
            continue
        found = list(_profiles(tree, index))
        for name, related in found:
            groups.read(name, "link-rel" if related else "link", index)
        if len(found) > 1:
            groups.add((name for name, _ in found), "link", index)
        near += [name for name, _ in found] if close else []
    if len(near) > 1:
        groups.add(near, "link", around.heading)


def _profiles(tree: Tree, block: int) -> Iterable[tuple[str, bool]]:
    for anchor, text in tree.blocks[block].links:
        attributes = tree.anchors[anchor].attributes
        related = "author" in (attributes.get("rel") or "").lower().split()
        name = tidy(text)
        if 1 < len(name) <= LONGEST_CHARS and (related or _PROFILE.search((attributes.get("href") or "").lower())):
            yield name, related


def _from_blocks(groups: Groups, around: Surroundings) -> None:
    """Short blocks that open as bylines do, are named so, or stand near the headline."""
    tree, tried = around.tree, 0
    for index in around.near():
        block = tree.blocks[index]
        if len(block.text) > BLOCK_CHARS:
            continue
        close = NEAR[0] <= index - around.heading <= NEAR[1] and len(block.text) < NEAR_CHARS
        lead = LEAD.match(block.text) is not None
        named = (own_hints(tree, index) | hints_above(tree, index, 2)) & _AUTHOR
        if not lead and not close and not named:
            continue
        tried += 1
        if tried > MOST_BLOCKS:
            return
        line = block.text.split("\n")[0]
        groups.read(line, "byline" if lead else "named" if named else "near", index)
        texts = [tidy(text) for _, text in block.links if len(text) < LONGEST_CHARS]
        if 0 < len(texts) < 6:
            for text in texts:
                groups.add([text], "linked", index)
            if len(texts) > 1:
                groups.add(texts, "linked", index)
