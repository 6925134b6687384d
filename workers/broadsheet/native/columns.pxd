# The columns of a page's elements and blocks.
from libc.stdint cimport int64_t

cdef enum:          # the rows of `Elements.table`
    PARENT = 1
    DEPTH, FIRST, END
    HINTS = 6
    COLUMNS

cdef enum:          # and of `Elements.told`, as many
    TAG, LEVEL, NEAR_HINTS, ALL_HINTS, ALL_FLAGS, SIGNATURE, ORDER

cdef int checked(object run) except -1


cdef class Elements:
    cdef const int64_t[::1] parent, depth, tag, hints, near_hints, all_hints, all_flags, signature, first, end, order
    cdef const float[:, ::1] naming
    cdef Py_ssize_t count
