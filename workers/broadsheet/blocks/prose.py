"""How much prose the blocks of a page hold: words of those that are long enough and little in links."""

from itertools import accumulate

from broadsheet.blocks.tree import Element, Run
from broadsheet.clean.words import count_words

try:
    from broadsheet.native import around as native_around
    from broadsheet.native import text as native
except ImportError:
    native = native_around = None  # type: ignore[assignment]


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


def plain_rows_of(
    elements: list[Element], ends: list[int], words: list[int], least: int, count: int, enough: float
) -> list[int]:
    """`rows_of` in Python."""
    sums = [0, *accumulate(words)]
    rows: dict[int, list[int]] = {}
    for e in range(1, len(elements)):
        if sums[ends[e]] - sums[elements[e].first] >= least:
            rows.setdefault(elements[e].parent, []).append(e)
    held = {above: sum(sums[ends[e]] - sums[elements[e].first] for e in row) for above, row in rows.items()}
    return sorted(e for above, row in rows.items() if len(row) >= count and held[above] >= enough for e in row)


rows_of = native_around.rows_of if native_around else plain_rows_of
"""The elements that stand side by side and hold prose: `least` words or more each, `count` or more of them in one
element, `enough` words or more together. In order; `words` are those of each block.

Whatever is a row of stories, cards or posts is among them, and most pages have none.
"""
