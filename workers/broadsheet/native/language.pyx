# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The walk of py3langid's automaton over a text, in C: what `langid.visit_counts` counts, and the rows to weigh.

The sum over the rows stays numpy's, as the model's own code has it: so every score is the same to the last bit.
"""

import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, uint16_t, uint32_t
from libc.string cimport memset

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define broadsheet_prefetch(address) __builtin_prefetch(address)
    #else
    #define broadsheet_prefetch(address) ((void)(address))
    #endif
    """
    void broadsheet_prefetch(const void *address) noexcept

cdef float[65536] HALVES


def _fill() -> None:
    cdef const float[::1] numbers = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    cdef Py_ssize_t i
    for i in range(65536):
        HALVES[i] = numbers[i]


_fill()


def visited(bytes text not None, const uint32_t[::1] moves, const uint16_t[::1] rows, const int32_t[::1] outputs,
            const uint16_t[:, ::1] table):
    """How often the automaton gives each feature on its way, and the features' rows of `table`, both as float32.

    In the order of first visits. `moves` holds the next states, 256 for each row; `rows` tells each state's row,
    `outputs` its feature or -1. `table` holds float16 numbers as they lie in memory. All of them must hold to each
    other's bounds.
    """
    cdef Py_ssize_t size = len(text), slots = 16, at, found = 0, slot, column, columns = table.shape[1]
    cdef const unsigned char *letters = text
    cdef uint32_t state = 0
    cdef int32_t feature
    cdef const uint16_t *row
    cdef float *to
    cdef float[:, ::1] numbers
    cdef float[::1] counted
    while slots < 2 * size:
        slots *= 2
    cdef int32_t *features = <int32_t *>PyMem_Malloc((size + 1) * sizeof(int32_t))
    cdef int32_t *counts = <int32_t *>PyMem_Malloc((size + 1) * sizeof(int32_t))
    cdef int32_t *places = <int32_t *>PyMem_Malloc(slots * sizeof(int32_t))
    try:
        if features is NULL or counts is NULL or places is NULL:
            raise MemoryError
        memset(places, 0xFF, slots * sizeof(int32_t))
        for at in range(size):
            state = moves[(<Py_ssize_t>rows[state] << 8) + letters[at]]
            feature = outputs[state]
            if feature < 0:
                continue
            slot = (<uint32_t>feature * 2654435761u >> 7) & (slots - 1)
            while places[slot] >= 0 and features[places[slot]] != feature:
                slot = (slot + 1) & (slots - 1)
            if places[slot] < 0:
                for column in range(0, columns, 32):
                    broadsheet_prefetch(&table[feature, column])
                places[slot], features[found], counts[found] = <int32_t>found, feature, 0
                found += 1
            counts[places[slot]] += 1
        tally, gathered = np.empty(found, np.float32), np.empty((found, columns), np.float32)
        counted, numbers = tally, gathered
        for at in range(found):
            counted[at] = <float>counts[at]
            row, to = &table[features[at], 0], &numbers[at, 0]
            for column in range(columns):
                to[column] = HALVES[row[column]]
        return tally, gathered
    finally:
        PyMem_Free(features)
        PyMem_Free(counts)
        PyMem_Free(places)
