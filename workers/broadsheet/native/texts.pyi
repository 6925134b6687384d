import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.tree import Run

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

def text_numbers(
    blocks: list[Run], naming: Floats, levels: Ints, title: str, description: str, weights: dict[str, float]
) -> Floats: ...
