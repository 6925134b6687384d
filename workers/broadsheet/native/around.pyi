from collections.abc import Iterable
from typing import Any

from broadsheet.html.scan.tree import Element, Run
from broadsheet.values import Removed

class Around:
    def __init__(
        self,
        elements: list[Element],
        tags: dict[str, str],
        bits: tuple[tuple[int, str], ...],
        longest: int,
        removed: type[Removed],
    ) -> None: ...
    def told(self, e: int) -> tuple[str, str]: ...
    def dropped(self, blocks: list[Run], indices: Iterable[int]) -> list[Removed]: ...

def tagged(elements: list[Element], tag: str) -> list[int]: ...
def rows_of(
    elements: list[Element], ends: list[int], words: list[int], least: int, count: int, enough: float
) -> list[int]: ...
def nearest_of(elements: list[Element], e: int, tags: dict[str, Any], reach: int) -> int: ...
def nearest(elements: list[Element], e: int, tag: str) -> int: ...
