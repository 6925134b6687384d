import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

def derived(
    table: Ints,
    codes: list[int],
    weights: list[float],
    flag_of_code: Ints,
    level_of_code: Ints,
    signature_tags: int,
    article: int,
) -> tuple[Ints, NDArray[np.float32]]: ...
