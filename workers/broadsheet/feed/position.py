"""A place in the topic across all its partitions: for each, the offset that comes next. The `id:` of the stream.

Written "0:13,1:7": partition 0 goes on at offset 13, partition 1 at 7. Offsets without records (markers of
transactions, compacted records) make no difference to it.
"""

import re
from collections.abc import Mapping

Position = Mapping[int, int]
"""Next offset by partition."""

MAX_CHARS = 32 * 1024
"""Room for some thousand partitions; a longer one is not ours."""

_FORM = re.compile(r"[0-9]{1,9}:[0-9]{1,18}(,[0-9]{1,9}:[0-9]{1,18})*", re.ASCII)


class PositionError(ValueError):
    """A text that is no position; its own text is one plain line."""


def encode(position: Position) -> str:
    """The position as text, partitions in order."""
    return ",".join(f"{partition}:{position[partition]}" for partition in sorted(position))


def decode(text: str) -> dict[int, int]:
    """The position that `encode` wrote. Raises PositionError for any other text."""
    if len(text) > MAX_CHARS or not _FORM.fullmatch(text):
        raise PositionError("not a position of this stream: it reads like 0:13,1:7")
    parts = [part.split(":") for part in text.split(",")]
    position = {int(partition): int(offset) for partition, offset in parts}
    if len(position) != len(parts):
        raise PositionError("not a position of this stream: a partition stands in it twice")
    return position
