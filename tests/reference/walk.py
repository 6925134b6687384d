"""The walk over a parsed page, by the parser's own interface, as `broadsheet.native.walk` makes it."""

from collections.abc import Iterable, Mapping
from functools import partial, reduce
from itertools import chain, islice
from operator import or_

from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.errors import PageError, Reason
from broadsheet.html.scan.hints import masks_of
from broadsheet.html.scan.tree import (
    _ACTIONS,
    _BLOCK,
    _BREAK,
    _DIALOG,
    _FLOW_PARENTS,
    _HIDDEN,
    _IMAGE,
    _INLINE,
    _LINK,
    _META_BIT,
    _SKIP,
    _TIME,
    _VOID,
    MAX_BLOCKS,
    MAX_NODES,
    Element,
    Picture,
    Run,
    Tree,
    _Seen,
)

_element = partial(tuple.__new__, Element)
_run = partial(tuple.__new__, Run)


def hint_masks(names: Iterable[str]) -> dict[str, int]:
    """The bit mask of each of `names`, which are asked for once however often they stand."""
    different = list(dict.fromkeys(names))
    return dict(zip(different, masks_of(different), strict=True))


_OWNER_BITS = 21


_OWNER = (1 << _OWNER_BITS) - 1


class Walk(_Seen):
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
