from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

RELEASE: str

class UnreadError(Exception): ...

class Node:
    @property
    def attributes(self) -> dict[str, str | None]: ...
    def text(self, deep: bool = True) -> str: ...

class Walk:
    tags: list[str]
    names: list[str]
    anchors: Sequence[Node]
    code: set[int]
    marked: dict[int, tuple[int, list[str]]]
    texts: list[str]

    def __init__(
        self, parser: Any, seen: Any, picture: type, most: int, hidden: int, dialog: int, meta: int
    ) -> None: ...
    def walk(self, root: Any, most_nodes: int) -> bool: ...
    def columns(self, masks: list[int]) -> NDArray[np.int64]: ...
    def elements(self, kind: type, masks: list[int]) -> list[Any]: ...
    def blocks(self, kind: type, inline: list[int]) -> list[Any]: ...

def usable(tag_actions_by_name: Mapping[str, int], parents: frozenset[str]) -> bool: ...
