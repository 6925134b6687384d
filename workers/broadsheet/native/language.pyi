import numpy as np
from numpy.typing import NDArray

def visited(
    text: bytes,
    moves: NDArray[np.uint32],
    rows: NDArray[np.uint16],
    outputs: NDArray[np.int32],
    table: NDArray[np.uint16],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
