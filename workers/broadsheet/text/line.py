"""A line of a dump and what its text tells of it, each fact found out once and only if it is asked for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from broadsheet.text.credits import Credited, part_credit
from broadsheet.text.furniture import LONGEST_CALL_WORDS, LONGEST_LINE, furniture_kind
from broadsheet.text.words import ends_sentence, fold, words_to
from broadsheet.values import Image, Kind, Link, Span

MANY_WORDS = 100
"""Above what any rule asks for: a story, a caption, a headline are told by fewer."""
PROSE_WORDS = 20
"""A line of so many words that ends as a sentence is prose."""
FOLDED_CHARS = 2_000
"""Longer lines equal each other by their text alone: headlines and captions, which come back otherwise, are shorter."""


class Mark(NamedTuple):
    """What a dump's own markup says of a line: what it is, its level if it is a heading, its links.

    `images` stand in it, or between it and the line before. `told` are fields of the story that it opens.
    """

    kind: Kind | None = None
    level: int | None = None
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    told: Mapping[str, tuple[str, ...]] = MappingProxyType({})


PLAIN = Mark()
"""Of a line without markup."""


class Line:
    """A line that holds text: tidied, with its number counted from 1, its span, and its place among those with text.

    `blank` is the number of blank lines before it, 0 for the first.
    """

    __slots__ = ("_credited", "_ends", "_furniture", "_key", "_words", "at", "blank", "mark", "number", "span", "text")

    def __init__(self, text: str, number: int, span: Span, at: int, blank: int = 0, mark: Mark = PLAIN) -> None:
        self.text = text
        self.number = number
        self.span = span
        self.at = at
        self.blank = blank
        self.mark = mark
        self._words = -1
        self._key: str | None = None
        self._ends: bool | None = None
        self._furniture: str | None = ""
        self._credited: Credited | None = None

    @property
    def where(self) -> str:
        """The place of the line in the page, as blocks name it."""
        return f"line {self.number}"

    @property
    def words(self) -> int:
        """The number of words; of a line that has more than `MANY_WORDS` so many or more."""
        if self._words < 0:
            self._words = words_to(self.text, MANY_WORDS)
        return self._words

    @property
    def key(self) -> str:
        """Equal for lines that differ in case and punctuation only."""
        if self._key is None:
            self._key = fold(self.text) if len(self.text) <= FOLDED_CHARS else self.text
        return self._key

    @property
    def ends(self) -> bool:
        """Whether the line ends as a sentence does."""
        if self._ends is None:
            self._ends = ends_sentence(self.text)
        return self._ends

    @property
    def prose(self) -> bool:
        """Whether the line is a sentence of some length."""
        return self.ends and len(self.text) >= PROSE_WORDS and self.words >= PROSE_WORDS

    @property
    def furniture(self) -> str | None:
        """Why the line is the page's furniture, if it is."""
        if self._furniture == "":
            wordy = len(self.text) <= LONGEST_LINE and self.words > LONGEST_CALL_WORDS
            self._furniture = None if wordy else furniture_kind(self.text)
        return self._furniture

    @property
    def credited(self) -> Credited:
        """The line as a caption: what it says, and who is named for the picture."""
        if self._credited is None:
            self._credited = part_credit(self.text)
        return self._credited
