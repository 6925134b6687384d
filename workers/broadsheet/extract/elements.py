"""The elements of a page as arrays: tags, hints and signatures, each with those of its ancestors."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import words_of_names
from broadsheet.blocks.tree import Tree
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
    tags, parents, depths, firsts, names, masks = zip(*tree.elements, strict=True)
    parent = np.array(parents, dtype=np.int64)
    code = np.array([TAG_CODE.get(tag, 0) for tag in tags], dtype=np.int64)
    mask = np.array(masks, dtype=np.int64)
    known: dict[str, int] = {}
    named = np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)
    naming = np.array([naming_weight(words, lexicon) for words in words_of_names(known)], dtype=np.float32)[named]
    both = zip(parents, masks, _FLAG_OF_CODE[code].tolist(), naming.tolist(), strict=True)
    all_masks, all_flags, around = [0], [0], [0.0]
    add_mask, add_flag, add_weight = all_masks.append, all_flags.append, around.append
    next(both)
    for above, own, flag, weight in both:
        add_mask(all_masks[above] | own)
        add_flag(all_flags[above] | flag)
        add_weight(around[above] + weight)
    return Elements(
        parent=parent,
        depth=np.array(depths, dtype=np.int64),
        tag=code,
        level=_LEVEL_OF_CODE[code],
        hints=mask,
        all_hints=np.array(all_masks, dtype=np.int64),
        all_flags=np.array(all_flags, dtype=np.int64),
        near_hints=mask | mask[parent] | mask[parent[parent]],
        signature=named * SIGNATURE_TAGS + code,
        naming=np.stack([naming, np.array(around, dtype=np.float32)], axis=1),
        first=np.array(firsts, dtype=np.int64),
        end=np.array(tree.ends, dtype=np.int64),
        order=np.cumsum(code == TAG_CODE["article"]),
    )
