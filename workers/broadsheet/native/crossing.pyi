import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

def crossing(before: Ints, owner: Ints, weight: Floats, back: int, ahead: int, lines: int) -> Floats: ...
