"""The headline and the site's name. The title element and og:title carry the site's name more often than not."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from broadsheet.html.head.jsonld import Described, text_of
from broadsheet.html.head.site import LONGEST_TITLE, MOST_NAMES, Site, strip_site
from broadsheet.html.scan.tree import Tree
from broadsheet.html.title.headings import Heading
from broadsheet.text.dates import find_date
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold, folded_words

MIN_OVERLAP = 0.15
"""Share of the h1's words that the title element or og:title must hold for the h1 to be a headline."""
SLUG_GAIN = 0.35
"""By so much more of og:title than of the h1 must be in the address for it to be the headline. Tuned as `_likelier`."""
SHORT_H1 = 4
"""An h1 of so few words may be a section's name."""
LONGEST_H1 = 35
KICKER_WORDS = 5
SAID_WITHIN = 300
"""A headline that the title element repeats before the site's name stands within so many first blocks."""
LEAST_SAID = 4
"""Characters of a part of a title that may be the headline: four Han characters can be one."""
_NAME_MARK = re.compile(r"\s(?:[-–—|·•»«]|::|\|\|)\s|[|｜]|(?<=[^\x00-\x7f])[-–—_－](?=[^\x00-\x7f])")
"""What parts a headline from names of section and site; written without blanks in scripts that have none."""
_KICKER_ENDS = (":", "-", "–", "—", "|", "：")


class Title(NamedTuple):
    """A headline and its source."""

    text: str | None
    source: str | None


class Wording(NamedTuple):
    """A text that may be a headline, as it stands and folded for comparison."""

    text: str
    folded: str

    @classmethod
    def of(cls, text: str) -> "Wording":
        """With the text folded."""
        return cls(text, fold(text))


class Told(NamedTuple):
    """A page's titles without the site's names: `stated` by JSON-LD, `slug` the words of its address's last part.

    `og` is og:title, or twitter:title where there is none.
    """

    h1s: Sequence[Wording]
    og: Wording
    title: Wording
    stated: Wording
    slug: frozenset[str]


def read_told(tree: Tree, described: Described, site: Site, url: str | None, h1s: Sequence[Heading]) -> Told:
    """The titles of a page, without the names around them."""
    stated = tidy(text_of((described.article or {}).get("headline")) or "")
    return Told(
        h1s=[_bare_h1(h1, site) for h1 in h1s],
        og=Wording.of(_said_part(tree, strip_site(tidy(tree.head.meta("og:title", "twitter:title") or ""), site))),
        title=Wording.of(_said_part(tree, strip_site(tidy(tree.head.title or ""), site))),
        stated=Wording.of(stated),
        slug=_slug(url),
    )


def _bare_h1(h1: Heading, site: Site) -> "Wording":
    bare = strip_site(h1.text, site)
    return Wording(bare, h1.folded) if bare == h1.text else Wording.of(bare)


def _said_part(tree: Tree, title: str) -> str:
    """The part of a title that the page shows as a text of its own and that is longer than any other, or the title."""
    title = title[:LONGEST_TITLE]
    parts = [part for part in _NAME_MARK.split(title, maxsplit=MOST_NAMES) if part.strip()]
    if len(parts) < 2:
        return title
    longest = max(parts, key=len).strip()
    return longest if not _shows(tree, title) and _shows(tree, longest) else title


def _shows(tree: Tree, text: str) -> bool:
    """Whether one of a page's first blocks is this text."""
    folded = fold(text)
    return len(folded) >= LEAST_SAID and _first_block(tree, folded, SAID_WITHIN) is not None


def rule_title(told: Told) -> Title:
    """The headline: an h1 that another source confirms, else the likelier of h1 and og:title, else what there is."""
    return _without_kicker(told) or _confirmed(told) or _likelier(told) or _whatever(told)


def _without_kicker(told: Told) -> Title | None:
    """og:title where an h1 is the same behind a kicker ("Trains: Valley line reopens"), or it is the fuller of both."""
    og, key = told.og.text, told.og.folded
    if not key:
        return None
    for h1 in told.h1s:
        lead = _lead(h1.text, og)
        if lead and _is_kicker(lead) and len(lead) < len(og):
            return Title(og, "og:title")
        if told.stated.folded == key and _lead(og, h1.text):
            return Title(og, "og:title")
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


def _confirmed(told: Told) -> Title | None:
    """An h1 that og:title, the title element or JSON-LD repeats; the first of those in this order that has one."""
    for other in (told.og, told.title, told.stated):
        if other.folded:
            for h1 in told.h1s:
                if h1.folded == other.folded:
                    return Title(h1.text, "h1")
    for h1 in told.h1s:
        if _within(h1, told.og) or (
            _within(h1, told.title) and (not told.og.text or _overlap(h1.folded, told.og.folded) > 0)
        ):
            return Title(h1.text, "h1")
    return None


def _within(h1: Wording, other: Wording) -> bool:
    """Whether an h1 of three words or more is a part of a title."""
    return h1.folded.count(" ") >= 2 and f" {h1.folded} " in f" {other.folded} "


def _likelier(told: Told) -> Title | None:
    """The h1 or og:title, where they differ: the one that the address was made of, else an h1 of some length.

    On 99 pages of the development sets with one h1 and another og:title, the h1 is the headline on 53 and og:title on
    39; this tells 78 of these 92.
    """
    other = told.og if told.og.text else told.title
    if not told.h1s or not other.text:
        return None
    h1, near = told.h1s[0], -1.0
    for one in told.h1s:
        overlap = _overlap(one.folded, other.folded)
        if overlap > near:
            h1, near = one, overlap
    gain = _share(other.folded, told.slug) - _share(h1.folded, told.slug)
    words = len(h1.folded.split())
    if gain >= SLUG_GAIN or (words <= SHORT_H1 and gain > 0) or words > LONGEST_H1:
        return Title(other.text, "og:title" if told.og.text else "title-element")
    if near >= MIN_OVERLAP or (len(told.h1s) == 1 and words > SHORT_H1):
        return Title(h1.text, "h1")
    return Title(other.text, "og:title" if told.og.text else "title-element")


def _whatever(told: Told) -> Title:
    sources = (
        (told.og.text, "og:title"),
        (told.title.text, "title-element"),
        (told.stated.text, "json-ld"),
        (told.h1s[0].text if told.h1s else "", "h1"),
    )
    return next((Title(text, source) for text, source in sources if text), Title(None, None))


def _slug(url: str | None) -> frozenset[str]:
    """The words of an address's longest part, if it has three or more: many are made of the first headline."""
    parts = (folded_words(unquote(part)) for part in (url or "").split("?")[0].split("/")[3:])
    words = max(parts, key=len, default=[])
    return frozenset(words) if len(words) >= 3 else frozenset()


def _share(folded: str, slug: frozenset[str]) -> float:
    """How much of title and slug is in both."""
    words = set(folded.split())
    return len(words & slug) / max(1, len(words | slug))


def first_heading(tree: Tree, title: str | None, h1s: Sequence[Heading]) -> int | None:
    """The block where the headline stands: its h1, else the first block of the same words."""
    wanted = fold(title or "")
    for h1 in h1s:
        if h1.folded == wanted:
            return h1.block
    if wanted:
        at = _first_block(tree, wanted)
        if at is not None:
            return at
    return h1s[0].block if h1s else None


def _first_block(tree: Tree, wanted: str, within: int | None = None) -> int | None:
    """The first block of the folded words `wanted`. Folding drops from ASCII and adds nothing: most need no look."""
    least = len(wanted)
    for index, block in enumerate(tree.blocks if within is None else tree.blocks[:within]):
        text = block[0]
        size = len(text)
        if size < LONGEST_TITLE and (size >= least or not text.isascii()) and fold(text) == wanted:
            return index
    return None


def _overlap(one: str, other: str) -> float:
    """How much of two folded texts' words is in both."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / max(1, len(first | second))
