from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.native.lexbor import Document, Node

class Walk:
    tags: list[str]
    names: list[str]
    anchors: Sequence[Node]
    code: set[int]
    marked: dict[int, tuple[int, list[str]]]
    texts: list[str]

    def __init__(
        self, document: Document, seen: Any, picture: type, most: int, hidden: int, dialog: int, meta: int, unseen: int
    ) -> None: ...
    def walk(self, most_nodes: int) -> bool: ...
    def columns(self, masks: list[int]) -> NDArray[np.int64]: ...
    def elements(self, kind: type, masks: list[int]) -> list[Any]: ...
    def blocks(self, kind: type, inline: list[int]) -> list[Any]: ...
