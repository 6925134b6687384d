import numpy as np
from numpy.typing import NDArray

def margins(
    rows: NDArray[np.float32],
    feature: NDArray[np.int32],
    threshold: NDArray[np.float64],
    value: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None: ...
