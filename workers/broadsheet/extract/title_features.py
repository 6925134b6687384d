"""What tells the headline among the candidates: numbers for each, in a fixed order, for the title model."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import BITS
from broadsheet.clean.words import fold
from broadsheet.extract.metadata_title import Site, names_site
from broadsheet.extract.surroundings import ABSENT, Surroundings, hints_above
from broadsheet.extract.title_candidates import PARTS, Candidate
from broadsheet.extract.title_headings import Headings

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
SAID_WITHIN = 400


class _Text(NamedTuple):
    """A text to compare with: its folded words, as a string, that string between blanks, and as a set."""

    folded: str
    padded: str
    words: set[str]

    @classmethod
    def of(cls, folded: str) -> "_Text":
        return cls(folded, f" {folded} ", set(folded.split()))


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
    head = {name: _Text.of(fold(titles[name])) for name in _COMPARED}
    h1s = [_Text.of(h1.folded) for h1 in headings.h1s]
    strong = [text for text in (*head.values(), *h1s[:1]) if text.folded]
    said = Counter([block.text.casefold() for block in around.tree.blocks[:SAID_WITHIN] if len(block.text) < 400])
    path = (url or "").lower().split("?", maxsplit=1)[0]
    address = set(_WORDS.findall(path))
    slug = [word for word in _WORDS.findall(_ENDING.sub("", path.rstrip("/").rsplit("/", 1)[-1])) if not word.isdigit()]
    rows: list[list[float]] = []
    for candidate in candidates:
        text = _Text.of(candidate.folded)
        rows.append([
            *[1.0 if source in candidate.sources else 0.0 for source in SOURCES],
            len(candidate.sources),
            candidate.folded.count(" ") + 1,
            len(candidate.text),
            len(h1s),
            *_compared(text, head, h1s),
            _held(set(slug), text.words),
            _held(text.words, set(slug)),
            _held(text.words, address),
            len(slug),
            *_written(candidate.text, site),
            said[candidate.text.casefold()],
            *_agreement(text, strong),
            *_place(candidate.block, around, bool(h1s)),
        ])  # fmt: skip
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURE_NAMES))


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


def _alike(first: set[str], second: set[str]) -> float:
    """How much of two sets of words is in both."""
    both = len(first & second)
    return both / max(1, len(first) + len(second) - both)


def _held(first: set[str], second: set[str]) -> float:
    """The share of the first's words that the second holds."""
    return len(first & second) / max(1, len(first))
