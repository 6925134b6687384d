import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

def words_of(texts: list[str], far: int) -> tuple[Ints, Ints, Ints, Bools, Bools, Ints]: ...
