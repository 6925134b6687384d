from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.tree import Run

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

def columns(blocks: list[Run]) -> tuple[Ints, Ints]: ...
def owned(owner: Ints, table: Ints, told: Ints, naming: Floats) -> tuple[Ints, Floats]: ...
def text_numbers(
    blocks: list[Run], naming: Floats, levels: Ints, title: str, description: str, weights: dict[str, float]
) -> Floats: ...
def rows(
    el: Elements,
    owner: Ints,
    inline: Ints,
    level: Ints,
    text: Floats,
    said: Sequence[float],
    *,
    own: Sequence[int],
    containers: Sequence[tuple[int, float, bool]],
    shifts: tuple[Ints, ...],
    lo: int,
    articles: int,
    paragraph: int,
    width: int,
) -> tuple[Ints, Floats]: ...
def settled(
    scores: NDArray[np.float64], kept: float, doubtful: float, lonely: float, reach: int
) -> NDArray[np.float64]: ...
def judged(
    index: Ints, chances: NDArray[np.float64], count: int, kept: float, doubtful: float, lonely: float, reach: int
) -> NDArray[np.float64]: ...
def hinted(blocks: list[Run], lo: int, scores: NDArray[np.float64], kept: float, hints: Ints) -> int: ...
