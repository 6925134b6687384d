import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.tree import Run

def sizes(blocks: list[Run], kept: list[int]) -> tuple[int, list[int], int, int]: ...
def prices(blocks: list[Run]) -> int: ...
def counted(
    blocks: list[Run],
    table: NDArray[np.int64],
    told: NDArray[np.int64],
    codes: tuple[int, ...],
    bits: tuple[int, ...],
) -> tuple[list[int], list[int], int]: ...
def weighed(scores: NDArray[np.float64], least: float, low: float, high: float) -> tuple[list[int], int]: ...
