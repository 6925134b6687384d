import numpy as np
from numpy.typing import NDArray

def inherited(
    parent: NDArray[np.int64], masks: NDArray[np.int64], flags: NDArray[np.int64], naming: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]: ...
