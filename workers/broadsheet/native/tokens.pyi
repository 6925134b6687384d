from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

def read_texts(
    texts: Sequence[str], weights: dict[str, tuple[float, float, float]]
) -> tuple[
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.bool_],
    NDArray[np.bool_],
]: ...
def keys(text: str) -> list[str]: ...
