"""The headline and the site's name. The title element and og:title carry the site's name more often than not."""

import re
from typing import NamedTuple

from broadsheet.blocks.tree import Head, Tree
from broadsheet.clean.text import tidy
from broadsheet.clean.urls import site_domain
from broadsheet.clean.words import fold, folded_words
from broadsheet.extract.metadata_jsonld import Described, resolve, text_of

_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«:]|::|\|\|)\s+|\s*\|\s*")
MIN_OVERLAP = 0.15
"""Share of the h1's words that the title element or og:title must hold for the h1 to be a headline: guide, Metadata."""
LONGEST_TITLE = 400


class Site(NamedTuple):
    """A site's name as its pages give it; `domain` is the registrable domain."""

    name: str | None
    domain: str | None
    source: str | None


class Title(NamedTuple):
    """A headline and its source."""

    text: str | None
    source: str | None


def read_site(head: Head, described: Described, url: str | None) -> Site:
    """The site's name: og:site_name, application name, else the publisher that JSON-LD names."""
    domain = site_domain(url)
    stated = head.meta("og:site_name", "application-name", "apple-mobile-web-app-title")
    if stated and tidy(stated):
        return Site(tidy(stated), domain, "meta")
    article = described.article or {}
    for publisher in resolve(article.get("publisher"), described.by_id):
        name = text_of(publisher)
        if name:
            return Site(tidy(name), domain, "json-ld")
    return Site(None, domain, None)


def read_title(tree: Tree, described: Described, site: Site) -> Title:
    """The headline. An h1 that the head's titles confirm, else og:title, else JSON-LD, else any h1, else the title."""
    h1s = [text for _, text in headings(tree)]
    og = tidy(tree.head.meta("og:title", "twitter:title") or "")
    title = tidy(tree.head.title or "")
    stripped = [strip_site(text, site) for text in (og, title) if text]
    stated = tidy(text_of((described.article or {}).get("headline")) or "")
    folded = {fold(text) for text in stripped}
    for h1 in h1s:
        if fold(h1) in folded:
            return Title(h1, "h1")
    for h1 in h1s:
        if stated and fold(h1) == fold(stated):
            return Title(h1, "h1")
    for h1 in h1s:
        within = [text for text in stripped if fold(h1) and f" {fold(h1)} " in f" {fold(text)} "]
        if within and len(folded_words(h1)) >= 3:
            return Title(h1, "h1")
    if og:
        clean = strip_site(og, site)
        if any(fold(clean) in fold(h1) for h1 in h1s) or (stated and fold(stated) == fold(clean)):
            return Title(clean, "og:title")
    for h1 in h1s:
        if stripped and _overlap(h1, stripped[0]) >= MIN_OVERLAP:
            return Title(h1, "h1")
    if stripped:
        return Title(stripped[0], "og:title" if og else "title-element")
    return Title(stated, "json-ld") if stated else Title(h1s[0] if h1s else None, "h1" if h1s else None)


def headings(tree: Tree) -> list[tuple[int, str]]:
    """Every h1 as (its first block, its text), in order; the texts of an h1's blocks are joined."""
    found = []
    for index, element in enumerate(tree.elements):
        if element.tag == "h1":
            text = tidy(" ".join(block.text for block in tree.blocks[element.first : tree.ends[index]]))
            if text and len(text) <= LONGEST_TITLE:
                found.append((element.first, text))
    return found


def first_heading(tree: Tree, title: str | None) -> int | None:
    """The block where the headline stands: its h1, else the first block of the same words."""
    wanted = fold(title or "")
    h1s = headings(tree)
    for block, text in h1s:
        if fold(text) == wanted:
            return block
    for index, run in enumerate(tree.blocks):
        if wanted and len(run.text) < LONGEST_TITLE and fold(run.text) == wanted:
            return index
    return h1s[0][0] if h1s else None


def strip_site(title: str, site: Site) -> str:
    """A title without the site's name before or behind it."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    tail, lead = title[parts[-1].end() :], title[: parts[0].start()]
    if _names_site(tail, site):
        return strip_site(title[: parts[-1].start()].strip(), site)
    if _names_site(lead, site):
        return title[parts[0].end() :].strip()
    return title


def _names_site(part: str, site: Site) -> bool:
    """Whether a part of a title is the site's name, or its domain's."""
    key = fold(part)
    if not key:
        return True
    if site.name and (key == fold(site.name) or key in fold(site.name) or fold(site.name) in key):
        return True
    if not site.domain:
        return False
    bare = site.domain.split(".")[0].replace("-", "")
    joined = key.replace(" ", "")
    initials = "".join(word[0] for word in key.split())
    return (
        joined in (bare, site.domain.replace(".", ""))
        or (len(joined) >= 4 and (joined in bare or bare in joined))
        or initials == bare
    )


def _overlap(one: str, other: str) -> float:
    first, second = set(folded_words(one)), set(folded_words(other))
    return len(first & second) / max(1, len(first | second))
