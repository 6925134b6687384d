"""What tells the headline among the candidates: numbers for each, in a fixed order, for the title model."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.head.site import Site, names_site
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.surroundings import ABSENT, Surroundings, hints_above
from broadsheet.html.title.candidates import PARTS, Candidate
from broadsheet.html.title.headings import Headings
from broadsheet.native.fields import fill, texts_of_sizes
from broadsheet.text.words import fold

_HEAD = ("og", "twitter", "title", "json-ld", "json-ld-name", "meta")
SOURCES = (
    "h1-0", "h1-1", "h1-2", "h1-part", *_HEAD, *(f"{name}-stripped" for name in _HEAD), "lead", "tail", "h2",
    "microdata", "named", "rule",
)  # fmt: skip
_COMPARED = ("og", "title", "json-ld")
_HINTS = ("title", "header", "nav", "related", "side", "card", "article", "content")
FEATURE_NAMES = (
    *(f"src_{name}" for name in SOURCES), "sources", "words", "chars", "h1s",
    *(f"like_{name}" for name in _COMPARED), *(f"within_{name}" for name in _COMPARED), "like_h1", "like_first_h1",
    "within_h1", "holds_h1", "has_og", "has_json-ld",
    "slug_found", "in_slug", "in_url", "slug_words",
    "names_site", "bar", "parts", "colon", "question", "stop", "cut", "digits", "upper", "said", "equals", "likest",
    "from_heading", "from_first", "block", "own_title", *(f"hint_{name}" for name in _HINTS), "linked", "depth",
)  # fmt: skip
_TITLE = BITS["title"]
_HINT_BITS = [BITS[name] for name in _HINTS]
_WORDS = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"\.\w+$")
_DIGIT = re.compile(r"\d")
SAID_WITHIN, SAID_CHARS = 400, 400


class _Text(NamedTuple):
    """A text to compare with: its folded words, as a string, that string between blanks, and as a set of `_Words`."""

    folded: str
    padded: str
    words: int


class _Words:
    """Sets of words as numbers: a bit for each word of the page that was met."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def held(self, words: Iterable[str]) -> int:
        """The set of these words."""
        bits, found = self._bits, 0
        for word in words:
            bit = bits.get(word)
            if bit is None:
                bit = bits[word] = 1 << len(bits)
            found |= bit
        return found

    def text(self, folded: str) -> _Text:
        """A folded text with its words."""
        return _Text(folded, f" {folded} ", self.held(folded.split()))


def title_rows(
    candidates: Sequence[Candidate],
    titles: Mapping[str, str],
    headings: Headings,
    site: Site,
    url: str | None,
    around: Surroundings,
) -> NDArray[np.float32]:
    """A row of `FEATURE_NAMES` for each candidate.

    `titles` are what the head states (`head_titles`); `around` is seen from the first h1.
    """
    known = _Words()
    head = {name: known.text(fold(titles[name])) for name in _COMPARED}
    h1s = [known.text(h1.folded) for h1 in headings.h1s]
    strong = [text for text in (*head.values(), *h1s[:1]) if text.folded]
    said = _said(candidates, around)
    path = (url or "").lower().split("?", maxsplit=1)[0]
    address = known.held(_WORDS.findall(path))
    slug = [word for word in _WORDS.findall(_ENDING.sub("", path.rstrip("/").rsplit("/", 1)[-1])) if not word.isdigit()]
    slugs = known.held(slug)
    rows: list[list[float]] = []
    for candidate in candidates:
        text = known.text(candidate.folded)
        rows.append([
            *[1.0 if source in candidate.sources else 0.0 for source in SOURCES],
            len(candidate.sources),
            candidate.folded.count(" ") + 1,
            len(candidate.text),
            len(h1s),
            *_compared(text, head, h1s),
            _held(slugs, text.words),
            _held(text.words, slugs),
            _held(text.words, address),
            len(slug),
            *_written(candidate.text, site),
            said[candidate.text.casefold()],
            *_agreement(text, strong),
            *_place(candidate.block, around, bool(h1s)),
        ])  # fmt: skip
    matrix = np.empty((len(rows), len(FEATURE_NAMES)), dtype=np.float32)
    fill(rows, matrix)
    return matrix


def _said(candidates: Sequence[Candidate], around: Surroundings) -> Counter[str]:
    """How often the page's first blocks say a candidate and nothing else, whatever the case of its letters."""
    sizes = {len(candidate.text.casefold()) for candidate in candidates}
    texts = texts_of_sizes(around.tree.blocks, SAID_WITHIN, sizes, True)
    return Counter([text.casefold() for text in texts if len(text) < SAID_CHARS])


def _compared(text: _Text, head: Mapping[str, _Text], h1s: Sequence[_Text]) -> list[float]:
    likest, within, holds = -1.0, False, False
    for h1 in h1s:
        likest = max(likest, _alike(text.words, h1.words))
        within = within or text.padded in h1.padded
        holds = holds or (len(h1.padded) > 2 and h1.padded in text.padded)
    return [
        *[_alike(text.words, other.words) for other in head.values()],
        *[1.0 if text.padded in other.padded else 0.0 for other in head.values()],
        likest,
        _alike(text.words, h1s[0].words) if h1s else -1.0,
        within,
        holds,
        bool(head["og"].folded),
        bool(head["json-ld"].folded),
    ]


def _written(text: str, site: Site) -> list[float]:
    return [
        names_site(text, site),
        "|" in text,
        PARTS.search(text) is not None,
        ":" in text,
        text.endswith("?"),
        text.endswith("."),
        text.endswith(("...", "…")),
        _DIGIT.search(text) is not None,
        text.isupper(),
    ]


def _agreement(text: _Text, strong: Sequence[_Text]) -> list[float]:
    """How many of the strong sources say the same, and how near the nearest other one is."""
    same, near = 0, 0.0
    for other in strong:
        if other.folded == text.folded:
            same += 1
        else:
            near = max(near, _alike(text.words, other.words))
    return [same, near]


def _place(at: int | None, around: Surroundings, has_h1: bool) -> list[float]:
    tree = around.tree
    if at is None or at >= len(tree.blocks):
        return [ABSENT, ABSENT, -1.0, *[-1.0] * (len(_HINTS) + 3)]
    block = tree.blocks[at]
    element, above = tree.elements[block.owner], hints_above(tree, at, 4)
    return [
        at - around.heading if has_h1 else ABSENT,
        at - around.first_prose,
        at,
        1.0 if element.hints & _TITLE else 0.0,
        *[1.0 if above & bit else 0.0 for bit in _HINT_BITS],
        block.linked / max(1, len(block.text)),
        element.depth,
    ]


def _alike(first: int, second: int) -> float:
    """How much of two sets of words is in both."""
    return (first & second).bit_count() / max(1, (first | second).bit_count())


def _held(first: int, second: int) -> float:
    """The share of the first's words that the second holds."""
    return (first & second).bit_count() / max(1, first.bit_count())
