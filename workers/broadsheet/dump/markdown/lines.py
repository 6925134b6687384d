"""Markdown into lines: the parser's events, each block a line of text without its marks, and what the marks said.

The parser is pulldown-cmark (linear in the text), by its Python wheel. Crawlers' Markdown is broken in known ways:
a link around a whole card opens in one block and ends in another, and stars that close nothing stay. These leftovers
are taken away, as no reader was to see them.
"""

import re
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import pyromark

from broadsheet.dump.lines import hold_lines
from broadsheet.dump.markdown.front_matter import FrontMatter, take_front_matter
from broadsheet.dump.told import Told
from broadsheet.dump.wrapped import unwrap
from broadsheet.text.line import Line, Mark
from broadsheet.text.tidy import tidy
from broadsheet.values import Image, Kind, Link, Span

MOST_EVENTS = 600_000
"""A text of more is read as plain: a page of 100 kB has 10,000, and so many take a second."""
MOST_CHARS = 4_000_000
LONGEST_URL = 2_048
MOST_LINKS = 200
"""Of one line."""
CELL_END = "\x1f"
"""Ends a cell of a row: a sign that no text has once it is tidied."""

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TASKLISTS
_LOOSE_END = re.compile(
    r"\]\(([^()\s]{0,2048}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?:\s{1,4}[\"'][^\"'\n]{0,300}[\"'])?\s{0,4}\)"
)
_LOOSE_START = re.compile(r"!?\[(?![^\[\]]*\])")
_STARS = re.compile(r"\*{2,}|(?<![^\W_])_{2,}|_{2,}(?![^\W_])|~~")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LEVELS = {f"H{level}": level for level in range(1, 7)}
_PARTS = frozenset(
    {"Paragraph", "Heading", "Item", "TableHead", "TableRow", "CodeBlock", "BlockQuote", "List", "Table"}
)
"""What ends the line that was being written when it begins, and when it ends."""


class TooManyMarksError(ValueError):
    """The text has more marks than are read; it is read as plain."""


def read_markdown(text: str) -> list[Line]:
    """Every block of `text` that shows something, in order.

    Raises `TooManyMarksError`, and `PageError` (too-large) above `MAX_LINES`.
    """
    if len(text) > MOST_CHARS:
        raise TooManyMarksError
    written, fronts = take_front_matter(text)
    whole = unwrap(written)
    reading = _Reading(text, whole, fronts)
    for count, (event, place) in enumerate(pyromark.events_with_range(whole, options=_OPTIONS)):
        if count > MOST_EVENTS:
            raise TooManyMarksError
        reading.take(event, place["start"], place["end"])
    return reading.finish()


class _Open(NamedTuple):
    """A link or an image that has begun: its address, and how many pieces of text there were."""

    url: str
    pieces: int


class _Places:
    """Bytes of the parsed text into characters and lines of the page's, asked for in ascending order."""

    def __init__(self, text: str, whole: str) -> None:
        self._text = text
        self._data = whole.encode()
        self._byte = self.char = self.line = 0

    def move(self, byte: int) -> int:
        """Go on to `byte`, and say how many lines ended on the way; a place that was passed already stays."""
        if byte <= self._byte:
            return 0
        before = self.char
        self.char += len(self._data[self._byte : byte].decode("utf-8", "ignore"))
        ended = self._text.count("\n", before, self.char)
        self._byte, self.line = byte, self.line + ended
        return ended


class _Reading:
    """The line that is being written, and what it stands in."""

    def __init__(self, text: str, whole: str, fronts: list[FrontMatter]) -> None:
        self._places = _Places(text, whole)
        self._fronts = deque(fronts)
        self._lines: list[Line] = []
        self._quotes = self._items = 0
        self._fresh_item = False
        self._kind: Kind | None = None
        self._level: int | None = None
        self._fenced = False
        self._images: list[Image] = []
        self._open: list[_Open] = []
        self._stressed = 0
        self._pieces: list[str] = []
        self._links: list[Link] = []
        self._first: int | None = None
        self._last = 0
        self._plain = False

    def take(self, event: Any, start: int, end: int) -> None:
        """One event of the parser."""
        if isinstance(event, str):
            self._take_mark(event, start, end)
            return
        ((name, value),) = event.items()
        if name == "Start":
            self._start(*_named(value), start)
        elif name == "End":
            self._end(_named(value)[0], end)
        else:
            self._take_text(name, value, start, end)

    def finish(self) -> list[Line]:
        """All lines; what was left open ends here."""
        self._flush()
        return self._lines

    def _take_mark(self, event: str, start: int, end: int) -> None:
        if event in ("SoftBreak", "HardBreak"):
            if self._kind in (Kind.HEADING, Kind.TABLE_ROW):
                self._write(" ", start, end)
            else:
                self._flush()
        elif event == "Rule":
            self._flush()

    def _take_text(self, name: str, value: Any, start: int, end: int) -> None:
        if name in ("Html", "InlineHtml"):
            self._html(str(value), start, end)
        elif name in ("Text", "Code"):
            self._write(str(value), start, end)

    def _html(self, value: str, start: int, end: int) -> None:
        if value[:3].lower() == "<br":
            self._flush()
        for line in _TAG.sub(" ", value).splitlines() if len(value) > 3 else ():
            if line.strip():
                self._write(line, start, end)

    def _start(self, name: str, value: Any, start: int) -> None:
        if name in _PARTS:
            self._flush()
        if name == "Heading":
            self._kind, self._level = Kind.HEADING, _LEVELS[value["level"]]
        elif name in ("TableHead", "TableRow"):
            self._kind = Kind.TABLE_ROW
        elif name == "CodeBlock":
            self._kind, self._fenced = Kind.CODE, isinstance(value, Mapping)
        elif name == "BlockQuote":
            self._quotes += 1
        elif name == "Item":
            self._items, self._fresh_item = self._items + 1, True
        elif name in ("Link", "Image"):
            self._touch(start)
            self._open.append(_Open(value["dest_url"][:LONGEST_URL], len(self._pieces)))
        elif name in ("Emphasis", "Strong"):
            self._stressed += 1

    def _end(self, name: str, end: int) -> None:
        if name in _PARTS:
            self._flush()
        if name in ("Heading", "TableHead", "TableRow", "CodeBlock"):
            self._kind = self._level = None
        elif name == "TableCell":
            self._pieces.append(CELL_END)
        elif name == "BlockQuote":
            self._quotes -= 1
        elif name == "Item":
            self._items, self._fresh_item = self._items - 1, False
        elif name in ("Link", "Image") and self._open:
            self._close(name, self._open.pop(), end)
        elif name in ("Emphasis", "Strong"):
            self._stressed -= 1

    def _close(self, name: str, opened: _Open, end: int) -> None:
        shown = tidy("".join(self._pieces[opened.pieces :]))
        self._last = max(self._last, end)
        if name == "Image":
            del self._pieces[opened.pieces :]
            self._images.append(Image(url=opened.url or None, alt=shown or None))
        elif shown and opened.url and len(self._links) < MOST_LINKS:
            self._links.append(Link(opened.url, shown))

    def _touch(self, start: int) -> None:
        if self._first is None:
            self._first = start

    def _write(self, text: str, start: int, end: int) -> None:
        self._touch(start)
        self._last = max(self._last, end)
        self._pieces.append(text)
        self._plain = self._plain or (not self._stressed and bool(text.strip()))

    def _flush(self) -> None:
        """End the line that is being written, if it shows anything."""
        first, text = self._first, tidy(self._shown())
        if first is not None and text:
            blank = self._places.move(first) - 1
            number, start = self._places.line + 1, self._places.char
            self._places.move(self._last)
            hold_lines(len(self._lines))
            told = self._told_above(start)
            span, at = Span(start, self._places.char), len(self._lines)
            self._lines.append(Line(text, number, span, at, max(0, blank) if at else 0, self._mark(told)))
            self._images = []
            self._fresh_item = False
        self._begin_line()

    def _begin_line(self) -> None:
        self._pieces, self._links = [], []
        self._first, self._last, self._plain = None, 0, False

    def _shown(self) -> str:
        """The line's text, without the leftovers of marks that close nothing."""
        text = "".join(self._pieces)
        if self._kind is Kind.CODE:
            return text
        if self._kind is Kind.TABLE_ROW:
            return " | ".join(filter(None, (tidy(cell) for cell in text.split(CELL_END))))
        for url in _LOOSE_END.findall(text):
            if url and len(self._links) < MOST_LINKS:
                self._links.append(Link(url, ""))
        text = _LOOSE_END.sub(" ", text)
        return _LOOSE_START.sub("", _STARS.sub("", text)) if "[" in text or "*" in text or "_" in text else text

    def _told_above(self, start: int) -> Told:
        """What front matter just above the line tells."""
        told: Told = {}
        while self._fronts and self._fronts[0].end <= start:
            told = self._fronts.popleft().told
        return told

    def _mark(self, told: Told) -> Mark:
        kind = self._kind
        if kind is None and self._images and not self._plain:
            kind = Kind.CAPTION
        if kind is None and self._quotes:
            kind = Kind.QUOTE
        if kind is None and self._fresh_item:
            kind = Kind.LIST_ITEM
        return Mark(kind, self._level, tuple(self._links), tuple(self._images), told)


def _named(value: Any) -> tuple[str, Any]:
    """An event's name, and what it says besides."""
    if isinstance(value, str):
        return value, None
    ((name, said),) = value.items()
    return name, said
