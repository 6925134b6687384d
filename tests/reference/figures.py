"""What a page's blocks and elements add up to, as `broadsheet.native.figures` counts it."""

import re

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.refuse.decision import PRICE_CHARS
from broadsheet.html.scan.elements import Ints
from broadsheet.html.scan.tree import Run

PRICE = re.compile(r"[\d$€£¥₹₽₩](?:(?<=[$€£¥₹₽₩])\s?\d|(?<=\d)\s?(?:[$€£¥₹₽₩]|(?:EUR|USD|GBP|zł|kr|руб)\b))")
"""It begins with the characters that a price may begin with, so that the search skips to these."""


def weighed(scores: NDArray[np.float64], least: float, low: float, high: float) -> tuple[list[int], int]:
    """Which scores are at least so high, and how many lie between the two others."""
    kept: list[int] = np.flatnonzero(scores >= least).tolist()
    return kept, int(np.count_nonzero((scores > low) & (scores < high)))


def sizes(blocks: list[Run], kept: list[int]) -> tuple[int, list[int], int, int]:
    """Words by blanks, of all blocks together and of each of those kept; all characters,
    and all those linked.
    """
    texts = [block.text for block in blocks]
    words = [text.count(" ") + 1 for text in texts]
    return sum(words), [words[i] for i in kept], sum(map(len, texts)), sum([block.linked for block in blocks])


def counted(
    blocks: list[Run], table: Ints, told: Ints, codes: tuple[int, ...], bits: tuple[int, ...]
) -> tuple[list[int], list[int], int]:
    """How many elements have each of these tags and hint at each of these; the first block in an h1, -1 without.

    The two arrays are those of `Elements`.
    """
    hints, tag, level = table[6], told[0], told[1]
    in_h1 = np.flatnonzero(level[np.array([block.owner for block in blocks], dtype=np.int64)] == 1)
    tags = [int(np.count_nonzero(tag == code)) for code in codes]
    return tags, [int(np.count_nonzero(hints & bit)) for bit in bits], int(in_h1[0]) if len(in_h1) else -1


def prices(blocks: list[Run]) -> int:
    """How many short blocks name a price. Most pages name none at all: all texts are looked through at once."""
    texts = [block.text for block in blocks if len(block.text) < PRICE_CHARS]
    if not PRICE.search("\0".join(texts)):
        return 0
    return sum([PRICE.search(text) is not None for text in texts])
