"""HTML pages of several stories, made by setting the story of one scanned page into the tree of another.

Trees are spliced after the scan: the model sees elements and blocks, and nothing is parsed twice. Headings of the
further stories are left, made h2 or made div, so that the model does not live by the h1.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.scores import lexicon
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Element, Picture, Run, Time, Tree
from broadsheet.native.branches import Page

_TOP = -1


@dataclass(frozen=True, slots=True)
class Story:
    """A scanned single page: which blocks are its true text (None for a page without a story), and its title."""

    id: str
    site: str
    set: str
    tree: Tree
    body: tuple[bool, ...]
    title: str


class Made(NamedTuple):
    """A page and the blocks at which its further stories start."""

    tree: Tree
    starts: tuple[int, ...]


def slim(tree: Tree) -> Tree:
    """The tree without the parser's nodes and the walk's columns: it can be pickled and spliced."""
    return replace(tree, anchors=[], columns=None, document=None, head=replace(tree.head, props=()))  # type: ignore[arg-type]


def _words(tree: Tree) -> NDArray[np.float64]:
    """The words of each block, as splitting counts them."""
    return Page(tree.blocks, element_arrays(tree, lexicon())).words


def container(story: Story, share: float) -> int:
    """The smallest element that holds this share of the true text's words; 0 where there is none."""
    words = _words(story.tree)
    sums = [0.0]
    for size, inside in zip(words, story.body, strict=True):
        sums.append(sums[-1] + size * inside)
    if not sums[-1]:
        return 0
    tree = story.tree
    return next(
        (
            e
            for e in range(len(tree.elements) - 1, 0, -1)
            if sums[tree.ends[e]] - sums[tree.elements[e].first] >= share * sums[-1]
        ),
        0,
    )


def subtree(tree: Tree, element: int) -> int:
    """One past the last element inside `element`."""
    depth = tree.elements[element].depth
    end = element + 1
    while end < len(tree.elements) and tree.elements[end].depth > depth:
        end += 1
    return end


def shortened(story: Story, words: float) -> Story:
    """The story cut to about so many words of its true text: the page sets hold hardly any short news."""
    sizes = _words(story.tree)
    kept, held = [], 0.0
    for size, inside in zip(sizes.tolist(), story.body, strict=True):
        kept.append(not inside or held < words)
        held += size * inside
    body = tuple(inside for inside, stays in zip(story.body, kept, strict=True) if stays)
    return replace(story, tree=_thinned(story.tree, kept), body=body)


def _thinned(tree: Tree, kept: Sequence[bool]) -> Tree:
    """The tree without some of its blocks; their elements stay, empty."""
    place = [0]
    for stays in kept:
        place.append(place[-1] + stays)
    blocks = [run for run, stays in zip(tree.blocks, kept, strict=True) if stays]
    elements = [element._replace(first=place[element.first]) for element in tree.elements]
    times = tuple(time._replace(block=place[min(time.block, len(kept))]) for time in tree.head.times)
    return replace(
        tree,
        elements=elements,
        blocks=blocks,
        ends=block_ends(elements, blocks),
        pictures=[picture._replace(block=place[min(picture.block, len(kept))]) for picture in tree.pictures],
        head=replace(tree.head, times=times),
    )


def mixed(host: Story, guests: Sequence[Story], rng: random.Random) -> Made | None:
    """The host's page with the guests' stories behind its own, one after the other."""
    at = container(host, 0.9)
    if not at:
        return None
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        parent = host.tree.elements[at].parent
        if parent and host.tree.elements[parent].tag not in ("body", "html"):
            at = parent
    tree, starts = host.tree, []
    style = _Style(rng, host, at)
    for guest in guests:
        set_in = _insert(tree, at, guest, style, rng)
        if set_in is None:
            continue
        tree, at, start = set_in
        starts.append(start)
    return Made(tree, tuple(starts)) if starts else None


class _Style:
    """How one page's further stories are wrapped: alike, as one scroll would give them, or each its own way."""

    def __init__(self, rng: random.Random, host: Story, at: int) -> None:
        self.rng = rng
        self.steady = rng.random() < 0.5
        element = host.tree.elements[at]
        self.host = Element(element.tag, _TOP, 0, 0, element.names, element.hints)
        self.first = self._draw()

    def draw(self) -> tuple[str, Element | None]:
        """The tag of a story's heading, and its wrapper; None where it stands among the host's own elements."""
        return self.first if self.steady else self._draw()

    def _draw(self) -> tuple[str, Element | None]:
        heading = self.rng.choices(("h1", "h2", "div"), (60, 25, 15))[0]
        tag = self.rng.choice(("article", "section", "div", "main", "article", "", "", "", "host", "host", "host"))
        if tag == "host":
            return heading, self.host
        return heading, Element(tag, _TOP, 0, 0, "", 0) if tag else None


def _insert(tree: Tree, at: int, guest: Story, style: _Style, rng: random.Random) -> tuple[Tree, int, int] | None:
    """The tree with the guest's story after element `at`; the wrapper's index and its first block."""
    root = container(guest, 0.85)
    if not root:
        return None
    words = _words(guest.tree)
    true = sum(size for size, inside in zip(words, guest.body, strict=True) if inside)
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        parent = guest.tree.elements[root].parent
        held = guest.tree.elements[parent]
        if (
            parent
            and held.tag not in ("body", "html")
            and sum(words[held.first : guest.tree.ends[parent]]) < 2.0 * true
        ):
            root = parent
    return _spliced(tree, at, _story(guest, root, *style.draw()))


class _Part(NamedTuple):
    """Elements and blocks to be set in, counted from the first; a parent of `_TOP` is the place they are set into."""

    elements: list[Element]
    blocks: list[Run]
    pictures: list[Picture]
    times: list[Time]


def _story(guest: Story, root: int, heading: str, wrapper: Element | None) -> _Part:
    """A guest's elements and blocks under a heading, in a wrapper or not."""
    source = guest.tree
    low, high = source.elements[root].first, source.ends[root]
    inside = range(root, subtree(source, root))
    elements = [wrapper] if wrapper else []
    top = 0 if wrapper else _TOP
    blocks: list[Run] = []
    if guest.title and not any(source.elements[e].tag == "h1" for e in inside):
        blocks.append(Run(guest.title, len(elements), 0, (), 0))
        elements.append(Element(heading, top, top + 1, 0, "", 0))
    shift, lead = len(elements) - root, len(blocks)
    fall = source.elements[root].depth - top - 1
    for e in inside:
        own = source.elements[e]
        tag = heading if own.tag == "h1" else own.tag
        parent = own.parent + shift if e > root else top
        elements.append(Element(tag, parent, own.depth - fall, own.first - low + lead, own.names, own.hints))
    blocks += [run._replace(owner=run.owner + shift) for run in source.blocks[low:high]]
    pictures = [Picture(p.block - low + lead, p.owner + shift, p.element) for p in source.pictures if p.owner in inside]
    times = [Time(t.datetime, t.block - low + lead) for t in source.head.times if low <= t.block < high]
    return _Part(elements, blocks, pictures, times)


def _spliced(tree: Tree, at: int, part: _Part) -> tuple[Tree, int, int]:
    """The tree with the part behind element `at`; the part's last upper element, and its first block."""
    place, block = subtree(tree, at), tree.ends[at]
    parent, depth = tree.elements[at].parent, tree.elements[at].depth
    more, added = len(part.elements), len(part.blocks)
    moved = [
        e if i < place else e._replace(parent=e.parent + more if e.parent >= place else e.parent, first=e.first + added)
        for i, e in enumerate(tree.elements)
    ]
    set_in = [
        e._replace(
            parent=parent if e.parent == _TOP else e.parent + place, depth=e.depth + depth, first=e.first + block
        )
        for e in part.elements
    ]
    own = [run._replace(owner=run.owner + more) if run.owner >= place else run for run in tree.blocks]
    runs = [*own[:block], *(run._replace(owner=run.owner + place) for run in part.blocks), *own[block:]]
    every = [*moved[:place], *set_in, *moved[place:]]
    shown = [p._replace(block=p.block + added) if p.block >= block else p for p in tree.pictures]
    shown += [p._replace(block=p.block + block, owner=p.owner + place) for p in part.pictures]
    stamped = [t._replace(block=t.block + added) if t.block >= block else t for t in tree.head.times]
    stamped += [t._replace(block=t.block + block) for t in part.times]
    grown = replace(
        tree,
        elements=every,
        blocks=runs,
        ends=block_ends(every, runs),
        pictures=shown,
        head=replace(tree.head, times=tuple(stamped)),
    )
    last = max(i for i, e in enumerate(part.elements) if e.parent == _TOP)
    return grown, place + last, block


def block_ends(elements: list[Element], blocks: list[Run]) -> list[int]:
    """For each element the number of blocks up to its end: children first, so from the last element backwards."""
    parents = [e.parent for e in elements]
    ends = [e.first for e in elements]
    for i, block in enumerate(blocks, 1):
        ends[block.owner] = i
    for e in range(len(elements) - 1, 0, -1):
        end, parent = ends[e], parents[e]
        if end > ends[parent]:  # noqa: PLR1730 (half the cost of max)
            ends[parent] = end
    return ends
