"""One walk over a parsed HTML page: its text blocks, the tree of elements that holds them, and what its head says.

A block is a run of text with the same nearest block-level ancestor, cut at every block-level start and at two line
breaks in a row. Truth of single articles can be told by such blocks to 0.99 body F1, so nothing finer is needed.
The walk visits each node once; what only a few blocks need (addresses of links, sources of images) stays in the
parser's nodes and is read when asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import chain, islice
from operator import or_
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.blocks import guard
from broadsheet.blocks.hints import BITS, hint_masks, masks_of
from broadsheet.errors import PageError, Reason

MAX_NODES = 400_000
"""Elements and texts of a page. The largest of 2,500 real pages has 60,000; walking this many takes about 0.5 s."""

MAX_BLOCKS = 25_000
"""Ten times the largest real page's; judging this many takes about 0.6 s and 150 MB."""

MOST_NAMED = 2_000
"""Meta tags, links of the head, times and properties that are remembered, each. Real pages have under 300."""

_INLINE, _BLOCK, _SKIP, _BREAK, _LINK, _IMAGE, _SCRIPT, _META, _TITLE, _REL, _TIME, _VOID, _BASE = range(13)

_RUNNING = """abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math mi mn mo mrow msub
msup nobr q rb rp rt ruby s samp small span strike strong sub sup tt u var wbr tspan picture output"""
_UNREAD = """style noscript template svg iframe object embed canvas select datalist textarea audio video map noframes
frameset -comment !doctype"""
_ACTIONS: dict[str, int] = {
    **dict.fromkeys(_RUNNING.split(), _INLINE),
    **dict.fromkeys(_UNREAD.split(), _SKIP),
    **dict.fromkeys(("input", "source", "track", "area", "col", "param", "frame", "hr"), _VOID),
    "br": _BREAK,
    "a": _LINK,
    "img": _IMAGE,
    "amp-img": _IMAGE,
    "script": _SCRIPT,
    "meta": _META,
    "title": _TITLE,
    "link": _REL,
    "time": _TIME,
    "base": _BASE,
}
"""What the walk does at a tag; every other tag is block-level."""

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_FLOW_PARENTS = frozenset({"p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dd", "dt"})
"""Inside these an unknown element stands in running text and does not cut it."""

_OWNER_BITS = 21
_OWNER = (1 << _OWNER_BITS) - 1
_HIDDEN, _DIALOG, _AUTHOR, _META_BIT = BITS["hidden"], BITS["dialog"], BITS["author"], BITS["meta"]


try:
    from broadsheet.native import walk as native

    _NATIVE = native.usable(_ACTIONS, _FLOW_PARENTS)
except ImportError:
    _NATIVE = False
"""Whether the walk in C can read this parser's nodes."""


class Node(Protocol):
    """An element, read when asked for."""

    @property
    def attributes(self) -> dict[str, str | None]: ...

    def text(self, deep: bool = True) -> str: ...


class Time(NamedTuple):
    """A `time` element: its machine-readable value, and the block it stands in."""

    datetime: str | None
    block: int


class Prop(NamedTuple):
    """A microdata or RDFa property of the body: lower-case name, its `content`, `datetime` or `href`, and its block.

    `value` is None where the element's text is the value: then `element`'s text is to be read.
    """

    name: str
    value: str | None
    block: int
    element: Node


class Picture(NamedTuple):
    """An `img`: the block that follows it, the element that owns it, and itself: few are asked for their attributes."""

    block: int
    owner: int
    element: Node


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself: for the metadata rules. Everything as it stands, in document order.

    `metas` are (name, property or itemprop in lower case, content); `rels` are (rel in lower case, href, type).
    """

    title: str | None = None
    lang: str | None = None
    base: str | None = None
    canonical: str | None = None
    metas: tuple[tuple[str, str], ...] = ()
    rels: tuple[tuple[str, str, str], ...] = ()
    json_ld: tuple[str, ...] = ()
    times: tuple[Time, ...] = ()
    props: tuple[Prop, ...] = ()
    attributes: tuple[tuple[str, str | None], ...] = ()
    """The attributes of the html element."""
    named: Mapping[str, str] = field(init=False, default_factory=dict)
    """The first non-empty content of each meta name."""

    def __post_init__(self) -> None:
        named = {name: held for name, content in reversed(self.metas) if (held := content.strip())}
        object.__setattr__(self, "named", named)

    def meta(self, *names: str) -> str | None:
        """The first non-empty content among `names`, tried in the order given."""
        for name in names:
            found = self.named.get(name)
            if found is not None:
                return found
        return None


class Element(NamedTuple):
    """A block-level element. Inline elements are part of the one that holds them.

    `first` is the number of blocks before it; `names` is class, id, role and itemprop joined by blanks; `hints` their
    bit mask (`blocks.hints.BITS`).
    """

    tag: str
    parent: int
    depth: int
    first: int
    names: str
    hints: int


class Run(NamedTuple):
    """A block of text as the walk leaves it.

    `text` has its white space folded to single blanks, line breaks of `br` and of `pre` kept; `owner` is the index of
    its element; `linked` counts characters inside links; `links` are (index into `Tree.anchors`, text);
    `inline` is the bit mask of hints on the spans in it.
    """

    text: str
    owner: int
    linked: int
    links: tuple[tuple[int, str], ...]
    inline: int


# A row as it stands, made into one of these: what the classes do when called, without a Python call for each.
_element = partial(tuple.__new__, Element)
_run = partial(tuple.__new__, Run)


class ElementColumns(NamedTuple):
    """What `Tree.elements` says, in columns.

    The rows of `table` are tag, parent, depth, first, end, names and hints; tag and names are places in `tags` and
    `names`, where each is held once.
    """

    tags: list[str]
    names: list[str]
    table: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """A scanned page.

    `elements` and `blocks` are in document order, element 0 is the root. The blocks inside element e are
    `blocks[elements[e].first : ends[e]]`, always contiguous. `anchors` are the `a` elements, read by `href`.
    """

    head: Head
    elements: list[Element]
    ends: list[int]
    blocks: list[Run]
    anchors: Sequence[Node]
    pictures: list[Picture]
    parser: LexborHTMLParser
    code: frozenset[int] = frozenset()
    """The elements that hold a `code` element."""
    columns: ElementColumns | None = field(default=None, compare=False, repr=False)
    """The elements once more, where the walk has them at hand."""

    def href(self, anchor: int) -> str | None:
        """Where a link leads, as it stands in the page."""
        return self.anchors[anchor].attributes.get("href")

    def level(self, block: int) -> int | None:
        """1-6 where the block stands in a heading, itself or through its nearest three elements; else None."""
        e = self.blocks[block].owner
        for _ in range(3):
            found = _HEADINGS.get(self.elements[e].tag)
            if found is not None:
                return found
            e = self.elements[e].parent
        return None

    def path(self, element: int) -> str:
        """The tag path of an element, e.g. "body/main/article/p"."""
        tags = []
        while element > 0:
            tags.append(self.elements[element].tag)
            element = self.elements[element].parent
        return "/".join(reversed(tags))

    def ancestors(self, element: int) -> Iterator[int]:
        """The element itself and those around it, inside out, without the root."""
        while element > 0:
            yield element
            element = self.elements[element].parent


def scan(source: bytes | str) -> Tree:
    """Parse a page (UTF-8 bytes or text) and walk it once.

    Raises `PageError` (too-large) for what `guard.check` refuses and above `MAX_NODES` nodes or `MAX_BLOCKS` blocks.
    Any other input gives a tree, an empty one if need be.
    """
    data = source.encode("utf-8", "replace") if isinstance(source, str) else source
    guard.check(data)
    parser = LexborHTMLParser(data, scripting=True)
    if _NATIVE:
        with suppress(native.UnreadError):
            return _walked(parser)
    return _Walk(parser).tree()


class _Seen:
    """What is rare in a page and kept as it stands: what its head says, times, properties, images."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.metas: list[tuple[str, str]] = []
        self.rels: list[tuple[str, str, str]] = []
        self.json_ld: list[str] = []
        self.times: list[Time] = []
        self.props: list[Prop] = []
        self.title: str | None = None
        self.base: str | None = None
        self.canonical: str | None = None

    def head(self, root: Mapping[str, str | None]) -> Head:
        """All of it; `root` are the attributes of the html element."""
        return Head(
            title=self.title,
            lang=root.get("lang") or root.get("xml:lang"),
            base=self.base,
            canonical=self.canonical,
            metas=tuple(self.metas),
            rels=tuple(self.rels),
            json_ld=tuple(self.json_ld),
            times=tuple(self.times),
            props=tuple(self.props),
            attributes=tuple(root.items()),
        )

    def prop(self, node: Node, attributes: dict[str, str | None], block: int) -> None:
        """A property, where the element has one."""
        name = attributes.get("itemprop") or attributes.get("property")
        if name and len(self.props) < MOST_NAMED:
            value = attributes.get("content") or attributes.get("datetime") or attributes.get("href")
            self.props.append(Prop(name.lower(), value, block, node))

    def time(self, attributes: dict[str, str | None], block: int, node: Node) -> None:
        """A `time` element."""
        if len(self.times) < MOST_NAMED:
            self.times.append(Time(attributes.get("datetime"), block))
        if "itemprop" in attributes or "property" in attributes:
            self.prop(node, attributes, block)

    def headed(self, node: Node, action: int) -> None:
        """meta, link, title, base and JSON-LD: anywhere in the page, as browsers take them."""
        if action == _TITLE:
            if self.title is None:
                self.title = node.text(deep=True)
            return
        attributes = node.attributes
        get = attributes.get
        if action == _SCRIPT:
            if "ld+json" in (get("type") or ""):
                self.json_ld.append(node.text(deep=True))
        elif action == _META:
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            if name and len(self.metas) < MOST_NAMED:
                self.metas.append((name.strip().lower(), get("content") or ""))
        elif action == _REL:
            rel = (get("rel") or get("itemprop") or "").lower()
            href = get("href")
            if (
                href
                and rel not in ("stylesheet", "preload", "dns-prefetch", "preconnect")
                and len(self.rels) < MOST_NAMED
            ):
                self.rels.append((rel, href, get("type") or ""))
                if self.canonical is None and rel == "canonical":
                    self.canonical = href
        elif action == _BASE and self.base is None:
            self.base = get("href")

    @staticmethod
    def preformatted(raw: str) -> str:
        """The text of a `pre`: its lines without the blanks at their ends."""
        lines = [line.rstrip() for line in raw.replace("\x00", "\n").split("\n")]
        return "\n".join(lines).strip("\n")


def _walked(parser: LexborHTMLParser) -> Tree:
    """The tree by the walk in C. Raises its `UnreadError` where it meets what it does not know."""
    root, seen = parser.root, _Seen()
    walk = native.Walk(parser, seen, Picture, MOST_NAMED, _HIDDEN, _DIALOG, _META_BIT)
    if root is not None and not walk.walk(root, MAX_NODES):
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_NODES} elements and texts")
    if len(walk.texts) > MAX_BLOCKS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_BLOCKS} blocks of text")
    masks = masks_of(walk.names)
    table = walk.columns(masks)
    inline = [0] * len(walk.texts)
    for i, (bits, spans) in walk.marked.items():
        inline[i] = reduce(or_, masks_of(spans), bits)
    return Tree(
        head=seen.head(dict(root.attributes) if root is not None else {}),
        elements=walk.elements(Element, masks),
        ends=table[4].tolist(),
        blocks=walk.blocks(Run, inline),
        anchors=walk.anchors,
        pictures=seen.pictures,
        parser=parser,
        code=frozenset(walk.code),
        columns=ElementColumns(walk.tags, walk.names, table),
    )


class _Walk(_Seen):
    """The state of one walk; `place` tells for each element's address its owner and the link around it.

    Elements and blocks are kept as plain rows: what names hint at is looked up for all of them at once, at the end.
    """

    def __init__(self, parser: LexborHTMLParser) -> None:
        super().__init__()
        self.parser = parser
        self.rows: list[tuple[str, int, int, int, str]] = [("", 0, 0, 0, "")]
        self.bits: dict[int, int] = {}
        self.runs: list[tuple[str, int, int, tuple[tuple[int, str], ...]]] = []
        self.marked: dict[int, tuple[int, list[str]]] = {}
        self.anchors: list[LexborNode] = []
        self.root: dict[str, str | None] = {}
        self.place: dict[int, int] = {}
        self.parts: list[str] = []
        self.links: list[tuple[int, str]] = []
        self.spans: list[str] = []
        self.code: set[int] = set()
        self.cur = 0
        self.inline = 0

    def tree(self) -> Tree:
        root = self.parser.root
        if root is not None:
            self.root = dict(root.attributes)
            self.walk(root)
        masks = hint_masks([*[row[4] for row in self.rows], *chain.from_iterable([s for _, s in self.marked.values()])])
        elements, blocks = self.elements(masks), self.blocks(masks)
        return Tree(
            head=self.head(self.root),
            elements=elements,
            ends=_ends(elements, blocks),
            blocks=blocks,
            anchors=self.anchors,
            pictures=self.pictures,
            parser=self.parser,
            code=frozenset(self.code),
        )

    def elements(self, masks: Mapping[str, int]) -> list[Element]:
        tags, parents, depths, firsts, names = zip(*self.rows, strict=True)
        made = list(
            map(_element, zip(tags, parents, depths, firsts, names, map(masks.__getitem__, names), strict=True))
        )
        for e, bits in self.bits.items():
            made[e] = made[e]._replace(hints=made[e].hints | bits)
        return made

    def blocks(self, masks: Mapping[str, int]) -> list[Run]:
        inline = [0] * len(self.runs)
        for i, (bits, spans) in self.marked.items():
            inline[i] = reduce(or_, map(masks.__getitem__, spans), bits)
        return list(map(_run, zip(*zip(*self.runs, strict=True), inline, strict=True))) if inline else []

    def walk(self, root: LexborNode) -> None:
        """The one pass. Names are bound locally: this loop is most of the walk's cost."""
        place, parts, rows, runs = self.place, self.parts, self.rows, self.runs
        known, flush, actions = place.get, self.flush, _ACTIONS.get
        nodes = root.traverse(include_text=True)
        for node in islice(nodes, MAX_NODES):
            if node.is_text_node:
                if node.is_empty_text_node:
                    if parts:
                        parts.append(" ")
                    continue
                parent = node.parent
                at = known(parent.mem_id, -1) if parent is not None else -1
                if at < 0:
                    continue
                owner = at & _OWNER
                if owner != self.cur:
                    if parts:
                        flush()
                    self.cur = owner
                text = node.text_content or ""
                parts.append(text)
                if at > _OWNER:
                    self.links.append(((at >> _OWNER_BITS) - 1, text))
                continue
            tag = node.tag or ""
            parent = node.parent
            at = known(parent.mem_id, 0) if parent is not None else 0
            if at < 0:
                place[node.mem_id] = -1
                continue
            action = actions(tag, _BLOCK)
            if action == _BLOCK:
                owner = at & _OWNER
                if "-" in tag and rows[owner][0] in _FLOW_PARENTS:
                    place[node.mem_id] = at
                    continue
                if parts:
                    flush()
                here = self.cur = len(rows)
                place[node.mem_id] = here | (at & ~_OWNER)
                attributes = node.attributes
                if not attributes:
                    names = ""
                elif len(attributes) == 1 and "class" in attributes:
                    names = attributes["class"] or ""
                else:
                    names = self.names(node, attributes)
                rows.append((tag, owner, rows[owner][2] + 1, len(runs), names))
            elif action == _INLINE:
                place[node.mem_id] = at
                if tag == "span":
                    self.span(node)
                elif tag == "code":
                    self.code.add(at & _OWNER)
            elif action == _LINK:
                self.anchors.append(node)
                place[node.mem_id] = (at & _OWNER) | (len(self.anchors) << _OWNER_BITS)
            elif action == _SKIP:
                place[node.mem_id] = -1
            elif action == _BREAK:
                if parts:
                    self.line_break()
            else:
                self.other(node, tag, action, at)
        if next(nodes, None) is not None:
            raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_NODES} elements and texts")
        if parts:
            flush()
        if len(runs) > MAX_BLOCKS:
            raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_BLOCKS} blocks of text")

    def names(self, node: LexborNode, attributes: dict[str, str | None]) -> str:
        """Class, id, role and itemprop of an element about to be kept; notes what its other attributes say."""
        get = attributes.get
        names = get("class") or ""
        for key in ("id", "role"):
            value = get(key)
            if value:
                names = f"{names} {value}"
        if "itemprop" in attributes or "property" in attributes:
            self.prop(node, attributes, len(self.runs))
        style = get("style")
        bits = 0
        if "hidden" in attributes or get("aria-hidden") == "true" or (style and "none" in style and "display" in style):
            bits = _HIDDEN
        if get("role") in ("dialog", "alertdialog"):
            bits |= _DIALOG
        if bits:
            self.bits[self.cur] = bits
        return names

    def span(self, node: LexborNode) -> None:
        """A span's names count for the block around it: bylines and dates are often marked so."""
        attributes = node.attributes
        if not attributes:
            return
        names = attributes.get("class")
        if names:
            self.spans.append(names)
        if "itemprop" in attributes or "property" in attributes:
            self.prop(node, attributes, len(self.runs))

    def line_break(self) -> None:
        """One break is a line, two in a row with nothing between are a new block."""
        parts = self.parts
        for part in reversed(parts):
            if part == "\x00":
                self.flush()
                return
            if not part.isspace():
                break
        parts.append("\x00")

    def other(self, node: LexborNode, tag: str, action: int, at: int) -> None:
        """The rarer elements: images, times, and what belongs to the head wherever it stands."""
        if action == _IMAGE:
            self.pictures.append(Picture(len(self.runs) + bool(self.parts), at & _OWNER, node))
        elif action == _TIME:
            self.place[node.mem_id] = at
            self.inline |= _META_BIT
            self.time(node.attributes, len(self.runs), node)
        elif action == _VOID:
            if tag == "hr" and self.parts:
                self.flush()
        else:
            self.place[node.mem_id] = -1
            self.headed(node, action)

    def flush(self) -> None:
        """End the block: fold its white space; a block of nothing else is none."""
        parts = self.parts
        raw = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        if self.rows[self.cur][0] == "pre":
            text = self.preformatted(raw)
        elif "\x00" in raw:
            text = "\n".join([folded for line in raw.split("\x00") if (folded := " ".join(line.split()))])
        else:
            text = " ".join(raw.split())
        links = self.links
        if text and not text.isspace():
            if self.inline or self.spans:
                self.marked[len(self.runs)] = (self.inline, self.spans.copy())
            linked = sum([len(" ".join(t.split())) for _, t in links]) if links else 0
            self.runs.append((text, self.cur, linked, tuple(links)))
        if links:
            links.clear()
        if self.spans:
            self.spans.clear()
        self.inline = 0


def _ends(elements: list[Element], blocks: list[Run]) -> list[int]:
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
