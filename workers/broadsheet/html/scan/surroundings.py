"""Where the blocks of a page stand to its headline and its text: what the choices of fields go by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.html.scan.tree import Run, Tree

PROSE_CHARS = 120
"""A block this long with few links is text of the page, not furniture."""
PROSE_LINKED = 0.35
BEFORE_HEADING, AFTER_HEADING, AFTER_TEXT = 15, 60, 12
"""Fields are looked for in so many blocks; elsewhere stand other stories' bylines."""
ABSENT = -999.0
"""Stands in the place of a distance that there is not; trees split it off."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A scanned page with the headline's block (0 where none is known) and the first and last block of prose."""

    tree: Tree
    heading: int
    first_prose: int
    last_prose: int

    @classmethod
    def of(cls, tree: Tree, heading: int | None) -> "Surroundings":
        """Find the prose of a page; where there is none both ends are the page's end."""
        blocks = tree.blocks
        first = last = end = len(blocks)
        for index in range(end):
            if is_prose(blocks[index]):
                first = index
                break
        for index in range(end - 1, first - 1, -1):
            if is_prose(blocks[index]):
                last = index
                break
        return cls(tree, heading or 0, first, last)

    def seen_from(self, heading: int | None) -> "Surroundings":
        """The same page with its headline in another block."""
        return Surroundings(self.tree, heading or 0, self.first_prose, self.last_prose)

    def distances(self, block: int | None) -> list[float]:
        """Blocks from the headline, the first and the last prose, and the place in the page as a share of it."""
        if block is None:
            return [ABSENT, ABSENT, ABSENT, -1.0]
        share = block / max(1, len(self.tree.blocks))
        return [float(block - self.heading), float(block - self.first_prose), float(block - self.last_prose), share]

    def near(self) -> list[int]:
        """The blocks where fields stand: around the headline, and around the end of the text."""
        end = len(self.tree.blocks)
        first = range(max(0, self.heading - BEFORE_HEADING), min(end, self.heading + AFTER_HEADING))
        return [*first, *range(max(first.stop, self.last_prose - 3), min(end, self.last_prose + AFTER_TEXT))]

    def text(self, block: int) -> str:
        """The text of a block, empty beyond the page's ends."""
        return self.tree.blocks[block].text if 0 <= block < len(self.tree.blocks) else ""


def is_prose(block: Run) -> bool:
    """Whether a block is running text: long, and little of it linked."""
    return len(block.text) > PROSE_CHARS and block.linked < PROSE_LINKED * len(block.text)


def own_hints(tree: Tree, block: int) -> int:
    """What the block's own element and the spans in it hint at."""
    run = tree.blocks[block]
    return tree.elements[run.owner].hints | run.inline


def hints_above(tree: Tree, block: int, levels: int) -> int:
    """What so many elements around the block's own hint at."""
    elements = tree.elements
    element, mask = tree.blocks[block].owner, 0
    for _ in range(levels):
        element = elements[element].parent
        mask |= elements[element].hints
    return mask


def strongest(sources: Iterable[str], names: Sequence[tuple[str, str]]) -> str:
    """The strongest of the sources that offer a value, under the name that provenance uses.

    `names` are what sources begin with and what they are called then, the strongest first.
    """
    offered = tuple(sources)
    for start, name in names:
        for source in offered:
            if source.startswith(start):
                return name
    return "page"
