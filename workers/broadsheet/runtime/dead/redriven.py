"""Which letters of a partition were redriven, as a consumer group can remember it: a position and a few words.

The position is the first letter that was not redriven; those beyond it are named as ranges in the commit's metadata
("17-20,33"), for which a broker has 4,096 bytes.
"""

from dataclasses import dataclass
from typing import Self

METADATA_BYTES = 4_096
"""`offset.metadata.max.bytes` of a broker, by default."""


class TooScattered(ValueError):  # noqa: N818 - says what they are
    """More gaps between redriven letters than can be remembered."""


@dataclass(frozen=True, slots=True)
class Redriven:
    """All offsets below `start`, and those in `ranges` (first and last, both included; sorted, apart)."""

    start: int = 0
    ranges: tuple[tuple[int, int], ...] = ()

    def __contains__(self, offset: int) -> bool:
        return offset < self.start or any(first <= offset <= last for first, last in self.ranges)

    def add(self, offset: int) -> "Redriven":
        """With this letter too."""
        if offset in self:
            return self
        merged: list[tuple[int, int]] = []
        for first, last in sorted((*self.ranges, (offset, offset))):
            if merged and merged[-1][1] + 1 >= first:
                merged[-1] = (merged[-1][0], last)
            else:
                merged.append((first, last))
        if merged[0][0] == self.start:
            return Redriven(merged[0][1] + 1, tuple(merged[1:]))
        return Redriven(self.start, tuple(merged))

    def committed(self) -> tuple[int, str]:
        """As offset and metadata of a commit. Raises TooScattered."""
        text = ",".join(f"{first}-{last}" if last > first else str(first) for first, last in self.ranges)
        if len(text) > METADATA_BYTES:
            raise TooScattered("too many gaps between redriven letters: redrive those in between first")
        return self.start, text

    @classmethod
    def read(cls, offset: int, metadata: str) -> Self:
        """From a commit; what cannot be read counts as nothing beyond the position."""
        ranges = []
        for part in metadata.split(",") if metadata else []:
            first, _, last = part.partition("-")
            if not (first.isdigit() and (last or first).isdigit()):
                return cls(max(0, offset))
            ranges.append((int(first), int(last or first)))
        return cls(max(0, offset), tuple(ranges))
