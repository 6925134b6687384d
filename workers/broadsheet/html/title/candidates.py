"""Every text that may be the headline, with the places that offer it.

The h1, og:title, the title element and JSON-LD disagree on a quarter of pages: a site's name or kicker before or
behind, a shorter title for search engines, an h1 that is a label of the section. One of them is nearly always right.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.html.head.jsonld import Described, text_of
from broadsheet.html.head.site import LONGEST_TITLE, Site, strip_site
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree
from broadsheet.html.title.headings import Headings
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold

PARTS = re.compile(r"\s+[-–—|·•»«:/]+\s+|\s*\|\s*|:\s+")
"""Where a title may be parted: site's names, sections and kickers stand on the other side."""
_METAS = ("parsely-title", "sailthru.title", "dc.title", "title", "headline", "citation_title")
_PROPS = frozenset({"headline", "name", "schema:headline", "dc:title"})
_TITLE = BITS["title"]
MOST_CANDIDATES = 100
"""A bound on what a hostile page may offer; real pages offer some 20."""
MOST_H1, MOST_LOWER, MOST_MARKED = 6, 8, 6
MOST_H1_PARTS = 40
NAMED_WITHIN = 200
"""Blocks named as titles are looked for in so many first blocks."""
HEAD_CHARS = 4_000
"""So much of what the head states is read: ten times what a title may have."""


@dataclass(slots=True)
class Candidate:
    """A possible headline: `sources` that offer it, and the block where it stands if it is visible."""

    text: str
    folded: str
    sources: set[str] = field(default_factory=set)
    block: int | None = None


class Candidates:
    """The candidates gathered so far, by their folded text."""

    def __init__(self) -> None:
        self._held: dict[str, Candidate] = {}

    def add(self, text: str, source: str, block: int | None = None) -> None:
        """One offer of a text."""
        if len(text) > LONGEST_TITLE:
            return
        self.add_folded(text, fold(text), source, block)

    def add_folded(self, text: str, folded: str, source: str, block: int | None = None) -> None:
        """One offer of a text no longer than `LONGEST_TITLE` whose folded form is known."""
        held = self._held.get(folded)
        if held is None:
            if not folded or len(self._held) >= MOST_CANDIDATES:
                return
            held = self._held[folded] = Candidate(text, folded)
        held.sources.add(source)
        if held.block is None:
            held.block = block

    def listed(self) -> list[Candidate]:
        """The candidates, in the order first offered."""
        return list(self._held.values())


def head_titles(tree: Tree, described: Described) -> dict[str, str]:
    """The titles that the head states, by source, empty where it is silent."""
    article = described.article or {}
    stated = {
        "og": tree.head.meta("og:title"),
        "twitter": tree.head.meta("twitter:title"),
        "title": tree.head.title,
        "json-ld": text_of(article.get("headline")),
        "json-ld-name": text_of(article.get("name")),
        "meta": tree.head.meta(*_METAS),
    }
    return {source: tidy(text[:HEAD_CHARS]) if text else "" for source, text in stated.items()}


def title_candidates(
    tree: Tree, titles: Mapping[str, str], headings: Headings, site: Site, ruled: str | None
) -> list[Candidate]:
    """All texts that a page offers as its headline.

    `titles` are what its head states (`head_titles`), `ruled` is the one that plain rules take (`metadata_title`).
    """
    found = Candidates()
    _from_headings(found, tree, headings)
    for source, text in titles.items():
        if text:
            found.add(text, source)
            found.add(strip_site(text, site), f"{source}-stripped")
            _parted(found, text)
    _from_blocks(found, tree)
    if ruled:
        found.add(ruled, "rule")
    return found.listed()


def _from_headings(found: Candidates, tree: Tree, headings: Headings) -> None:
    for number, h1 in enumerate(headings.h1s[:MOST_H1]):
        found.add_folded(h1.text, h1.folded, f"h1-{min(number, 2)}", h1.block)
    for index in headings.parts:
        first, end = tree.elements[index].first, tree.ends[index]
        if tree.elements[index].tag != "h1":
            found.add(
                tidy(" ".join([run.text for run in tree.blocks[first : min(end, first + MOST_H1_PARTS)]])), "h2", first
            )
        elif 1 < end - first <= MOST_H1:
            for block in range(first, min(end, first + 4)):
                found.add(tidy(tree.blocks[block].text), "h1-part", block)
            found.add(tidy(" ".join([run.text for run in tree.blocks[first + 1 : end]])), "h1-part", first + 1)


def _parted(found: Candidates, text: str) -> None:
    """What stands before and behind each separator of a title."""
    marks = list(PARTS.finditer(text))
    for mark in [*marks[:3], *marks[3:][-1:]]:
        found.add(text[: mark.start()].strip(), "lead")
        found.add(text[mark.end() :].strip(), "tail")


def _from_blocks(found: Candidates, tree: Tree) -> None:
    marked = [prop for prop in tree.head.props if prop.name in _PROPS][:4]
    for prop in marked:
        found.add(tidy(prop.value or prop.element.text(HEAD_CHARS)), "microdata", prop.block)
    named = 0
    for index, block in enumerate(tree.blocks[:NAMED_WITHIN]):
        element = tree.elements[block.owner]
        if element.hints & _TITLE and len(block.text) <= LONGEST_TITLE and element.tag not in ("h1", "h2", "h3"):
            named += 1
            found.add(tidy(block.text), "named", index)
            if named >= MOST_MARKED:
                return
