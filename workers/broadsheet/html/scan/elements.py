"""The elements of a page as arrays: tags, hints and signatures, each with those of its ancestors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.naming import Floats, Lexicon
from broadsheet.html.scan.tree import ElementColumns, Tree
from broadsheet.native.elements import derived

Ints = NDArray[np.int64]
Columns = NDArray[Any]

_TAG_NAMES = """p li ul ol dl td th tr table h1 h2 h3 h4 h5 h6 div section article main aside nav header footer form
figure figcaption blockquote pre button label dt dd details summary address center fieldset body"""
_TAGS = _TAG_NAMES.split()
TAG_CODE = {tag: i + 1 for i, tag in enumerate(_TAGS)}
"""A number for each tag that means something here; 0 for the others."""
_FLAG_NAMES = """p li ul ol table h1 h2 h3 h4 article main aside nav header footer form figure figcaption blockquote
section button details dl pre"""
FLAGS = _FLAG_NAMES.split()
"""Tags it matters to be inside of, a bit each."""
_FLAG_OF_CODE = np.array([0, *(1 << FLAGS.index(tag) if tag in FLAGS else 0 for tag in _TAGS)], dtype=np.int64)
_LEVEL_OF_CODE = np.array(
    [0, *(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0 for tag in _TAGS)], dtype=np.int64
)
SIGNATURE_TAGS = 64


@dataclass(frozen=True, slots=True)
class Elements:
    """Columns over the elements of a page, which lie as rows in two arrays: `ElementColumns.table`, and what `derived`
    makes of it.

    `near_hints` are those of the element and two above it, `all_hints` and `all_flags` of all above; `signature` tells
    tag and names; `naming` is the learned weight of the names, alone and summed with all above; `first` and `end`
    bound the blocks inside; `order` counts the `article` elements so far.
    """

    table: Ints
    told: Ints
    naming: Floats

    @property
    def parent(self) -> Ints:
        return _row(self.table, 1)

    @property
    def depth(self) -> Ints:
        return _row(self.table, 2)

    @property
    def first(self) -> Ints:
        return _row(self.table, 3)

    @property
    def end(self) -> Ints:
        return _row(self.table, 4)

    @property
    def hints(self) -> Ints:
        return _row(self.table, 6)

    @property
    def tag(self) -> Ints:
        return _row(self.told, 0)

    @property
    def level(self) -> Ints:
        return _row(self.told, 1)

    @property
    def near_hints(self) -> Ints:
        return _row(self.told, 2)

    @property
    def all_hints(self) -> Ints:
        return _row(self.told, 3)

    @property
    def all_flags(self) -> Ints:
        return _row(self.told, 4)

    @property
    def signature(self) -> Ints:
        return _row(self.told, 5)

    @property
    def order(self) -> Ints:
        return _row(self.told, 6)


def _row(array: Ints, at: int) -> Ints:
    row: Ints = array[at]
    return row


def element_arrays(tree: Tree, lexicon: Lexicon) -> Elements:
    """The arrays of a scanned page; computed once for all its segments."""
    columns = tree.columns or _columns(tree)
    codes = [TAG_CODE.get(tag, 0) for tag in columns.tags]
    weights = lexicon.table.weights(columns.names)
    told, naming = derived(
        columns.table, codes, weights, _FLAG_OF_CODE, _LEVEL_OF_CODE, SIGNATURE_TAGS, TAG_CODE["article"]
    )
    return Elements(columns.table, told, naming)


def _columns(tree: Tree) -> ElementColumns:
    """The columns of elements that came without."""
    tags, parents, depths, firsts, names, masks = zip(*tree.elements, strict=True)
    tag_places, name_places = _places(tags), _places(names)
    tag, named = [tag_places[tag] for tag in tags], [name_places[name] for name in names]
    table = np.array([tag, parents, depths, firsts, tree.ends, named, masks], dtype=np.int64)
    return ElementColumns(list(tag_places), list(name_places), table)


def _places(words: Sequence[str]) -> dict[str, int]:
    """Each word once, with its place among them."""
    return {word: place for place, word in enumerate(dict.fromkeys(words))}
