import numpy as np
from numpy.typing import NDArray

class Automaton:
    def __init__(
        self,
        moves: NDArray[np.uint32],
        rows: NDArray[np.uint16],
        outputs: NDArray[np.int32],
        table: NDArray[np.uint16],
    ) -> None: ...
    def visited(self, text: bytes) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
