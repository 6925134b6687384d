# cython: language_level=3, boundscheck=False, wraparound=False
"""The elements of a page in rows, as the walk adds them, and the two shapes in which they are read."""

import numpy as np

from cpython.mem cimport PyMem_Free

from broadsheet.native.interned cimport Interned
from broadsheet.native.memory cimport grown
from broadsheet.native.named cimport named
from broadsheet.native.tags cimport KNOWN, NAMELESS, Tag


cdef class Rows:
    """The first row is the root's, which has no tag."""

    def __cinit__(self):
        cdef Py_ssize_t number
        self.tags, self.places, self.names, self.room = [""], {"": 0}, Interned(), 512
        for number in range(KNOWN):
            self.numbered[number] = -1
        self.rows = <Row *>grown(NULL, self.room * sizeof(Row))
        self.add(NAMELESS, 0, 0, self.names.number(b"", 0), 0)
        self.rows[0].depth = 0

    def __dealloc__(self):
        PyMem_Free(self.rows)

    cdef Py_ssize_t add(self, Tag tag, Py_ssize_t parent, Py_ssize_t first, Py_ssize_t names,
                        long long bits) except -1:
        """The number of the new row."""
        cdef Row *row
        if self.count == self.room:
            self.room *= 2
            self.rows = <Row *>grown(self.rows, self.room * sizeof(Row))
        row = &self.rows[self.count]
        row.tag, row.flags = self._place(tag), tag.flags
        row.parent, row.depth, row.first = parent, self.rows[parent].depth + 1, first
        row.names, row.bits = names, bits
        self.count += 1
        return self.count - 1

    cdef Py_ssize_t _place(self, Tag tag) except -1:
        """Of a tag in `tags`."""
        if tag.number < KNOWN and self.numbered[tag.number] >= 0:
            return self.numbered[tag.number]
        cdef Py_ssize_t place = self.places.setdefault(tag.name, len(self.tags))
        if place == len(self.tags):
            self.tags.append(tag.name)
        if tag.number < KNOWN:
            self.numbered[tag.number] = place
        return place

    cdef object columns(self, list masks, const Py_ssize_t *owners, Py_ssize_t blocks):
        """An array of rows tag, parent, depth, first, end, names, hints; `owners` are the blocks' elements.

        `masks` hold what each of the names hints at.
        """
        cdef Py_ssize_t e, end, parent
        made = np.empty((7, self.count), dtype=np.int64)
        cdef long long[:, ::1] table = made
        for e in range(self.count):
            table[0, e], table[1, e], table[2, e] = self.rows[e].tag, self.rows[e].parent, self.rows[e].depth
            table[3, e] = table[4, e] = self.rows[e].first
            table[5, e] = self.rows[e].names
            table[6, e] = self.rows[e].bits | <long long>masks[self.rows[e].names]
        for e in range(blocks):
            table[4, owners[e]] = e + 1
        for e in range(self.count - 1, 0, -1):
            end, parent = table[4, e], table[1, e]
            if end > table[4, parent]:
                table[4, parent] = end
        return made

    cdef list tuples(self, type kind, list masks):
        """Named tuples of the kind: tag, parent, depth, first, names, hints."""
        cdef Py_ssize_t e
        cdef Row *row
        cdef list made = [None] * self.count
        for e in range(self.count):
            row = &self.rows[e]
            mask = masks[row.names]
            made[e] = named(kind, (
                self.tags[row.tag], row.parent, row.depth, row.first, self.names.texts[row.names],
                row.bits | <long long>mask if row.bits else mask,
            ))
        return made
