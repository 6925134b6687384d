"""Boxes whose sentences read like an article's and are none: hidden ones, consent and other dialogs, comments, offers,
picture shows, captions.

Names on elements also stand on wrappers of whole articles, so each kind of box is looked at with a guard: how much body
stands outside of it, and whether it holds the headline.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from broadsheet.html.scan.hints import BITS, UNSEEN, name_words
from broadsheet.html.scan.tree import Element, Tree
from broadsheet.text.words import count_words

LEAST_ABOVE = 500
"""Characters of body that must stand above comments."""
OFFER_SHARE = 0.15
"""Of the body's characters that boxes of offers may hold to be taken out of it."""
LEAST_OUTSIDE = 300
"""Characters of body that must stand outside of dialogs before these are dropped."""
LEAST_STORY = 150
"""Characters of body outside of texts on cookies, which are told by their words too: a story of two sentences."""
CONSENT_SHARE = 0.5
"""Of such a text's characters that stand in blocks which name cookies, the title among them."""
LEAST_PICTURES = 2
"""Counters ("2 of 6") by which a picture show is told."""
CAPTION_WORDS = 60
CAPTION_BLOCKS = 3
CAPTION_SHARE = 0.3
"""Of the body's characters that captions may hold: a page of pictures is told by them alone."""

_COMMENT_WORDS = frozenset({"comment", "comments", "disqus", "kommentar", "kommentare", "comentarios", "commentaires"})
_OFFER_WORDS = frozenset({"subscribe", "subscription", "newsletter", "signup", "abo", "abonnement"})
_DIALOG_NAMES = """cookie cookies consent gdpr ccpa onetrust ot didomi usercentrics cookiebot cybotcookiebot quantcast
qc cmp sourcepoint iubenda cookieyes cky complianz cmplz borlabs termly osano truste trustarc klaro dialog
alertdialog"""
_DIALOG_WORDS = frozenset(_DIALOG_NAMES.split())
"""Consent vendors put the same dialog on many sites; "dialog" is also the role."""
_SHOW_WORDS = frozenset(
    {"gallery", "carousel", "slideshow", "slider", "slides", "lightbox", "swiper", "slick", "fotostrecke"}
)
_CAPTION_WORDS = frozenset({"caption", "figcaption", "wpcaption", "bildunterschrift", "captiontext"})
_COOKIES = re.compile(r"cookie|куки|クッキー|쿠키|ملفات تعريف الارتباط|עוגיות", re.IGNORECASE)
_OPENED = re.compile(r"accordi|collaps|callout|spoiler|expand|toggle|details|note|tab-?p|\btab", re.IGNORECASE)
_COUNTER = re.compile(r"\d{1,3}\s?(?:/|\w{2,5}|の)\s?(\d{1,3})")
_DIALOG_BITS = BITS["consent"] | BITS["dialog"]
_SHOW_BITS = BITS["media"] | BITS["list"]
_WRAPPERS = frozenset({"html", "body", "main", "article", "p"})
BOX_HINTS = _DIALOG_BITS | _SHOW_BITS | BITS["comment"] | BITS["cta"] | BITS["caption"] | UNSEEN


def in_boxes(tree: Tree, kept: Sequence[int], lo: int, hints: int) -> list[int]:
    """Which of the kept blocks, counted from `lo`, are in boxes and no body; `hints` are those of all around them."""
    looks = _Looks(tree, lo, kept)
    left = list(kept)
    for bits, drop in (
        (UNSEEN, _hidden),
        (_DIALOG_BITS, _dialogs),
        (BITS["comment"], _comments),
        (BITS["cta"], _offers),
        (_SHOW_BITS, _shows),
        (BITS["caption"], _captions),
    ):
        if hints & bits and (boxed := set(drop(looks, left))):
            left = [i for i in left if i not in boxed]
    return sorted(set(kept).difference(left))


class _Looks:
    """The kept blocks of a page, by what stands around them: `around` are those elements, outer before inner."""

    def __init__(self, tree: Tree, lo: int, kept: Sequence[int]) -> None:
        self.tree, self.lo = tree, lo
        self.around: list[tuple[int, Element]] = []
        known = {0}
        for i in kept:
            e = tree.blocks[lo + i].owner
            climbed: list[tuple[int, Element]] = []
            while e not in known:
                known.add(e)
                element = tree.elements[e]
                climbed.append((e, element))
                e = element.parent
            self.around += reversed(climbed)

    def inside(self, kept: Sequence[int], bits: int, is_box: Callable[[Element], bool]) -> list[int]:
        """Those that stand in such an element; it hints at one of `bits`."""
        within: set[int] = set()
        for e, element in self.around:
            if element.parent in within or (element.hints & bits and is_box(element)):
                within.add(e)
        blocks, lo = self.tree.blocks, self.lo
        return [i for i in kept if blocks[lo + i].owner in within] if within else []

    def text(self, i: int) -> str:
        return self.tree.blocks[self.lo + i].text

    def size(self, which: Iterable[int]) -> int:
        """Characters."""
        return sum([len(self.text(i)) for i in which])


def _hidden(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """What the page keeps from sight, if twice as much stands outside: a story that a script uncovers is kept."""
    elements = looks.tree.elements
    inside = looks.inside(kept, UNSEEN, lambda e: not (_opens(e) or _opens(elements[e.parent])))
    held = looks.size(inside)
    rest = looks.size(kept) - held
    return inside if rest >= max(LEAST_STORY, 2 * held) else []


def _dialogs(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """Consent and other dialogs, if twice as much stands outside; or they say themselves that they are about cookies,
    and the headline is not in them.

    Worth 0.0005 of body F1 on real pages, more on short ones, where the model sees few blocks to compare.
    """
    inside = looks.inside(kept, _DIALOG_BITS, _is_dialog)
    if not inside:
        return []
    held = looks.size(inside)
    rest = looks.size(kept) - held
    if rest >= max(LEAST_OUTSIDE, 2 * held):
        return inside
    about = looks.size([i for i in inside if _COOKIES.search(looks.text(i))])
    heads = any(looks.tree.level(looks.lo + i) == 1 for i in inside)
    return inside if rest >= LEAST_STORY and about >= CONSENT_SHARE * held and not heads else []


def _comments(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """A section of comments below a body: many comments read like an article, all of one making.

    Only what stands below `LEAST_ABOVE` characters of body is dropped: such names also stand on whole pages.
    """
    inside = set(looks.inside(kept, BITS["comment"], _is_comments))
    above = 0
    for at, i in enumerate(kept if inside else ()):
        if i not in inside:
            above += len(looks.text(i))
        elif above >= LEAST_ABOVE:
            return [k for k in kept[at:] if k in inside]
    return []


def _offers(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """Boxes named for a subscription or newsletter, where they hold little of the body: else they wrap a page."""
    inside = looks.inside(kept, BITS["cta"], _is_offer)
    return inside if looks.size(inside) <= OFFER_SHARE * looks.size(kept) else []


def _shows(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """Picture shows, told by counters of one number of pictures, where a story stands outside of them."""
    inside = looks.inside(kept, _SHOW_BITS, _is_show)
    if not inside:
        return []
    tree, first, last = looks.tree, looks.lo + inside[0], looks.lo + inside[-1]
    counters = [
        m[1] for run in tree.blocks[first - 1 : last + 3] if len(run.text) < 16 and (m := _COUNTER.fullmatch(run.text))
    ]
    if len(counters) < LEAST_PICTURES or len(set(counters)) > 1:
        return []
    return inside if looks.size(kept) - looks.size(inside) >= LEAST_OUTSIDE else []


def _captions(looks: _Looks, kept: Sequence[int]) -> list[int]:
    """Captions, by the name of the element around one or two short blocks, where they hold little of the body."""
    inside = [i for i in kept if _captioned(looks.tree, looks.lo + i)]
    return inside if looks.size(inside) <= CAPTION_SHARE * looks.size(kept) else []


def _captioned(tree: Tree, block: int) -> bool:
    near = islice(tree.ancestors(tree.blocks[block].owner), 3)
    named = (e for e in near if _is_caption(tree.elements[e]))
    return (
        any(tree.ends[e] - tree.elements[e].first <= CAPTION_BLOCKS for e in named)
        and count_words(tree.blocks[block].text) <= CAPTION_WORDS
    )


def _opens(element: Element) -> bool:
    """Whether a reader opens it: answers, notes, callouts and tabs are hidden until then, and are body."""
    return element.hints & (BITS["faq"] | BITS["note"]) != 0 or _OPENED.search(element.names) is not None


def _is_offer(element: Element) -> bool:
    return element.tag not in _WRAPPERS and _named(element, _OFFER_WORDS)


def _is_comments(element: Element) -> bool:
    return element.tag not in _WRAPPERS - {"article"} and _named(element, _COMMENT_WORDS)


def _is_dialog(element: Element) -> bool:
    return element.tag not in ("html", "body") and _named(element, _DIALOG_WORDS)


def _is_show(element: Element) -> bool:
    return element.tag not in _WRAPPERS and _named(element, _SHOW_WORDS)


def _is_caption(element: Element) -> bool:
    return (
        element.hints & BITS["caption"] != 0
        and element.tag not in _WRAPPERS - {"p"}
        and _named(element, _CAPTION_WORDS)
    )


def _named(element: Element, words: frozenset[str]) -> bool:
    return not words.isdisjoint(name_words(element.names))
