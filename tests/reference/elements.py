"""What elements are and have from those around them, as `broadsheet.native.elements` derives it."""

import numpy as np

from broadsheet.html.scan.elements import Ints
from broadsheet.html.scan.naming import Floats


def derived(
    table: Ints,
    codes: list[int],
    weights: list[float],
    flag_of_code: Ints,
    level_of_code: Ints,
    signature_tags: int,
    article: int,
) -> tuple[Ints, Floats]:
    """What follows from `ElementColumns.table`: a row each for tag, level, near hints, all hints, all flags, signature
    and order of `Elements`; and their naming.

    `codes` and `weights` are those of the table's tags and names; codes are places in the two arrays.
    """
    parent, mask, named = table[1], table[6], table[5]
    code = np.array(codes, dtype=np.int64)[table[0]]
    naming = np.array(weights, dtype=np.float32)[named]
    all_hints, all_flags, around = _inherited(parent, mask, flag_of_code[code], naming)
    near_hints = mask | mask[parent] | mask[parent[parent]]
    signature, order = named * signature_tags + code, np.cumsum(code == article)
    told = np.stack([code, level_of_code[code], near_hints, all_hints, all_flags, signature, order])
    return told, np.stack([naming, around], axis=1)


def _inherited(parent: Ints, masks: Ints, flags: Ints, naming: Floats) -> tuple[Ints, Ints, Floats]:
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
