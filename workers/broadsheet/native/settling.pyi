import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.tree import Run

Ints = NDArray[np.int64]

def settled(
    scores: NDArray[np.float64], kept: float, doubtful: float, lonely: float, reach: int
) -> NDArray[np.float64]: ...
def judged(
    index: Ints, chances: NDArray[np.float64], count: int, kept: float, doubtful: float, lonely: float, reach: int
) -> NDArray[np.float64]: ...
def hinted(blocks: list[Run], lo: int, scores: NDArray[np.float64], kept: float, hints: Ints) -> int: ...
