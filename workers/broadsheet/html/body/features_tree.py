"""Where a block lies in the tree: shares of its ancestors, the main containers, blocks of the same signature, hints.

The columns' names, in order; `broadsheet.native.features` fills them.
"""

import numpy as np

from broadsheet.html.scan.elements import FLAGS, Ints
from broadsheet.html.scan.hints import BITS

ANCESTORS = 6
CONTAINERS = (("box5", 0, 0.5), ("box8", 0, 0.8), ("boxp", 5, 0.5), ("box3", 0, 0.3))
"""Main containers: the deepest element that holds such a share of a column of `base`: good words, or those in p."""
DETAILED = ("box5", "boxp")


NEAR_HINTS = ("header", "comment", "caption", "hidden", "consent", "faq")
ALL_HINTS = ("article", "footer", "card", "comment", "meta", "media", "dialog", "table", "forum")
IN_FLAGS = ("li", "ul", "table", "article", "main", "header", "footer", "form", "figure", "figcaption")
"""Hints on a block's own elements and on all around it, and tags it is inside of: those that the trees used of all."""


def _shifts(names: tuple[str, ...]) -> Ints:
    """Where the bits of these hints lie, a row each."""
    return np.array([[BITS[name].bit_length() - 1] for name in names], dtype=np.int64)


NEAR_SHIFTS, ALL_SHIFTS = _shifts(NEAR_HINTS), _shifts(ALL_HINTS)
FLAG_SHIFTS = np.array([[FLAGS.index(name)] for name in IN_FLAGS], dtype=np.int64)


def _names() -> list[str]:
    kinds = ("share", "ratio", "goods", "blocks", "goodrate", "stopsrate", "tag")
    names = [f"{kind}{k}" for kind in kinds for k in range(ANCESTORS)]
    for box, _, _ in CONTAINERS:
        names += [f"{box}_{part}" for part in ("in", "rel", "from", "to")]
        if box in DETAILED:
            names += [f"{box}_{p}" for p in ("lead", "tail", "depth", "below", "bshare", "bratio", "btag", "bblocks")]
    groups = ("sig3", "sig1", "sigabove", "tags")
    names += [f"{group}_{part}" for group in groups for part in ("n", "good", "share", "rate", "ratio")]
    names += [f"near_{hint}" for hint in NEAR_HINTS] + [f"any_{hint}" for hint in ALL_HINTS]
    names += [f"in_{flag}" for flag in IN_FLAGS]
    names += ["depth", "article", "naming_all", "naming_1", "naming_2", "naming_3"]
    return [*names, "page_good", "page_blocks", "page_ratio", "page_p", "page_articles"]


TREE_NAMES = tuple(_names())

NEAR_NAMES = (
    "at-1_same", "at+1_same", "pos", "to_end", "good_before", "good_before_rel", "good_after_rel", "win3_ratio",
    "win8_ratio", "win20_before", "win20_after", "since_good", "since_h1", "until_h1", "since_head", "head_level",
    "head_words", "head_wording", "head_good", "from_first_h1",
)  # fmt: skip
"""What stands before and after a block, the headings above it, how far it is into the page. Windows before and after
a block, quiet lines, and more of the neighbours' numbers were tried too: the trees did not use them beside these.
"""
