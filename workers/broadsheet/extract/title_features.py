"""What tells the headline among the candidates: numbers for each, in a fixed order, for the title model."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import BITS
from broadsheet.blocks.tree import Tree
from broadsheet.clean.words import folded_words
from broadsheet.extract.metadata_jsonld import Described
from broadsheet.extract.metadata_title import Site, headings, names_site
from broadsheet.extract.surroundings import ABSENT, Surroundings, hints_above
from broadsheet.extract.title_candidates import PARTS, Candidate, head_titles

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
_WORDS = re.compile(r"[^\W_]+")
SAID_WITHIN = 400

Words = list[str]


def title_rows(
    candidates: Sequence[Candidate], tree: Tree, described: Described, site: Site, url: str | None
) -> NDArray[np.float32]:
    """A row of `FEATURE_NAMES` for each candidate."""
    titles = {name: folded_words(text) for name, text in head_titles(tree, described).items()}
    h1s = headings(tree)
    h1_words = [folded_words(text) for _, text in h1s]
    around = Surroundings.of(tree, h1s[0][0] if h1s else None)
    said = Counter(block.text.casefold() for block in tree.blocks[:SAID_WITHIN] if len(block.text) < 400)
    rows = [
        [
            *(float(source in candidate.sources) for source in SOURCES),
            float(len(candidate.sources)),
            float(len(candidate.folded.split())),
            float(len(candidate.text)),
            float(len(h1s)),
            *_compared(candidate, titles, h1_words),
            *_address(candidate, url),
            *_written(candidate, site),
            float(said[candidate.text.casefold()]),
            *_agreement(candidate, [titles["og"], titles["title"], titles["json-ld"], *h1_words[:1]]),
            *_place(candidate, around, bool(h1s)),
        ]
        for candidate in candidates
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURE_NAMES))


def _compared(candidate: Candidate, titles: dict[str, Words], h1s: Sequence[Words]) -> list[float]:
    words, padded = candidate.folded.split(), f" {candidate.folded} "
    joined = [f" {' '.join(h1)} " for h1 in h1s]
    return [
        *(_alike(words, titles[name]) for name in _COMPARED),
        *(float(padded in f" {' '.join(titles[name])} ") for name in _COMPARED),
        max((_alike(words, h1) for h1 in h1s), default=-1.0),
        _alike(words, h1s[0]) if h1s else -1.0,
        float(any(padded in h1 for h1 in joined)),
        float(any(len(h1) > 2 and h1 in padded for h1 in joined)),
        float(bool(titles["og"])),
        float(bool(titles["json-ld"])),
    ]


def _address(candidate: Candidate, url: str | None) -> list[float]:
    path = (url or "").lower().split("?", maxsplit=1)[0]
    last = re.sub(r"\.\w+$", "", path.rstrip("/").rsplit("/", 1)[-1])
    slug = [word for word in _WORDS.findall(last) if not word.isdigit()]
    words = candidate.folded.split()
    return [_held(slug, words), _held(words, slug), _held(words, _WORDS.findall(path)), float(len(slug))]


def _written(candidate: Candidate, site: Site) -> list[float]:
    text = candidate.text
    return [
        float(names_site(text, site)),
        float("|" in text),
        float(PARTS.search(text) is not None),
        float(":" in text),
        float(text.endswith("?")),
        float(text.endswith(".")),
        float(text.endswith(("...", "…"))),
        float(any(char.isdigit() for char in text)),
        float(text.isupper()),
    ]


def _agreement(candidate: Candidate, strong: Sequence[Words]) -> list[float]:
    """How many of the strong sources say the same, and how near the nearest other one is."""
    joined = [" ".join(words) for words in strong if words]
    others = [_alike(candidate.folded.split(), words) for words in strong if " ".join(words) != candidate.folded]
    return [float(joined.count(candidate.folded)), max(others, default=0.0)]


def _place(candidate: Candidate, around: Surroundings, has_h1: bool) -> list[float]:
    tree, at = around.tree, candidate.block
    if at is None or at >= len(tree.blocks):
        return [ABSENT, ABSENT, -1.0, *[-1.0] * (len(_HINTS) + 3)]
    block = tree.blocks[at]
    element, above = tree.elements[block.owner], hints_above(tree, at, 4)
    return [
        float(at - around.heading) if has_h1 else ABSENT,
        float(at - around.first_prose),
        float(at),
        float(bool(element.hints & BITS["title"])),
        *(float(bool(above & BITS[name])) for name in _HINTS),
        block.linked / max(1, len(block.text)),
        float(element.depth),
    ]


def _alike(one: Words, other: Words) -> float:
    first, second = set(one), set(other)
    return len(first & second) / max(1, len(first | second))


def _held(one: Words, other: Words) -> float:
    """The share of the first's words that the second holds."""
    first = set(one)
    return len(first & set(other)) / max(1, len(first))
