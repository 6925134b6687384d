"""How much prose the blocks of a page hold: words of those that are long enough and little in links."""

from broadsheet.blocks.tree import Run
from broadsheet.clean.words import count_words

try:
    from broadsheet.native import text as native
except ImportError:
    native = None  # type: ignore[assignment]


def plain_block_words(blocks: list[Run], lo: int, hi: int, least: int, weight: float, share: float) -> list[int]:
    """`block_words` in Python."""
    return [
        words
        if weight * linked < share * len(text) and len(text) >= least and (words := count_words(text)) >= least
        else 0
        for text, _, linked, _, _ in blocks[lo:hi]
    ]


block_words = native.block_words if native else plain_block_words
"""For each block from `lo` to `hi` its words; 0 where they are fewer than `least`, or where `weight` times the
characters in links is not below `share` of its characters.
"""


def good_words(blocks: list[Run], lo: int, hi: int, least: int, weight: float, share: float) -> int:
    """All those words together."""
    return sum(block_words(blocks, lo, hi, least, weight, share))
