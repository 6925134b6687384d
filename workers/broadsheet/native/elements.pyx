# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What elements have from those around them: the twin of `extract.elements.inherited`."""

import numpy as np


def inherited(const long long[:] parent, const long long[:] masks, const long long[:] flags, const float[:] naming):
    """Of each element its hints and flags joined with those of all above, and its names' weight added to theirs."""
    cdef Py_ssize_t count = parent.shape[0], e, above
    cdef double[::1] sums = np.zeros(count)
    all_masks, all_flags = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    around = np.zeros(count, dtype=np.float32)
    cdef long long[::1] of_masks = all_masks, of_flags = all_flags
    cdef float[::1] of_names = around
    if masks.shape[0] != count or flags.shape[0] != count or naming.shape[0] != count:
        raise ValueError("columns of different lengths")
    for e in range(1, count):
        above = parent[e]
        if not 0 <= above < e:
            raise ValueError("an element stands before the one around it")
        of_masks[e] = of_masks[above] | masks[e]
        of_flags[e] = of_flags[above] | flags[e]
        sums[e] = sums[above] + naming[e]
        of_names[e] = <float>sums[e]
    return all_masks, all_flags, around
