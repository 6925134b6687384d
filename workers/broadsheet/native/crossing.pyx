# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""How much of a text's words is used on both sides of each of its lines."""

from libc.stdint cimport int64_t

import numpy as np


def crossing(const int64_t[::1] before, const int64_t[::1] owner, const double[::1] weight, int64_t back, int64_t ahead,
             Py_ssize_t lines):
    """Of each line the weight of words that come again across it. Sums run in the order of numpy's."""
    cdef Py_ssize_t n = owner.shape[0], at, line
    cdef int64_t early, low, high
    cdef double total = 0.0
    if before.shape[0] != n or weight.shape[0] != n:
        raise ValueError("columns of different lengths")
    found = np.empty(lines)
    cdef double[::1] out = found
    cdef double[:, ::1] ends = np.zeros((2, lines + 1))    # what begins and what ends to count at each line
    for at in range(n):
        early = before[at]
        if early < 0 or not weight[at] > 0:
            continue
        low, high = max(early, at - ahead), min(early + back, at)
        if high <= low:
            continue
        if not (0 <= owner[low] < lines and 0 <= owner[high] < lines):
            raise IndexError("a token stands in none of these lines")
        ends[0, owner[low] + 1] += weight[at]
        ends[1, owner[high] + 1] += weight[at]
    for line in range(lines):
        total += ends[0, line] - ends[1, line]
        out[line] = total
    return found
