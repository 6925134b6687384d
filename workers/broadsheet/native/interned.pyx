# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Texts in UTF-8 of which each is made once: a page's thousands of elements have some hundred names."""

from cpython.mem cimport PyMem_Free
from libc.string cimport memcmp, memcpy

from broadsheet.native.lexbor cimport Span, decoded
from broadsheet.native.memory cimport grown


cdef class Interned:
    """`texts` in the order in which they were first met."""

    def __cinit__(self):
        self.texts, self.room, self.spelt_room = [], 256, 4096
        self._widen()
        self.spelt = <unsigned char *>grown(NULL, self.spelt_room)

    def __dealloc__(self):
        PyMem_Free(self.known)
        PyMem_Free(self.spelt)

    cdef Py_ssize_t number(self, const unsigned char *text, Py_ssize_t length) except -1:
        """The place in `texts`; `text` may be NULL where its length is 0."""
        cdef unsigned long long hashed = _hash(text, length)
        cdef size_t at = hashed & (self.room - 1)
        cdef Known *slot = &self.known[at]
        cdef Span made
        while slot.number:
            if slot.hash == hashed and slot.length == length and (
                not length or memcmp(self.spelt + slot.at, text, length) == 0
            ):
                return slot.number - 1
            at = (at + 1) & (self.room - 1)
            slot = &self.known[at]
        if self.spelt_length + length > self.spelt_room:
            self.spelt_room = 2 * (self.spelt_length + length)
            self.spelt = <unsigned char *>grown(self.spelt, self.spelt_room)
        if length:
            memcpy(self.spelt + self.spelt_length, text, length)
        made.data, made.length = text, length
        self.texts.append(decoded(made))
        slot.hash, slot.at, slot.length, slot.number = hashed, self.spelt_length, length, len(self.texts)
        self.spelt_length += length
        if 2 * len(self.texts) > <Py_ssize_t>self.room:
            self._widen()
        return len(self.texts) - 1

    cdef int _widen(self) except -1:
        cdef Known *old = self.known
        cdef size_t room = self.room if old is not NULL else 0, i, at
        self.known, self.room = <Known *>grown(NULL, 2 * self.room * sizeof(Known)), 2 * self.room
        for i in range(self.room):
            self.known[i].number = 0
        for i in range(room):
            if old[i].number:
                at = old[i].hash & (self.room - 1)
                while self.known[at].number:
                    at = (at + 1) & (self.room - 1)
                self.known[at] = old[i]
        PyMem_Free(old)
        return 0


cdef unsigned long long _hash(const unsigned char *text, Py_ssize_t length) noexcept nogil:
    """Eight bytes at a time, by FNV's prime."""
    cdef unsigned long long hashed = 1469598103934665603ULL, word
    cdef Py_ssize_t i = 0
    while i + 8 <= length:
        memcpy(&word, text + i, 8)
        hashed = (hashed ^ word) * 1099511628211ULL
        hashed ^= hashed >> 29
        i += 8
    while i < length:
        hashed = (hashed ^ text[i]) * 1099511628211ULL
        i += 1
    return hashed ^ hashed >> 32
