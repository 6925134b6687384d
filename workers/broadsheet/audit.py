"""The account of a page: each of its blocks in the page's order, and what became of it. For people, on demand.

The records count what was dropped; here every block stands with its fate, its place and its span. The page is scanned
once more for it, so that what no field names is seen too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.dump.forms import read_dump
from broadsheet.html.scan.places import find_spans
from broadsheet.html.scan.tree import scan
from broadsheet.text.words import fold
from broadsheet.values import Article, Block, ContentType, Kind, PageResult, Removed, Span


class BlockFate(StrEnum):
    """What became of a block: part of a body, taken into a field, or dropped."""

    KEPT = "kept"
    FIELD = "field"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Marked:
    """A block with its fate.

    `kind` is what it was kept as, the field that took it, or the reason for dropping it. `article` is the position of
    the article in whose part of the page it stands, None outside of all. `starts` is true for the first block of an
    article: the page was cut before it. `span` is its place in the decoded page, None where it is not found.
    """

    text: str
    fate: BlockFate
    kind: str
    article: int | None = None
    starts: bool = False
    where: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Stood:
    """A block as it stands in the page, before anything is made of it."""

    text: str
    where: str
    span: Span | None


_IN_FIELDS = frozenset({"headline"})
"""Reasons for which a body has no block that a field has."""

_Fates = Mapping[int, tuple[BlockFate, str, int | None]]


def audit(result: PageResult) -> tuple[Marked, ...]:
    """Every block of the page in its order; first what an article took from elsewhere than a block.

    Raises `PageError` as the reading of the page does.
    """
    blocks = _blocks(result)
    fates = {key: fate for key, fate in _told(result) if key is not None}
    edges = _edges(result.articles, fates, blocks)
    return (*_unplaced(result), *_marked(result, blocks, fates, edges))


def _blocks(result: PageResult) -> dict[int, _Stood]:
    """The page's blocks by number: of HTML counted from 0, of a dump the first character of the line."""
    page = result.page
    if page.content_type is not ContentType.HTML:
        return {line.span.start: _Stood(line.text, line.where, line.span) for line in read_dump(page)}
    tree = scan(page.text)
    spans = find_spans(page.text, [run.text for run in tree.blocks])
    return {
        at: _Stood(run.text, tree.path(run.owner), span)
        for at, (run, span) in enumerate(zip(tree.blocks, spans, strict=True))
    }


def _key(item: Block | Removed) -> int | None:
    """The number of the page's block that this is."""
    if item.at is not None:
        return item.at
    return item.span.start if item.span else None


def _told(result: PageResult) -> Iterator[tuple[int | None, tuple[BlockFate, str, int | None]]]:
    for item in result.removed:
        yield _key(item), (BlockFate.DROPPED, item.kind, None)
    for article in result.articles:
        for item in article.removed:
            fate = BlockFate.FIELD if item.kind in _IN_FIELDS else BlockFate.DROPPED
            yield _key(item), (fate, item.kind, article.position)
        for block in article.body:
            yield _key(block), (BlockFate.KEPT, block.kind.value, article.position)


def _edges(articles: Sequence[Article], fates: _Fates, blocks: Mapping[int, _Stood]) -> list[tuple[int, int]]:
    """The first and last block of each article: those accounted to it, and its headline just before them."""
    accounted: dict[int, list[int]] = {}
    for key, (_, _, position) in fates.items():
        if position is not None:
            accounted.setdefault(position, []).append(key)
    order = sorted(blocks)
    placed = sorted((block.span.start, block.span.end, key) for key, block in blocks.items() if block.span)
    edges: list[tuple[int, int]] = []
    for article in articles:
        keys = [*accounted.get(article.position, ()), *_inside(placed, article.span)]
        first, last = (min(keys), max(keys)) if keys else (-1, -2)
        after = edges[-1][1] if edges else -1
        before = (key for key in order[bisect_right(order, after) : bisect_left(order, first)] if key not in fates)
        first = next((key for key in before if _is_headline(blocks[key].text, article)), first)
        edges.append((first, last))
    return edges


def _inside(placed: Sequence[tuple[int, int, int]], outer: Span | None) -> list[int]:
    """The keys of those blocks, told by their start, end and key in the page's order, that lie inside a span."""
    if outer is None:
        return []
    held = placed[bisect_left(placed, (outer.start, 0, 0)) : bisect_right(placed, (outer.end, outer.end, -1))]
    return [key for _, end, key in held if end <= outer.end]


def _is_headline(text: str, article: Article) -> bool:
    headline = fold(article.headline or "")
    return bool(headline) and headline in fold(text)


def _unplaced(result: PageResult) -> Iterator[Marked]:
    """Body that stands in no block of the page: what only its JSON-LD holds."""
    for article in result.articles:
        for block in article.body:
            if _key(block) is None:
                yield Marked(block.text, BlockFate.KEPT, block.kind.value, article.position, where=block.where)


def _marked(
    result: PageResult, blocks: Mapping[int, _Stood], fates: _Fates, edges: Sequence[tuple[int, int]]
) -> Iterator[Marked]:
    starts = {first for first, _ in edges}
    around_of = _around(edges)
    before: tuple[BlockFate, str, int | None] | None = None
    for key, block in blocks.items():
        around = around_of(key)
        fate, kind, article = fates.get(key) or _untold(result, block.text, around, before)
        before = (fate, kind, article)
        yield Marked(block.text, fate, kind, article, key in starts, block.where, block.span)


def _around(edges: Sequence[tuple[int, int]]) -> Callable[[int], int | None]:
    """Which article a block stands in: the first of those whose edges hold it."""
    held: dict[int, int] = {}
    for at, (first, last) in enumerate(edges):
        for key in range(first, last + 1):
            held.setdefault(key, at)
    return held.get


def _untold(
    result: PageResult, text: str, around: int | None, before: tuple[BlockFate, str, int | None] | None
) -> tuple[BlockFate, str, int | None]:
    """What became of a block that is neither in a body nor among the dropped."""
    if around is None:
        return BlockFate.DROPPED, "no-article" if result.reason else "outside-body", None
    article = result.articles[around]
    if _is_headline(text, article):
        return BlockFate.FIELD, "headline", around
    if any(fold(image.caption) in fold(text) for image in article.images if image.caption):
        return BlockFate.FIELD, "caption", around
    if before and before[:2] == (BlockFate.KEPT, Kind.TABLE_ROW.value):
        return before  # a further cell of the row
    return BlockFate.DROPPED, "outside-body", around
