"""The walk over a parsed page, by the parser's own interface, as `broadsheet.native.walk` makes it."""

from collections.abc import Iterable, Mapping
from functools import partial, reduce
from itertools import chain
from operator import or_
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode
from training.tree_mix import block_ends

from broadsheet.html.scan.hints import UNSEEN, masks_of
from broadsheet.html.scan.tree import (
    _DIALOG,
    _HIDDEN,
    _META_BIT,
    MOST_NAMED,
    Element,
    Picture,
    Run,
    Tree,
    _Seen,
    written_headings,
)
from broadsheet.native.lexbor import Document

_RUNNING = """abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math mi mn mo mrow msub
msup nobr q rb ruby s samp small span strike strong sub sup tt u var wbr tspan picture output"""
_UNREAD = """style noscript template svg iframe object embed canvas select datalist textarea audio video map noframes
frameset rp rt rtc -comment !doctype"""
_VOID = "input source track area col param frame hr"
_FLOW = "p li td th h1 h2 h3 h4 h5 h6 figcaption dd dt"
RUNNING, UNREAD, VOID, FLOW = (frozenset(names.split()) for names in (_RUNNING, _UNREAD, _VOID, _FLOW))
PIECES = frozenset(["span", "b", "strong", "em", "i", "font", "small", "big", "label", "u"])
HEAD = ("script", "meta", "title", "link", "base")

_element = partial(tuple.__new__, Element)
_run = partial(tuple.__new__, Run)


def hint_masks(names: Iterable[str]) -> dict[str, int]:
    """The bit mask of each of `names`, which are asked for once however often they stand."""
    different = list(dict.fromkeys(names))
    return dict(zip(different, masks_of(different), strict=True))


_OWNER_BITS = 21


_HIDING_STYLES = ("display:none", "clip:rect(0", "clip:rect(1px", "clip-path:inset(50%", "left:-999")
_HIDING_PARTS = """visually-hidden visuallyhidden hiddenvisually hidden-visually screen-reader screenreader sr-only
show-for-sr element-invisible assistive-text tooltiptext tooltip-text"""
_HIDING_WORDS = frozenset(["hidden", "d-none", "is-hidden", "hide-text", "u-hidden"])
_LOOK = 400


def _lowered(text: str) -> str:
    cut = text.encode("utf-8", "replace")[:_LOOK].decode("utf-8", "ignore")
    return "".join([chr(ord(c) + 32) if "A" <= c <= "Z" else " " if c <= " " else c for c in cut])


def hiding_style(style: str | None) -> bool:
    """Whether a style keeps an element from sight."""
    text = _lowered(style or "").replace(" ", "")
    return any(part in text for part in _HIDING_STYLES)


def hiding_class(names: str | None) -> bool:
    """Whether a class that many sites share does so."""
    text = _lowered(names or "")
    if any(part in text for part in _HIDING_PARTS.split()):
        return "not-sr-only" not in text
    words = text.split(" ")
    shown = ":" in text or "visible" in text or any(w.startswith("d-") and len(w) > 6 for w in words)
    return not shown and not _HIDING_WORDS.isdisjoint(words)


def unseen(attributes: Mapping[str, str | None]) -> bool:
    """Whether the page keeps an element from sight that is no note and no formula."""
    names = attributes.get("class") or ""
    if "note" in names or "math" in names:
        return False
    told = "hidden" in attributes or attributes.get("role") == "tooltip"
    return told or hiding_class(names) or hiding_style(attributes.get("style"))


def run_together(before: str, after: str) -> bool:
    """Whether a text would run together with one before it."""
    old, new = before.encode("utf-8", "replace"), after.encode("utf-8", "replace")
    if len(old) < 2 or not new or old[-2] <= 32:
        return False
    if new[:1].isdigit():
        return old[-1:].islower()
    if len(new) < 2:
        return False
    if old[-1:] in b".!?":
        return new[:1].isupper()
    return old[-1:].islower() and new[:1].isupper()


_OWNER = (1 << _OWNER_BITS) - 1


class _Read:
    """A node of selectolax where one of ours is read: asked for so many characters, its text is all of it."""

    def __init__(self, node: LexborNode) -> None:
        self.attributes = node.attributes
        self._node = node

    def text(self, most: int = 0) -> str:
        return self._node.text(deep=True)


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
        self.anchors: list[Any] = []
        self.root: dict[str, str | None] = {}
        self.place: dict[int, int] = {}
        self.parts: list[str] = []
        self.links: list[tuple[int, str]] = []
        self.spans: list[str] = []
        self.code: set[int] = set()
        self.cur = 0
        self.inline = 0
        self.last: Any = None

    def apart(self, parent: Any, text: str) -> bool:
        """Whether a text and the open block's last are pieces side by side that would run together."""
        last = self.last
        if last is None or parent.mem_id == last.mem_id or not {parent.tag, last.tag} <= PIECES:
            return False
        if parent.parent is None or last.parent is None or parent.parent.mem_id != last.parent.mem_id:
            return False
        return run_together("".join(self.parts), text)

    def tree(self) -> Tree:
        root = self.parser.root
        if root is not None:
            self.root = dict(root.attributes)
            self.walk(root)
        masks = hint_masks([*[row[4] for row in self.rows], *chain.from_iterable([s for _, s in self.marked.values()])])
        elements, blocks = self.elements(masks), self.blocks(masks)
        ends = block_ends(elements, blocks)
        for e in written_headings(elements, ends, [run.text for run in blocks], [row[0] for row in self.rows]):
            elements[e] = elements[e]._replace(tag="div")
        return Tree(
            head=self.head(self.root),
            elements=elements,
            ends=ends,
            blocks=blocks,
            anchors=self.anchors,
            pictures=self.pictures,
            document=Document(b""),
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
        known, flush = place.get, self.flush
        nodes = root.traverse(include_text=True)
        for node in nodes:
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
                if parts and self.apart(parent, text):
                    parts.append(" ")
                self.last = parent
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
            if tag in RUNNING:
                place[node.mem_id] = at
                if tag == "span":
                    if not self.span(node):
                        place[node.mem_id] = -1
                elif tag == "code":
                    self.code.add(at & _OWNER)
            elif tag == "a":
                self.anchors.append(_Read(node))
                place[node.mem_id] = (at & _OWNER) | (len(self.anchors) << _OWNER_BITS)
            elif tag in UNREAD:
                place[node.mem_id] = -1
            elif tag == "br":
                if parts:
                    self.line_break()
            elif tag in VOID:
                if tag == "hr" and parts:
                    flush()
            elif tag in ("img", "amp-img"):
                self.pictures.append(Picture(len(runs) + bool(parts), at & _OWNER, _Read(node)))
            elif tag == "time":
                place[node.mem_id] = at
                self.inline |= _META_BIT
                self.time(node.attributes, len(runs), _Read(node))
            elif tag in HEAD:
                place[node.mem_id] = -1
                self.headed(node, tag)
            else:
                owner = at & _OWNER
                if "-" in tag and rows[owner][0] in FLOW:
                    place[node.mem_id] = at
                    continue
                if parts:
                    flush()
                here = self.cur = len(rows)
                place[node.mem_id] = here | (at & ~_OWNER)
                attributes = node.attributes
                names = self.names(node, attributes) if attributes else ""
                rows.append((tag, owner, rows[owner][2] + 1, len(runs), names))
        if parts:
            flush()

    def names(self, node: LexborNode, attributes: dict[str, str | None]) -> str:
        """Class, id, role and itemprop of an element about to be kept; notes what its other attributes say."""
        get = attributes.get
        names = get("class") or ""
        for key in ("id", "role"):
            value = get(key)
            if value:
                names = f"{names} {value}"
        if "itemprop" in attributes or "property" in attributes:
            self.prop(_Read(node), attributes, len(self.runs))
        style = get("style")
        bits = 0
        if "hidden" in attributes or get("aria-hidden") == "true" or (style and "none" in style and "display" in style):
            bits = _HIDDEN
        if get("role") in ("dialog", "alertdialog"):
            bits |= _DIALOG
        if unseen(attributes):
            bits |= UNSEEN
        if bits:
            self.bits[self.cur] = bits
        return names

    def span(self, node: LexborNode) -> bool:
        """A span's names count for the block around it: bylines and dates are often marked so. False where it is not
        to be seen.
        """
        attributes = node.attributes
        if not attributes:
            return True
        names = attributes.get("class")
        if unseen(attributes):
            return False
        if names:
            self.spans.append(names)
        if "itemprop" in attributes or "property" in attributes:
            self.prop(_Read(node), attributes, len(self.runs))
        return True

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

    def headed(self, node: LexborNode, tag: str) -> None:
        """What belongs to the head, wherever it stands."""
        get = node.attributes.get
        if tag == "title":
            self.titled(_Read(node))
        elif tag == "base":
            self.based(node.attributes)
        elif tag == "script":
            self.scripted(node.attributes, _Read(node))
        elif tag == "meta":
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            if name and len(self.metas) < MOST_NAMED:
                self.metas.append((name.strip().lower(), get("content") or ""))
        else:
            rel, href = (get("rel") or get("itemprop") or "").lower(), get("href")
            unread = rel in ("stylesheet", "preload", "dns-prefetch", "preconnect")
            if href and not unread and len(self.rels) < MOST_NAMED:
                self.rels.append((rel, href, get("type") or ""))
                if self.canonical is None and rel == "canonical":
                    self.canonical = href

    @staticmethod
    def preformatted(raw: str) -> str:
        """The text of a `pre`: its lines without the blanks at their ends."""
        return "\n".join([line.rstrip() for line in raw.replace("\x00", "\n").split("\n")]).strip("\n")

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
