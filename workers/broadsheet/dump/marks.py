"""What markup says of a dump's lines, as numbers for the models."""

from collections.abc import Sequence

import numpy as np

from broadsheet.cohesion.lines import Floats
from broadsheet.cohesion.signs import MARK_NAMES
from broadsheet.text.line import PLAIN, Line, Mark
from broadsheet.values import Kind


def mark_columns(lines: Sequence[Line]) -> Floats:
    """A row of `MARK_NAMES` for each line; zeros for a dump without markup."""
    if all(line.mark is PLAIN for line in lines):
        return np.zeros((len(lines), len(MARK_NAMES)))
    return np.array([mark_row(line.text, line.mark) for line in lines])


def mark_row(text: str, mark: Mark) -> tuple[float, float, float, float]:
    """What markup says of one line of a dump that has some."""
    linked = sum(len(link.text) for link in mark.links) / len(text)
    return 1.0, 7.0 - mark.level if mark.level else 0.0, float(mark.kind is Kind.LIST_ITEM), min(1.0, linked)
