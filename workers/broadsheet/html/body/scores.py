"""The body of a story by the block model: which blocks of a page are its text, and what each of them is."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, partial
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.boxes import BOX_HINTS, in_boxes
from broadsheet.html.body.features import FEATURE_NAMES, page_rows
from broadsheet.html.scan.around import around, nearest, nearest_of
from broadsheet.html.scan.elements import Elements, Ints, element_arrays
from broadsheet.html.scan.naming import Lexicon
from broadsheet.html.scan.tree import Run, Tree
from broadsheet.models.trees import Trees, load_model
from broadsheet.native import settling
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute
from broadsheet.values import Block, Kind, Link, Removed

THRESHOLD = 0.45
"""A block at least this likely is body. Best of 0.40-0.50 inside the folds; between them F1 moves by 0.001."""

DOUBTFUL, LONELY, LONELY_REACH = 0.3, 0.65, 4
"""Between these scores a block's neighbours decide; a lone one has none kept within so many blocks."""
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

_CELLS = {"td": Kind.TABLE_ROW, "th": Kind.TABLE_ROW}
PARAGRAPH_CHARS = 120
"""Of an element within a cell: two of them in one, and it holds no data but a page's text."""

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
    if tree.columns is not None and "pre" in tree.columns.tags:
        _keep_verse(tree, scores, lo)
    around = settling.hinted(tree.blocks, lo, scores, THRESHOLD, el.all_hints)
    if around & BOX_HINTS:
        kept: list[int] = np.flatnonzero(scores >= THRESHOLD).tolist()
        scores[in_boxes(tree, kept, lo, around)] = 0.0
    return scores


def _keep_verse(tree: Tree, scores: NDArray[np.float64], lo: int) -> None:
    """Keep lines in `pre` with body close above and below them: the stanzas of a poem, each in a box of its own.

    Not so code, which the model knows better.
    """
    kept = scores >= THRESHOLD
    for i in np.flatnonzero(~kept).tolist():
        owner = tree.blocks[lo + i].owner
        if (
            tree.elements[owner].tag == "pre"
            and not _is_code(tree, owner, owner)
            and kept[max(0, i - LONELY_REACH) : i].any()
            and kept[i + 1 : i + 1 + LONELY_REACH].any()
        ):
            scores[i] = THRESHOLD


def _judged(index: Ints, chances: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The settled scores of so many blocks, of which those at `index` have these chances and the others none."""
    return settling.judged(index, chances, count, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)


def settled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """In doubt a block follows its neighbours: kept between two that are kept, dropped with none near.

    Worth 0.001 of body F1 on the two larger sets of articles, and costs as much on the smallest.
    """
    return settling.settled(scores, THRESHOLD, DOUBTFUL, LONELY, LONELY_REACH)


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
    laid_out: dict[int, bool] = {}
    for i, keep in enumerate((np.asarray(scores) >= THRESHOLD).tolist(), lo):
        if not keep:
            dropped.append(i)
            continue
        run = tree.blocks[i]
        block = _block(tree, i, base, near.told(run.owner)[1])
        if not block.text:
            continue
        of = nearest(tree.elements, run.owner, "tr") if block.kind is Kind.TABLE_ROW else -1
        if of >= 0 and of not in laid_out:
            laid_out[of] = _is_layout(tree, of)
        if of >= 0 and laid_out[of]:
            block, of = block._replace(kind=Kind.PARAGRAPH), -1
        if of >= 0 and of == row:
            last = kept.pop()
            joined = f"{last.text} | {block.text}"
            block = Block(joined, last.kind, last.where, links=last.links + block.links, at=last.at)
        row = of
        kept.append(block)
    return kept, near.dropped(tree.blocks, dropped)


def _is_layout(tree: Tree, row: int) -> bool:
    """Whether a row of a table lays out a page: one of its cells holds paragraphs."""
    long: Counter[int] = Counter()
    for at in range(tree.elements[row].first, tree.ends[row]):
        run = tree.blocks[at]
        if len(run.text) >= PARAGRAPH_CHARS and tree.elements[run.owner].tag not in ("td", "th", "li"):
            long[nearest_of(tree.elements, run.owner, _CELLS, _KIND_REACH)] += 1
    return max(long.values(), default=0) > 1


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
