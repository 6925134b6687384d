"""The headline and the site's name. The title element and og:title carry the site's name more often than not."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from broadsheet.blocks.tree import Head, Tree
from broadsheet.clean.dates import find_date
from broadsheet.clean.text import tidy
from broadsheet.clean.urls import site_domain
from broadsheet.clean.words import fold, folded_words
from broadsheet.extract.metadata_jsonld import Described, resolve, text_of

_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«:]|::|\|\|)\s+|\s*\|\s*")
MIN_OVERLAP = 0.15
"""Share of the h1's words that the title element or og:title must hold for the h1 to be a headline."""
LONGEST_TITLE = 400
SLUG_GAIN = 0.35
"""By so much more of og:title than of the h1 must be in the address for it to be the headline. Tuned as `_likelier`."""
SHORT_H1 = 4
"""An h1 of so few words may be a section's name."""
LONGEST_H1 = 35
MOST_NAMES = 8
"""Names of site, section and language around a headline; more parts than this are no title."""
KICKER_WORDS = 5
_KICKER_ENDS = (":", "-", "–", "—", "|", "：")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}", re.IGNORECASE)
_NO_LABELS = frozenset({"www", "com", "org", "net", "co", "m"})


class Site(NamedTuple):
    """A site's name as its pages give it, and the parts of the page's address that titles repeat, folded.

    `domain` is the registrable domain, `labels` the words of the host, `folders` those of the path but the last.
    """

    name: str | None
    domain: str | None
    source: str | None
    labels: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


class Title(NamedTuple):
    """A headline and its source."""

    text: str | None
    source: str | None


def read_site(head: Head, described: Described, url: str | None) -> Site:
    """The site's name: og:site_name, application name, else the publisher that JSON-LD names."""
    stated = tidy(head.meta("og:site_name", "application-name", "apple-mobile-web-app-title") or "")
    publishers = resolve((described.article or {}).get("publisher"), described.by_id)
    published = next((tidy(name) for publisher in publishers if (name := text_of(publisher))), "")
    host, *folders = (url or "").split("?")[0].split("//", 1)[-1].split("/")
    return Site(
        name=stated or published or None,
        domain=site_domain(url),
        source="meta" if stated else "json-ld" if published else None,
        labels=frozenset(folded_words(host)) - _NO_LABELS,
        folders=frozenset(fold(folder) for folder in folders[:-1]),
    )


def rule_title(tree: Tree, described: Described, site: Site, url: str | None = None) -> Title:
    """The headline: an h1 that another source confirms, else the likelier of h1 and og:title, else what there is."""
    told = _Told(
        h1s=tuple(strip_site(text, site) for _, text in headings(tree)),
        og=strip_site(tidy(tree.head.meta("og:title", "twitter:title") or ""), site),
        title=strip_site(tidy(tree.head.title or ""), site),
        stated=tidy(text_of((described.article or {}).get("headline")) or ""),
        slug=_slug(url),
    )
    return _without_kicker(told) or _confirmed(told) or _likelier(told) or _whatever(told)


class _Told(NamedTuple):
    """A page's titles without the site's names: `stated` by JSON-LD, `slug` the words of its address's last part."""

    h1s: tuple[str, ...]
    og: str
    title: str
    stated: str
    slug: frozenset[str]


def _without_kicker(told: _Told) -> Title | None:
    """og:title where an h1 is the same behind a kicker ("Trains: Valley line reopens"), or it is the fuller of both."""
    key = fold(told.og)
    if not key:
        return None
    for h1 in told.h1s:
        lead = _lead(h1, told.og)
        if lead and _is_kicker(lead) and len(lead) < len(told.og):
            return Title(told.og, "og:title")
        if _lead(told.og, h1) and fold(told.stated) == key:
            return Title(told.og, "og:title")
    return None


def _is_kicker(lead: str) -> bool:
    """Whether what stands before a headline is a kicker, or the date."""
    short = lead.endswith(_KICKER_ENDS) and len(folded_words(lead)) <= KICKER_WORDS
    return short or (find_date(lead) is not None and len(folded_words(lead)) <= KICKER_WORDS)


def _lead(longer: str, shorter: str) -> str | None:
    """What stands before `shorter` where `longer` ends with it, else None."""
    end = longer.rstrip()
    if len(shorter) < 8 or len(end) <= len(shorter) or not end.casefold().endswith(shorter.casefold()):
        return None
    return end[: -len(shorter)].strip() or None


def _confirmed(told: _Told) -> Title | None:
    """An h1 that og:title, the title element or JSON-LD repeats; the first of those in this order that has one."""
    for text in (told.og, told.title, told.stated):
        key = fold(text)
        for h1 in told.h1s:
            if key and fold(h1) == key:
                return Title(h1, "h1")
    for h1 in told.h1s:
        if _within(h1, told.og) or (_within(h1, told.title) and (not told.og or _overlap(h1, told.og) > 0)):
            return Title(h1, "h1")
    return None


def _within(h1: str, text: str) -> bool:
    """Whether an h1 of three words or more is a part of a title."""
    key = f" {fold(h1)} "
    return len(key.split()) >= 3 and key in f" {fold(text)} "


def _likelier(told: _Told) -> Title | None:
    """The h1 or og:title, where they differ: the one that the address was made of, else an h1 of some length.

    On 99 pages of the development sets with one h1 and another og:title, the h1 is the headline on 53 and og:title on
    39; this tells 78 of these 92.
    """
    other = told.og or told.title
    if not told.h1s or not other:
        return None
    h1 = max(told.h1s, key=lambda text: _overlap(text, other))
    gain = _share(other, told.slug) - _share(h1, told.slug)
    words = len(folded_words(h1))
    near = _overlap(h1, other)
    if gain >= SLUG_GAIN or (words <= SHORT_H1 and gain > 0) or words > LONGEST_H1:
        return Title(other, "og:title" if told.og else "title-element")
    if near >= MIN_OVERLAP or (len(told.h1s) == 1 and words > SHORT_H1):
        return Title(h1, "h1")
    return Title(other, "og:title" if told.og else "title-element")


def _whatever(told: _Told) -> Title:
    sources = (
        (told.og, "og:title"),
        (told.title, "title-element"),
        (told.stated, "json-ld"),
        (told.h1s[0] if told.h1s else "", "h1"),
    )
    return next((Title(text, source) for text, source in sources if text), Title(None, None))


def _slug(url: str | None) -> frozenset[str]:
    """The words of an address's longest part, if it has three or more: many are made of the first headline."""
    parts = (folded_words(unquote(part)) for part in (url or "").split("?")[0].split("/")[3:])
    words = max(parts, key=len, default=[])
    return frozenset(words) if len(words) >= 3 else frozenset()


def _share(title: str, slug: frozenset[str]) -> float:
    """How much of title and slug is in both."""
    words = set(folded_words(title))
    return len(words & slug) / max(1, len(words | slug))


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
    """A title without the names of site and section before or behind it; no longer than `LONGEST_TITLE`."""
    title = title[:LONGEST_TITLE]
    for _ in range(MOST_NAMES):
        shorter = _strip_name(title, site)
        if shorter == title:
            break
        title = shorter
    return title


def _strip_name(title: str, site: Site) -> str:
    """A title without its last part, or else its first, if that is no part of the headline."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    tail, lead = title[parts[-1].end() :], title[: parts[0].start()]
    if (
        names_site(tail, site)
        or fold(tail) in site.folders
        or (parts[-1].group().strip() == "|" and len(lead) > len(tail))
    ):
        return title[: parts[-1].start()].strip()
    return title[parts[0].end() :].strip() if names_site(lead, site) else title


def names_site(part: str, site: Site) -> bool:
    """Whether a part of a title is the site's name, a domain, or a name of a folder in the page's address."""
    key = fold(part)
    joined = key.replace(" ", "")
    if not key or _DOMAIN.fullmatch(part.strip()):
        return True
    name = fold(site.name or "")
    if name and (key in name or name in key or joined == name.replace(" ", "")):
        return True
    if set(key.split()) <= {*site.labels, "the"}:
        return True
    bare = (site.domain or "").split(".")[0].replace("-", "")
    initials = "".join(word[0] for word in key.split())
    if not bare:
        return False
    near = (len(joined) >= 4 and joined in bare) or (bare in joined and len(bare) >= 0.6 * len(joined))
    return near or bare == initials


def _overlap(one: str, other: str) -> float:
    first, second = set(folded_words(one)), set(folded_words(other))
    return len(first & second) / max(1, len(first | second))
