import numpy as np
from numpy.typing import NDArray

def signature(
    words: bytes, factors: NDArray[np.uint64], addends: NDArray[np.uint64], shingle: int, most: int
) -> bytes | None: ...
