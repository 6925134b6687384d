"""The body of a page that is longer than those the block model knows.

What a block of body shares with the whole page gets less the longer the page is: of 200 plain paragraphs the model
finds 72. So a long page is looked at in stretches too; what is body there, and stands among the body found, is taken.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.scores import THRESHOLD, body_scores
from broadsheet.html.scan.elements import Elements
from broadsheet.html.scan.tree import Tree
from broadsheet.text.words import ends_sentence

Bools = NDArray[np.bool_]

LONG_BLOCKS = 100
"""Blocks of prose above which a page is long: 62 of 1,150 development pages have more."""
PROSE_CHARS = 80
STRETCH = 80
"""Blocks. Of 200 plain paragraphs 200 are found in stretches of 40 or 80, 157 in those of 120."""
RUN_STEP = 1
LEAST_FOUND = 0.3
"""Of a run of prose so much must be body by the whole page already: comments below a long story would be taken else. On
63 long development pages F1 is .913 for .914; on stories of only paragraphs 200 for 72 of them are kept."""
LEAST_SHARE = 0.2
"""Of the blocks found so many stand side by side in the element that holds the body."""


def mend_long(tree: Tree, scores: NDArray[np.float64], elements: Elements) -> NDArray[np.float64]:
    """The scores of a page's blocks, of a long one with those of its stretches beside the body found."""
    if sum([len(run.text) >= PROSE_CHARS for run in tree.blocks]) <= LONG_BLOCKS:
        return scores
    prose = np.array([len(run.text) >= PROSE_CHARS and ends_sentence(run.text) for run in tree.blocks])
    if prose.sum() <= LONG_BLOCKS:
        return scores
    holders = np.array([tree.elements[run.owner].parent for run in tree.blocks])
    found = Counter(holders[scores >= THRESHOLD].tolist())
    main = [holder for holder, count in found.items() if count >= LEAST_SHARE * found.total()]
    beside = prose & np.isin(holders, main)
    count = len(tree.blocks)
    edges = pairwise([*range(0, count - STRETCH // 2, STRETCH), count])
    stretches = np.concatenate([body_scores(tree, lo, hi, elements) for lo, hi in edges])
    taken = beside & _in_found_runs(beside, scores >= THRESHOLD)
    return np.where(taken, np.maximum(scores, stretches), scores)


def _in_found_runs(beside: Bools, found: Bools) -> Bools:
    """Which blocks lie in a run of prose of which a part was found: letters and comments, each under a name and a day,
    are no run.
    """
    places = np.flatnonzero(beside)
    runs = np.cumsum(np.diff(places, prepend=-9) > RUN_STEP)
    shares = np.bincount(runs, found[places]) / np.maximum(1, np.bincount(runs))
    taken = np.zeros(len(beside), dtype=np.bool_)
    taken[places] = shares[runs] >= LEAST_FOUND
    return taken
