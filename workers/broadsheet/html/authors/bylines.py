"""The byline that readers see: in the blocks around the headline, by its words, its markup, or its neighbours."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Node, Tree
from broadsheet.native.fields import byline_signs, may_name_person
from broadsheet.text.authors import is_plain, looks_like_person, split_authors, strip_lead
from broadsheet.text.dates import find_date
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.person import ALONE, LED
from broadsheet.text.tidy import tidy
from broadsheet.values import Author

BEFORE, AFTER = 4, 14
"""A byline stands within so many blocks before and after the headline."""
LONGEST = 160
_AUTHOR = BITS["author"]
_EXPLICIT = re.compile(
    r"(?:^|[|•·\n.,\d]\s*|\b(?:written|posted|published|words|text|reported|story|author|authored|"
    r"created|this post was written)\s*"
    r"(?:on\s.{4,24}\s)?)"
    r"(?:by|von|par|por|door|av|af|przez|di|autor(?:in|es)?|author|автор|بقلم|كتب|كتبت|מאת|作者|记者|記者|โดย|लेखक)"
    r"(?:\s*[:：]\s*|\s+|(?-i:(?=[A-ZÀ-Þ][a-zà-ÿ])))"
    r"(?P<names>(?-i:[^\W\da-zß-öø-ÿ]).*)",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(
    r"^(?:(?:written|posted|published|words|reported|story) )?(?:by|author|authors|von|par|por|autor)\s*:?$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[|•·⋅\n\d]|\s[-–—]\s|(?-i:(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\s*\d)|\b(?:updated|published|posted|last|on|minute|min|reading|reviewed|edited|"
    r"fact[- ]checked|medically|translated|in|for|filed|aktualisiert|veröffentlicht|publié|publicado)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_CUTS = """updated published posted last on minute min reading reviewed edited fact medically translated in for filed
aktualisiert publicado"""
_CUT_WORDS = frozenset(_CUTS.split())
"""One of these is in what `_CUT` takes of letters and blanks."""
_PROFILE = re.compile(
    r"/(?:authors?|by|people|staff|contributors?|profiles?|team|autor(?:en|es)?|auteurs?|writers?|reporters?|bio)/",
    re.IGNORECASE,
)

_VERBS = re.compile(
    r"(?:share|find|table|copy|start|sign|read|learn|book|get|skip|view|see|articles|more|log|buy)\b", re.IGNORECASE
)
"""First words of buttons and labels, which are written like names."""


class Byline(NamedTuple):
    """A byline as printed, the authors in it, and whether words ("By") said that it is one."""

    text: str
    authors: tuple[Author, ...]
    explicit: bool


def find_byline(tree: Tree, heading: int | None) -> Byline | None:
    """The best byline near the headline: one that says so, else a marked name, else a name beside a date."""
    near = list(_near(tree, heading))
    for find in (_explicit, _marked, _beside_date):
        found = find(tree, near)
        if found:
            return found
    return None


def _near(tree: Tree, heading: int | None) -> Iterator[tuple[int, str]]:
    """Short blocks around the headline, those after it first."""
    at = heading or 0
    order = [*range(at + 1, min(len(tree.blocks), at + AFTER + 1)), *range(at - 1, max(-1, at - BEFORE - 1), -1)]
    for index in order:
        text = tree.blocks[index].text
        if len(text) <= LONGEST:
            yield index, text


def _explicit(tree: Tree, near: list[tuple[int, str]]) -> Byline | None:
    for index, text in near:
        signs = byline_signs(text)
        match = _EXPLICIT.search(text) if signs & LED else None
        authors = _named(match["names"]) if match else ()
        if authors:
            return Byline(tidy(text), authors, True)
        if signs & ALONE and _ALONE.match(text.strip()):
            following = [tree.blocks[i].text for i in range(index + 1, min(len(tree.blocks), index + 5))]
            authors = _listed(following)
            if authors:
                return Byline(", ".join(author.name for author in authors), authors, True)
    return None


def _listed(texts: list[str]) -> tuple[Author, ...]:
    """A name in a block of its own, and further ones as long as only a comma or an "and" stands between."""
    found: list[Author] = []
    joined = True
    for text in texts:
        bare = tidy(text).strip(" ,&")
        if bare in ("", "and", "und", "et", "y"):
            joined = True
            continue
        names = _named(bare)
        if not joined or not names or len(bare.split()) > 6:
            break
        found += [name for name in names if name not in found]
        joined = False
    return tuple(found)


def _marked(tree: Tree, near: list[tuple[int, str]]) -> Byline | None:
    """A person's name in an element that its class calls an author's, or in a link to a profile."""
    for index, text in near:
        block = tree.blocks[index]
        if not (may_name_person(text) or any(may_name_person(linked) for _, linked in block.links)):
            continue
        hinted = block.inline & _AUTHOR or any(tree.elements[e].hints & _AUTHOR for e in _around(tree, block.owner))
        linked = next((text for anchor, text in block.links if _to_profile(tree.anchors[anchor])), None)
        authors = _persons(linked) if linked else _persons(text) if hinted else ()
        if authors:
            return Byline(tidy(text), authors, False)
    return None


def _around(tree: Tree, element: int) -> Iterator[int]:
    """An element and the two around it, without the root."""
    for _ in range(3):
        if element <= 0:
            return
        yield element
        element = tree.elements[element].parent


def _to_profile(anchor: Node) -> bool:
    said = anchor.attributes.get
    return bool(_PROFILE.search(said("href") or "")) or "author" in (said("rel") or "")


def _beside_date(tree: Tree, near: list[tuple[int, str]]) -> Byline | None:
    """A person's name in a block with a date, or next to one."""
    for index, text in near:
        if not may_name_person(text):
            continue
        hit = find_date(text)
        if hit:
            rest = f"{text[: hit.start]} | {text[hit.end :]}"
            authors = next((names for part in re.split(r"[|•·\n—–]", rest) if (names := _persons(part))), ())
            if authors:
                return Byline(tidy(text), authors, False)
            continue
        beside = [tree.blocks[i].text for i in (index - 1, index + 1) if 0 <= i < len(tree.blocks)]
        if any(len(other) < 60 and find_date(other) for other in beside):
            authors = _persons(text)
            if authors:
                return Byline(tidy(text), authors, False)
    return None


def _persons(text: str) -> tuple[Author, ...]:
    """The names in a text, only if all of it is names of persons."""
    if not may_name_person(text) or furniture_kind(tidy(text)) or _VERBS.match(text):
        return ()
    authors = _named(text)
    whole = sum(len(author.name) for author in authors)
    alike = all(looks_like_person(author.name) for author in authors)
    return authors if authors and alike and 2 * whole >= len(tidy(strip_lead(text)).split("\n", 1)[0]) else ()


def _named(text: str) -> tuple[Author, ...]:
    """The names that open a text, up to a date, a role or what else follows names.

    After the first, only what has a person's form is a name: "Ada Lund, Managing Partner, Lund & Co" names one.
    """
    hit = find_date(text)
    if hit:
        text = text[: hit.start] if hit.start > 2 else text[hit.end :]
    text = text.strip()
    if not is_plain(text) or not _CUT_WORDS.isdisjoint(text.lower().split()):
        text = _CUT.sub("", text)
    authors = split_authors(text)
    further = takewhile(lambda author: looks_like_person(author.name), authors[1:])
    return (*authors[:1], *further)
