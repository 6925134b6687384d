# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Logarithms of counts, as numpy gives them, numbers for what is the same, and the places of keys."""

from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

cdef enum:
    KNOWN_LOGS = 8192

_logs = np.log1p(np.arange(KNOWN_LOGS, dtype=np.float64))
cdef const double[::1] LOGS = _logs


cdef int logarithms(double[::1] values) except -1:
    """log1p in place, as numpy gives it: whole numbers by the table, others asked for all at once."""
    cdef Py_ssize_t i, others = 0
    cdef double value
    for i in range(values.shape[0]):
        value = values[i]
        if 0 <= value < KNOWN_LOGS and value == <double><int32_t>value:
            values[i] = LOGS[<int32_t>value]
        else:
            values[i] = -value  # below zero, where no logarithm of a count is, until it is their turn
            others += 1
    if not others:
        return 0
    places = [i for i in range(values.shape[0]) if values[i] < 0]
    cdef const double[::1] found = np.log1p(np.array([-values[i] for i in places]))
    for i in range(len(places)):
        values[<Py_ssize_t>places[i]] = found[i]
    return 0


cdef int32_t grouped(const uint64_t[::1] keys, int32_t[::1] group) except -1:
    """A number for each key, the same for the same ones, counted from 0; gives how many there are."""
    cdef Py_ssize_t n = keys.shape[0], room = 16, i, at
    cdef int32_t count = 0
    cdef int32_t *table
    cdef int32_t *first
    while room < 2 * n:
        room *= 2
    table = <int32_t *>calloc(room, sizeof(int32_t))
    first = <int32_t *>malloc(max(1, n) * sizeof(int32_t))
    try:
        if table == NULL or first == NULL:
            raise MemoryError
        for i in range(n):
            at = <Py_ssize_t>(((keys[i] * <uint64_t>0x9E3779B97F4A7C15) >> 20) & <uint64_t>(room - 1))
            while table[at] and keys[first[table[at] - 1]] != keys[i]:
                at = (at + 1) & (room - 1)
            if not table[at]:
                first[count] = <int32_t>i
                count += 1
                table[at] = count
            group[i] = table[at] - 1
    finally:
        free(table)
        free(first)
    return count


cdef class Table:
    """Finds a key among some: gives the place of the first that is the same, -1 where none is."""

    def __cinit__(self, const uint64_t[::1] keys):
        cdef Py_ssize_t i
        cdef size_t at
        self.keys, self.room = keys, 16
        while self.room < 4 * <size_t>keys.shape[0]:
            self.room *= 2
        self.slots = <int32_t *>calloc(self.room, sizeof(int32_t))
        if self.slots == NULL:
            raise MemoryError
        for i in range(keys.shape[0]):
            at = self.slot(keys[i])
            if not self.slots[at]:
                self.slots[at] = <int32_t>(i + 1)

    def __dealloc__(self):
        free(self.slots)

    cdef size_t slot(self, uint64_t key) noexcept:
        cdef size_t at = <size_t>((key * <uint64_t>0x9E3779B97F4A7C15) >> 20) & (self.room - 1)
        while self.slots[at] and self.keys[self.slots[at] - 1] != key:
            at = (at + 1) & (self.room - 1)
        return at

    cdef Py_ssize_t find(self, uint64_t key) noexcept:
        return <Py_ssize_t>self.slots[self.slot(key)] - 1
