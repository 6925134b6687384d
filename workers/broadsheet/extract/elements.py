"""The elements of a page as arrays: tags, hints and signatures, each with those of its ancestors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    from broadsheet.native import elements as native
except ImportError:
    native = None  # type: ignore[assignment]
from broadsheet.blocks.hints import words_of_names
from broadsheet.blocks.tree import ElementColumns, Tree
from broadsheet.extract.features_text import Floats, Lexicon, naming_weight

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
_LEVEL_OF_CODE = np.array([0, *(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0 for tag in _TAGS)])
SIGNATURE_TAGS = 64


@dataclass(frozen=True, slots=True)
class Elements:
    """Columns over the elements of a page.

    `near_hints` are those of the element and two above it, `all_hints` and `all_flags` of all above; `signature` tells
    tag and names; `naming` is the learned weight of the names, alone and summed with all above; `first` and `end`
    bound the blocks inside; `order` counts the `article` elements so far.
    """

    parent: Ints
    depth: Ints
    tag: Ints
    level: Ints
    hints: Ints
    near_hints: Ints
    all_hints: Ints
    all_flags: Ints
    signature: Ints
    naming: Floats
    first: Ints
    end: Ints
    order: Ints


def element_arrays(tree: Tree, lexicon: Lexicon) -> Elements:
    """The arrays of a scanned page; computed once for all its segments."""
    columns = tree.columns or _columns(tree)
    parent, depth, named, mask = columns.parent, columns.depth, columns.named, columns.hints
    code = np.array([TAG_CODE.get(tag, 0) for tag in columns.tags], dtype=np.int64)[columns.tag]
    naming = np.array(_weights(columns.names, lexicon), dtype=np.float32)[named]
    flags = _FLAG_OF_CODE[code]
    all_hints, all_flags, around = (inherited if native is None else native.inherited)(parent, mask, flags, naming)
    return Elements(
        parent=parent,
        depth=depth,
        tag=code,
        level=_LEVEL_OF_CODE[code],
        hints=mask,
        all_hints=all_hints,
        all_flags=all_flags,
        near_hints=mask | mask[parent] | mask[parent[parent]],
        signature=named * SIGNATURE_TAGS + code,
        naming=np.stack([naming, around], axis=1),
        first=columns.first,
        end=columns.end,
        order=np.cumsum(code == TAG_CODE["article"]),
    )


def _weights(names: list[str], lexicon: Lexicon) -> list[float]:
    """What each of these names says, by the learned weights."""
    if lexicon.table is not None:
        return lexicon.table.weights(names)
    return [naming_weight(words, lexicon) for words in words_of_names(names)]


def inherited(parent: Ints, masks: Ints, flags: Ints, naming: Floats) -> tuple[Ints, Ints, Floats]:
    """Of each element its hints and flags joined with those of all above, and its names' weight added to theirs."""
    both = zip(parent.tolist(), masks.tolist(), flags.tolist(), naming.tolist(), strict=True)
    all_masks, all_flags, around = [0], [0], [0.0]
    next(both)
    for above, own, flag, weight in both:
        all_masks.append(all_masks[above] | own)
        all_flags.append(all_flags[above] | flag)
        around.append(around[above] + weight)
    return (
        np.array(all_masks, dtype=np.int64),
        np.array(all_flags, dtype=np.int64),
        np.array(around, dtype=np.float32),
    )


def _columns(tree: Tree) -> ElementColumns:
    """The columns of elements that came without."""
    tags, parents, depths, firsts, names, masks = zip(*tree.elements, strict=True)
    tag_places, name_places = _places(tags), _places(names)
    parent, depth, first, hints = (np.array(each, dtype=np.int64) for each in (parents, depths, firsts, masks))
    return ElementColumns(
        tags=list(tag_places),
        names=list(name_places),
        tag=np.array([tag_places[tag] for tag in tags], dtype=np.int64),
        parent=parent,
        depth=depth,
        first=first,
        end=np.array(tree.ends, dtype=np.int64),
        named=np.array([name_places[name] for name in names], dtype=np.int64),
        hints=hints,
    )


def _places(words: Sequence[str]) -> dict[str, int]:
    """Each word once, with its place among them."""
    return {word: place for place, word in enumerate(dict.fromkeys(words))}
