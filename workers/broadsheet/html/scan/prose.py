"""How much prose the blocks of a page hold: words of those that are long enough and little in links."""

from broadsheet.html.scan.tree import Run
from broadsheet.native.around import rows_of
from broadsheet.native.text import block_words

__all__ = ["block_words", "good_words", "rows_of"]


def good_words(blocks: list[Run], lo: int, hi: int, least: int, weight: float, share: float) -> int:
    """All those words together."""
    return sum(block_words(blocks, lo, hi, least, weight, share))
