"""What a block's own text says, in numbers: lengths, links, punctuation, wording, repeats."""

import re

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.naming import Floats, Lexicon
from broadsheet.html.scan.tree import Head, Run
from broadsheet.native import texts

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of this many words with a smaller share of linked characters."""

_EDGE = re.compile(r"[^\W_]+")

TEXT_NAMES: tuple[str, ...] = (
    "words", "chars", "linked", "lines", "commas", "stops", "ends_stop", "repeats", "in_title", "in_description",
    "is_title", "wording", "naming",
)  # fmt: skip
SHORT_CHARS = 160
"""Longer blocks are no titles."""
STOPS, WORDING = TEXT_NAMES.index("stops"), TEXT_NAMES.index("wording")

_EDGE_CHARS = 48
_EDGE_WORDS = 6


def edge_words(text: str) -> list[str]:
    """The words a block's wording is judged by: its first six, lower case, the first marked, and the first pair."""
    found = _EDGE.findall(text[:_EDGE_CHARS].lower())[:_EDGE_WORDS]
    if not found:
        return []
    return [f"^{found[0]}", " ".join(found[:2]), *found[len(found) == 1 :]]


def text_numbers(blocks: list[Run], head: Head, lexicon: Lexicon, naming: Floats, levels: NDArray[np.int64]) -> Floats:
    """One row a block, columns as `TEXT_NAMES`. Blocks that are only a link get their lengths and nothing else.

    Of `levels` those above 0 are headings: their wording alone is asked for.

    Case, digits, signs, dates and an opening found in the JSON-LD articleBody were tried too: the trees did not use
    them beside these.
    """
    title = (head.meta("og:title", "twitter:title") or "") + " | " + (head.title or "")
    description = head.meta("description", "og:description") or ""
    return texts.text_numbers(blocks, naming, levels, title, description, lexicon.text)
