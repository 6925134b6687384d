from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.tree import Run

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

class Page:
    words: Floats
    good: Floats
    total: Floats
    linked: Floats
    def __init__(self, blocks: list[Run], el: Elements) -> None: ...
    def candidates(self) -> Ints: ...
    def rows(
        self,
        index: Ints,
        *,
        words: Callable[[str], list[str]],
        title: set[str],
        times: Ints,
        pictures: Ints,
        bits: Ints,
        flags: int,
        width: int,
    ) -> NDArray[np.float32]: ...
