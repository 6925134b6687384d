"""The body of a story by the block model: which blocks of a page are its text, and what each of them is."""

import json
from collections.abc import Iterable, Sequence
from functools import cache, partial
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.features import FEATURE_NAMES, page_rows
from broadsheet.html.scan.around import around, nearest, nearest_of
from broadsheet.html.scan.elements import Elements, Ints, element_arrays
from broadsheet.html.scan.hints import BITS, name_words
from broadsheet.html.scan.naming import Lexicon
from broadsheet.html.scan.tree import Element, Run, Tree
from broadsheet.models.trees import Trees, load_model
from broadsheet.native import settling
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute
from broadsheet.values import Block, Kind, Link, Removed

THRESHOLD = 0.45
"""A block at least this likely is body. Best of 0.40-0.50 inside the folds; between them F1 moves by 0.001."""

DOUBTFUL, LONELY, LONELY_REACH = 0.3, 0.65, 4
"""Between these scores a block's neighbours decide; a lone one has none kept within so many blocks."""
LEAST_ABOVE = 500
"""Characters of body that must stand above comments."""
_COMMENT_BIT = BITS["comment"]
_COMMENT_WORDS = frozenset({"comment", "comments", "disqus", "kommentar", "kommentare", "comentarios", "commentaires"})
OFFER_SHARE = 0.15
"""Of the body's characters that boxes of offers may hold to be taken out of it."""
_OFFER_BIT = BITS["cta"]
_OFFER_WORDS = frozenset({"subscribe", "subscription", "newsletter", "signup", "abo", "abonnement"})
LEAST_OUTSIDE = 300
"""Characters of body that must stand outside of dialogs before these are dropped."""
_DIALOG_NAMES = """cookie cookies consent gdpr ccpa onetrust ot didomi usercentrics cookiebot cybotcookiebot quantcast
qc cmp sourcepoint iubenda cookieyes cky complianz cmplz borlabs termly osano truste trustarc klaro dialog
alertdialog"""
_DIALOG_WORDS = frozenset(_DIALOG_NAMES.split())
"""Consent vendors put the same dialog on many sites; "dialog" is also the role."""
_DIALOG_BITS = BITS["consent"] | BITS["dialog"]

_KIND_TAGS = {
    "li": Kind.LIST_ITEM,
    "dd": Kind.LIST_ITEM,
    "dt": Kind.LIST_ITEM,
    "td": Kind.TABLE_ROW,
    "th": Kind.TABLE_ROW,
    "blockquote": Kind.QUOTE,
    "pre": Kind.PREFORMATTED,
}
_KIND_REACH = 4
"""So far up a block's kind is looked for: the p in an li, the div in a blockquote."""

_block_of = partial(tuple.__new__, Block)


def body_scores(tree: Tree, lo: int = 0, hi: int | None = None, arrays: Elements | None = None) -> NDArray[np.float64]:
    """How likely each of the blocks `lo` to `hi` is body, 0-1, judged as if they were the whole page.

    Blocks the model has no row for (short and all link) are 0.
    """
    hi = len(tree.blocks) if hi is None else hi
    if hi <= lo:
        return np.zeros(hi - lo)
    el = arrays or element_arrays(tree, lexicon())
    rows = page_rows(tree, lexicon(), lo, hi, el)
    scores = _judged(rows.index, body_model().score(rows.matrix), hi - lo)
    around = _hinted_around(tree, scores, lo, el)
    if around & _DIALOG_BITS:
        scores = _without_dialogs(tree, scores, lo)
    if around & _COMMENT_BIT:
        scores = _without_comments(tree, scores, lo)
    return _without_offers(tree, scores, lo) if around & _OFFER_BIT else scores


def _judged(index: Ints, chances: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The settled scores of so many blocks, of which those at `index` have these chances and the others none."""
    return settling.judged(index, chances, count, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)


def _hinted_around(tree: Tree, scores: NDArray[np.float64], lo: int, el: Elements) -> int:
    """What names around any body hint at: most pages need not be gone through for boxes that hold none of it."""
    return settling.hinted(tree.blocks, lo, scores, THRESHOLD, el.all_hints)


def _kept(scores: NDArray[np.float64]) -> list[int]:
    kept: list[int] = np.flatnonzero(scores >= THRESHOLD).tolist()
    return kept


def settled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """In doubt a block follows its neighbours: kept between two that are kept, dropped with none near.

    Worth 0.001 of body F1 on the two larger sets of articles, and costs as much on the smallest.
    """
    return settling.settled(scores, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)


def _without_dialogs(tree: Tree, scores: NDArray[np.float64], lo: int) -> NDArray[np.float64]:
    """No body in consent and other dialogs, if twice as much stands outside: their sentences read like an article's.

    The guard is needed: such names also stand on wrappers of whole articles. Worth 0.0005 of body F1 on real pages,
    more on short ones, where the model sees few blocks to compare.
    """
    kept = _kept(scores)
    within: dict[int, bool] = {0: False}
    for i in kept:
        climbed = [e for e in tree.ancestors(tree.blocks[lo + i].owner) if e not in within]
        for e in reversed(climbed):
            within[e] = within[tree.elements[e].parent] or _is_dialog(tree.elements[e])
    inside = [i for i in kept if within[tree.blocks[lo + i].owner]]
    if not inside:
        return scores
    held = sum(len(tree.blocks[lo + i].text) for i in inside)
    rest = sum(len(tree.blocks[lo + i].text) for i in kept) - held
    if rest >= max(LEAST_OUTSIDE, 2 * held):
        scores[inside] = 0.0
    return scores


def _without_comments(tree: Tree, scores: NDArray[np.float64], lo: int) -> NDArray[np.float64]:
    """No body in a section of comments below a body: many comments read like an article, all of one making.

    Only what stands below `LEAST_ABOVE` characters of body is dropped: such names also stand on whole pages.
    """
    kept = _kept(scores)
    sections: dict[int, bool] = {0: False}
    above = 0
    inside: list[int] = []
    for i in kept:
        owner = tree.blocks[lo + i].owner
        for e in reversed([e for e in tree.ancestors(owner) if e not in sections]):
            sections[e] = sections[tree.elements[e].parent] or _is_comments(tree.elements[e])
        if not sections[owner]:
            above += len(tree.blocks[lo + i].text) if not inside else 0
        elif above >= LEAST_ABOVE:
            inside.append(i)
    scores[inside] = 0.0
    return scores


def _without_offers(tree: Tree, scores: NDArray[np.float64], lo: int) -> NDArray[np.float64]:
    """No body in boxes named for a subscription or newsletter, where they hold little of it: else they wrap a page."""
    kept = _kept(scores)
    boxes: dict[int, bool] = {0: False}
    for i in kept:
        for e in reversed([e for e in tree.ancestors(tree.blocks[lo + i].owner) if e not in boxes]):
            boxes[e] = boxes[tree.elements[e].parent] or _is_offer(tree.elements[e])
    inside = [i for i in kept if boxes[tree.blocks[lo + i].owner]]
    held = sum(len(tree.blocks[lo + i].text) for i in inside)
    if held <= OFFER_SHARE * sum(len(tree.blocks[lo + i].text) for i in kept):
        scores[inside] = 0.0
    return scores


def _is_offer(element: Element) -> bool:
    if not element.hints & _OFFER_BIT or element.tag in ("html", "body", "main", "article", "p"):
        return False
    return not _OFFER_WORDS.isdisjoint(name_words(element.names))


def _is_comments(element: Element) -> bool:
    if not element.hints & _COMMENT_BIT or element.tag in ("html", "body", "main", "p"):
        return False
    return not _COMMENT_WORDS.isdisjoint(name_words(element.names))


def _is_dialog(element: Element) -> bool:
    if not element.hints & _DIALOG_BITS or element.tag in ("html", "body"):
        return False
    return not _DIALOG_WORDS.isdisjoint(name_words(element.names))


@cache
def body_model() -> Trees:
    """The block model, asked with all features."""
    return load_model("body", FEATURE_NAMES, chosen=True)


@cache
def lexicon() -> Lexicon:
    """The learned weights of words that come with the package."""
    data = json.loads(resources.files("broadsheet.models").joinpath("words.json").read_bytes())
    return Lexicon(data["text"], data["names"])


def body_blocks(
    tree: Tree, scores: Sequence[float] | NDArray[np.float64], base: str | None, lo: int = 0
) -> tuple[list[Block], list[Removed]]:
    """The kept blocks with their kinds, in order, and the dropped ones with reasons.

    `scores` belong to the blocks from `lo` on. Cells of one table row become one block, parted by " | ".
    """
    kept: list[Block] = []
    dropped: list[int] = []
    near = around(tree)
    row = -1
    for i, keep in enumerate((np.asarray(scores) >= THRESHOLD).tolist(), lo):
        if not keep:
            dropped.append(i)
            continue
        run = tree.blocks[i]
        block = _block(tree, i, base, near.told(run.owner)[1])
        if not block.text:
            continue
        of = nearest(tree.elements, run.owner, "tr") if block.kind is Kind.TABLE_ROW else -1
        if of >= 0 and of == row:
            last = kept.pop()
            joined = f"{last.text} | {block.text}"
            block = Block(joined, last.kind, last.where, links=last.links + block.links, at=last.at)
        row = of
        kept.append(block)
    return kept, near.dropped(tree.blocks, dropped)


def dropped_blocks(tree: Tree, indices: Iterable[int]) -> list[Removed]:
    """These blocks of a page as dropped ones, with reasons."""
    return around(tree).dropped(tree.blocks, indices)


def _block(tree: Tree, index: int, base: str | None, where: str) -> Block:
    run = tree.blocks[index]
    level = tree.level(index)
    kind = Kind.HEADING if level else _kind(tree, run.owner)
    text = run.text if kind in (Kind.PREFORMATTED, Kind.CODE) else _lines(run.text)
    return _block_of((text, kind, where, level, None, _links(tree, run, base) if run.links else (), index))


def _lines(text: str) -> str:
    """Each line tidied on its own: verse keeps its lines."""
    if "\n" not in text:
        return tidy(text)
    return "\n".join(filter(None, map(tidy, text.split("\n"))))


def _kind(tree: Tree, owner: int) -> Kind:
    e = nearest_of(tree.elements, owner, _KIND_TAGS, _KIND_REACH)
    if e < 0:
        return Kind.PARAGRAPH
    found = _KIND_TAGS[tree.elements[e].tag]
    return Kind.CODE if found is Kind.PREFORMATTED and _is_code(tree, owner, e) else found


def _is_code(tree: Tree, e: int, last: int) -> bool:
    """Whether an element or one of those around it up to `last` holds code, or is named so."""
    while True:
        names = tree.elements[e].names
        if e in tree.code or "highlight" in names or "code" in names:
            return True
        if e == last:
            return False
        e = tree.elements[e].parent


def _links(tree: Tree, run: Run, base: str | None) -> tuple[Link, ...]:
    """The links of a block; text of one link that stands in pieces is one link."""
    pieces: dict[int, str] = {}
    for anchor, text in run.links:
        pieces[anchor] = pieces.get(anchor, "") + text
    found = [(absolute(tree.href(anchor), base), text) for anchor, text in pieces.items()]
    return tuple([Link(url, tidy(text)) for url, text in found if url])
