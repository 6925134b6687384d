# The elements of a page in rows.
from broadsheet.native.interned cimport Interned
from broadsheet.native.tags cimport KNOWN, Tag

cdef struct Row:
    Py_ssize_t tag                  # a place in `tags`
    Py_ssize_t parent
    Py_ssize_t depth
    Py_ssize_t first                # the blocks before it
    Py_ssize_t names                # a place in `names`
    long long bits                  # what its attributes but the names hint at
    int flags                       # of its tag


cdef class Rows:
    cdef readonly list tags
    cdef Interned names
    cdef Row *rows
    cdef Py_ssize_t count, room
    cdef dict places                # of tags by name; of those with a number, by that too, -1 where not met
    cdef Py_ssize_t[KNOWN] numbered

    cdef Py_ssize_t add(self, Tag tag, Py_ssize_t parent, Py_ssize_t first, Py_ssize_t names, long long bits) except -1
    cdef Py_ssize_t _place(self, Tag tag) except -1
    cdef object columns(self, list masks, const Py_ssize_t *owners, Py_ssize_t blocks)
    cdef list tuples(self, type kind, list masks)
