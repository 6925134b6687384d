# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Scores of blocks settled by their neighbours: see `html.body.scores`."""

from cpython.long cimport PyLong_AsLongLong
from cpython.tuple cimport PyTuple_GET_ITEM
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free

import numpy as np

from broadsheet.native.columns cimport checked


def settled(const double[::1] scores, double kept, double doubtful, double lonely, Py_ssize_t reach):
    """As `html.body.scores.settled`, by its limits."""
    found = np.array(scores)
    _settle(found, kept, doubtful, lonely, reach)
    return found


def judged(const int64_t[::1] index, const double[::1] chances, Py_ssize_t count, double kept, double doubtful,
           double lonely, Py_ssize_t reach):
    """So many scores, settled: those of the blocks that have a row, and 0."""
    cdef Py_ssize_t i
    if chances.shape[0] != index.shape[0]:
        raise ValueError("a chance for each row is asked for")
    found = np.zeros(count)
    cdef double[::1] out = found
    for i in range(index.shape[0]):
        if not 0 <= index[i] < count:
            raise IndexError("there is no such block")
        out[index[i]] = chances[i]
    _settle(out, kept, doubtful, lonely, reach)
    return found


cdef int _settle(double[::1] scores, double kept, double doubtful, double lonely, Py_ssize_t reach) except -1:
    cdef Py_ssize_t n = scores.shape[0], i, near
    cdef bint company = False
    cdef int32_t *filled    # how many are, before each
    cdef uint8_t *lone
    if n < 3:
        return 0
    filled, lone = <int32_t *>calloc(n + 1, sizeof(int32_t)), <uint8_t *>calloc(n, 1)
    try:
        if filled == NULL or lone == NULL:
            raise MemoryError
        for i in range(n):
            filled[i + 1] = filled[i] + (
                scores[i] >= kept
                or (0 < i < n - 1 and scores[i] >= doubtful and scores[i - 1] >= kept and scores[i + 1] >= kept)
            )
        for i in range(n):
            if filled[i + 1] > filled[i]:
                near = filled[min(i + reach + 1, n)] - filled[max(i - reach, 0)]
                lone[i] = scores[i] < lonely and near == 1
                company = company or not lone[i]
                scores[i] = max(scores[i], kept)
        if company:
            for i in range(n):
                if lone[i]:
                    scores[i] = 0.0
    finally:
        free(filled)
        free(lone)
    return 0


def hinted(list blocks, Py_ssize_t lo, const double[::1] scores, double kept, const int64_t[::1] hints):
    """The hints of the elements that own those of the blocks from `lo` on whose score is at least `kept`, joined."""
    cdef Py_ssize_t i
    cdef int64_t owner, found = 0
    if lo < 0 or lo + scores.shape[0] > len(blocks):
        raise IndexError("there are no such blocks")
    for i in range(scores.shape[0]):
        if scores[i] >= kept:
            run = blocks[lo + i]
            checked(run)
            owner = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 1))
            if not 0 <= owner < hints.shape[0]:
                raise IndexError("a block lies in none of these elements")
            found |= hints[owner]
    return found
