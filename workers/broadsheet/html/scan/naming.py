"""What the words of a page's elements and blocks weigh, as learned."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.hints import NAME_CHARS
from broadsheet.native.names import Names

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Learned weights of words: of those a block begins with, and of the names on the elements around it."""

    text: dict[str, float]
    names: dict[str, float]
    table: Names = field(init=False, compare=False, repr=False)
    """The names' weights once more, as they are looked up in C."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", Names(self.names, NAME_CHARS))
