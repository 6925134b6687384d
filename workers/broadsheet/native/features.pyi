from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.elements import Elements

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

def rows(
    el: Elements,
    owner: Ints,
    inline: Ints,
    level: Ints,
    text: Floats,
    said: Sequence[float],
    *,
    own: Sequence[int],
    containers: Sequence[tuple[int, float, bool]],
    shifts: tuple[Ints, ...],
    lo: int,
    articles: int,
    paragraph: int,
    width: int,
) -> tuple[Ints, Floats]: ...
