# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The columns of a page's elements and blocks, as the block model's rows are made from them."""

from cpython.long cimport PyLong_AsLongLong
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from libc.stdint cimport int64_t

import numpy as np


def columns(list blocks):
    """The owners and the inline hints of blocks, a column each."""
    cdef Py_ssize_t n = len(blocks), i
    made = np.empty((2, n), dtype=np.int64)
    cdef int64_t[:, ::1] out = made
    for i in range(n):
        run = blocks[i]
        checked(run)
        out[0, i] = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 1))
        out[1, i] = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 4))
    return made[0], made[1]


def owned(const int64_t[::1] owner, const int64_t[:, ::1] table, const int64_t[:, ::1] told,
          const float[:, ::1] naming):
    """Of each block the level of its heading, as `features_near.levels`, and what its own element's names say.

    The others are those of `html.scan.elements.Elements`.
    """
    cdef Py_ssize_t n = owner.shape[0], count = table.shape[1], i
    cdef int64_t e, above, higher
    if (
        table.shape[0] != COLUMNS or told.shape[0] != COLUMNS or told.shape[1] != count
        or naming.shape[0] != count or naming.shape[1] != 2
    ):
        raise ValueError("the columns of the elements differ in length")
    levels, named = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.float32)
    cdef int64_t[::1] of_level = levels
    cdef float[::1] of_names = named
    for i in range(n):
        e = owner[i]
        above = table[PARENT, e] if 0 <= e < count else -1
        higher = table[PARENT, above] if 0 <= above < count else -1
        if not 0 <= higher < count:
            raise IndexError("a block lies in none of these elements")
        of_level[i], of_names[i] = max(told[LEVEL, e], max(told[LEVEL, above], told[LEVEL, higher])), naming[e, 0]
    return levels, named


cdef int checked(run) except -1:
    if not PyTuple_Check(run) or PyTuple_GET_SIZE(run) < 5 or type(<object>PyTuple_GET_ITEM(run, 0)) is not str:
        raise TypeError("a block is a tuple of text, owner, linked, links and inline hints")
    return 0


cdef class Elements:
    """The columns of `html.scan.elements.Elements` that are read here: of one length, each parent one of them."""

    def __init__(self, el):
        cdef Py_ssize_t e, n
        cdef const int64_t[:, ::1] table = el.table, told = el.told
        self.naming = el.naming
        self.count = n = table.shape[1]
        if (
            not n or table.shape[0] != COLUMNS or told.shape[0] != COLUMNS or told.shape[1] != n
            or self.naming.shape[0] != n or self.naming.shape[1] != 2
        ):
            raise ValueError("the columns of the elements differ in length")
        self.parent, self.depth, self.first, self.end = table[PARENT], table[DEPTH], table[FIRST], table[END]
        self.hints, self.tag, self.near_hints = table[HINTS], told[TAG], told[NEAR_HINTS]
        self.all_hints, self.all_flags = told[ALL_HINTS], told[ALL_FLAGS]
        self.signature, self.order = told[SIGNATURE], told[ORDER]
        for e in range(n):
            if not 0 <= self.parent[e] < n:
                raise IndexError("an element lies in none of these")
