import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.tree import Run

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

def columns(blocks: list[Run]) -> tuple[Ints, Ints]: ...
def owned(owner: Ints, table: Ints, told: Ints, naming: Floats) -> tuple[Ints, Floats]: ...
