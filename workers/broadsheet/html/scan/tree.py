"""One walk over a parsed HTML page: its text blocks, the tree of elements that holds them, and what its head says.

A block is a run of text with the same nearest block-level ancestor, cut at every block-level start and at two line
breaks in a row. Truth of single articles can be told by such blocks to 0.99 body F1, so nothing finer is needed.
The walk visits each node once; what only a few blocks need (addresses of links, sources of images) stays in the
parser's nodes and is read when asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import PageError, Reason
from broadsheet.html.scan import guard
from broadsheet.html.scan.hints import BITS, UNSEEN, masks_of
from broadsheet.native.around import nearest_of, tagged
from broadsheet.native.lexbor import Document
from broadsheet.native.walk import Walk
from broadsheet.text.tidy import tidy_lines
from broadsheet.text.words import ends_sentence

MAX_NODES = 400_000
"""Elements and texts of a page. The largest of 2,500 real pages has 60,000; walking this many takes about 0.5 s."""

MAX_BLOCKS = 25_000
"""Ten times the largest real page's; judging this many takes about 0.6 s and 150 MB."""

LONGEST_STATED = 5_000
"""Characters of a text or an address that a page's head or a marked element states. More than any field takes; an
address cut to it is longer than any that is taken, so it is refused and not changed."""
LONGEST_NAME = 200
"""Characters of the name of what is stated."""
LONGEST_SCRIPTS = 2_000_000
"""Characters of a page's JSON-LD, all scripts together; a script that is longer than the rest of them is left out."""
MOST_SCRIPTS = 1_000
"""Scripts of JSON-LD that are remembered. Real pages have under 50."""
MOST_PATH = 60
"""Tags of a path: real pages nest half as deep."""
MOST_NAMED = 2_000
"""Meta tags, links of the head, times and properties that are remembered, each. Real pages have under 300."""

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_WRITTEN = frozenset({"h2", "h3", "h4", "h5", "h6"})
HEADING_CHARS = 150
"""Characters of sentences above which a heading may be a paragraph."""
LONGEST_HEADING = 400
"""Characters of sentences above which it is one."""
WRITTEN_AS = "div"
WRITTEN_SO = 3
"""So many headings of one level that may be paragraphs are."""
_HIDDEN, _DIALOG, _META_BIT = BITS["hidden"], BITS["dialog"], BITS["meta"]


class Node(Protocol):
    """An element, read when asked for."""

    @property
    def attributes(self) -> dict[str, str | None]: ...

    def text(self, most: int = ...) -> str: ...


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
    """What a page says of itself: for the metadata rules, in document order.

    Every text is tidied line by line and cut (`entered`): what reads it meets nothing longer.

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

    def scripts(self, most: int) -> str:
        """The first `most` characters of the JSON-LD."""
        texts: list[str] = []
        for text in self.json_ld:
            texts.append(text[:most])
            most -= len(texts[-1])
            if not most:
                break
        return "".join(texts)

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
    bit mask (`html.scan.hints.BITS`).
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
    document: Document
    code: frozenset[int] = frozenset()
    """The elements that hold a `code` element."""
    columns: ElementColumns | None = field(default=None, compare=False, repr=False)
    """The elements once more, where the walk has them at hand."""

    def href(self, anchor: int) -> str | None:
        """Where a link leads, as it stands in the page."""
        return self.anchors[anchor].attributes.get("href")

    def level(self, block: int) -> int | None:
        """1-6 where the block stands in a heading, itself or through its nearest three elements; else None."""
        e = nearest_of(self.elements, self.blocks[block].owner, _HEADINGS, 3)
        return None if e < 0 else _HEADINGS[self.elements[e].tag]

    def path(self, element: int) -> str:
        """The tag path of an element, e.g. "body/main/article/p": its nearest `MOST_PATH` tags."""
        tags: list[str] = []
        while element > 0 and len(tags) < MOST_PATH:
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
    return _walked(Document(data))


def entered(text: str | None, most: int = LONGEST_STATED) -> str | None:
    """What a page states, as the rules take it: cut, then tidied line by line."""
    return None if text is None else tidy_lines(text.lstrip()[:most])


class _Seen:
    """What is rare in a page and kept as it stands: what its head says, times, properties, images."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.metas: list[tuple[str, str]] = []
        self.rels: list[tuple[str, str, str]] = []
        self.json_ld: list[str] = []
        self.room = LONGEST_SCRIPTS
        self.times: list[Time] = []
        self.props: list[Prop] = []
        self.title: str | None = None
        self.base: str | None = None
        self.canonical: str | None = None

    def head(self, root: Mapping[str, str | None]) -> Head:
        """All of it; `root` are the attributes of the html element."""
        return Head(
            title=self.title,
            lang=entered(root.get("lang") or root.get("xml:lang"), LONGEST_NAME),
            base=entered(self.base),
            canonical=entered(self.canonical),
            metas=tuple([(name[:LONGEST_NAME], entered(content) or "") for name, content in self.metas]),
            rels=tuple(
                [(rel[:LONGEST_NAME], entered(href) or "", kind[:LONGEST_NAME]) for rel, href, kind in self.rels]
            ),
            json_ld=tuple(self.json_ld),
            times=tuple(self.times),
            props=tuple(self.props),
            attributes=tuple((name, entered(value)) for name, value in root.items()),
        )

    def prop(self, node: Node, attributes: dict[str, str | None], block: int) -> None:
        """A property, where the element has one."""
        name = attributes.get("itemprop") or attributes.get("property")
        if name and len(self.props) < MOST_NAMED:
            value = attributes.get("content") or attributes.get("datetime") or attributes.get("href")
            self.props.append(Prop(name[:LONGEST_NAME].lower(), entered(value), block, node))

    def time(self, attributes: dict[str, str | None], block: int, node: Node) -> None:
        """A `time` element."""
        if len(self.times) < MOST_NAMED:
            self.times.append(Time(entered(attributes.get("datetime"), LONGEST_NAME), block))
        if "itemprop" in attributes or "property" in attributes:
            self.prop(node, attributes, block)

    def titled(self, node: Node) -> None:
        """A `title`: the first counts."""
        if self.title is None:
            self.title = entered(node.text())

    def based(self, attributes: dict[str, str | None]) -> None:
        """A `base`: the first that leads anywhere counts."""
        if self.base is None:
            self.base = attributes.get("href")

    def scripted(self, attributes: dict[str, str | None], node: Node) -> None:
        """A `script`, of which JSON-LD is kept."""
        if "ld+json" in (attributes.get("type") or "") and len(self.json_ld) < MOST_SCRIPTS:
            text = node.text(self.room)
            if len(text) <= self.room:
                self.room -= len(text)
                self.json_ld.append(text)


def _walked(document: Document) -> Tree:
    seen = _Seen()
    walk = Walk(document, seen, Picture, MOST_NAMED, _HIDDEN, _DIALOG, _META_BIT, UNSEEN)
    if not walk.walk(MAX_NODES):
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_NODES} elements and texts")
    if len(walk.texts) > MAX_BLOCKS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_BLOCKS} blocks of text")
    masks = masks_of(walk.names)
    table = walk.columns(masks)
    elements = walk.elements(Element, masks)
    ends: list[int] = table[4].tolist()
    written = written_headings(elements, ends, walk.texts, walk.tags)
    for e in written:
        elements[e] = elements[e]._replace(tag=WRITTEN_AS)
    inline = [0] * len(walk.texts)
    spans = iter(masks_of(list(chain.from_iterable(names for _, names in walk.marked.values()))))
    for i, (bits, names) in walk.marked.items():
        inline[i] = reduce(or_, islice(spans, len(names)), bits)
    return Tree(
        head=seen.head(document.attributes),
        elements=elements,
        ends=ends,
        blocks=walk.blocks(Run, inline),
        anchors=walk.anchors,
        pictures=seen.pictures,
        document=document,
        code=frozenset(walk.code),
        columns=None if written else ElementColumns(walk.tags, walk.names, table),
    )


def written_headings(elements: list[Element], ends: Sequence[int], texts: list[str], tags: Sequence[str]) -> list[int]:
    """The headings of a page that writes its text in them, which are paragraphs: those longer than any heading is, and
    of a level that says sentences again and again all that do.
    """
    found: list[int] = []
    for tag in _WRITTEN.intersection(tags):
        said = {e: _sentences(texts[elements[e].first : ends[e]]) for e in tagged(elements, tag)}
        many = sum([size >= HEADING_CHARS for size in said.values()]) >= WRITTEN_SO
        found += [e for e, size in said.items() if size >= LONGEST_HEADING or (many and size)]
    return found


def _sentences(texts: list[str]) -> int:
    """The characters of texts that end as sentences do."""
    return sum([len(text) for text in texts if ends_sentence(text)])
