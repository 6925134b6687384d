# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The walk of py3langid's automaton over a text, in C: what `langid.visit_counts` counts, and the rows to weigh.

The model's steps are 39 MB, which no cache keeps: a walk waits for memory at every byte. So sixteen parts of a text are
walked at once, each from a few bytes before its own. That is enough to be in the state in which the part before it
ends, as a state stands for the last few bytes; where it is not, the part is walked again.

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
    #define LANES 16
    #define LEAD 6
    """
    void broadsheet_prefetch(const void *address) noexcept
    const Py_ssize_t LANES, LEAD

cdef float[65536] HALVES
"""What float16 numbers are, by their bits."""


def _fill():
    cdef const float[::1] numbers = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    cdef Py_ssize_t i
    for i in range(65536):
        HALVES[i] = numbers[i]


_fill()


cdef class Automaton:
    """A model's automaton. A state is named by its row, times 256, and its number among the states of that row."""

    cdef uint32_t[::1] moves
    cdef const uint16_t[:, ::1] table
    cdef uint32_t *firsts
    cdef int32_t *features
    cdef uint32_t start

    def __init__(self, uint32_t[::1] moves, const uint16_t[::1] rows, const int32_t[::1] outputs,
                 const uint16_t[:, ::1] table):
        """`moves` holds the next states, 256 for each row; `rows` tells each state's row, `outputs` its feature or -1.

        `table` holds a row of float16 numbers for each feature, as they lie in memory. Raises ValueError where they do
        not hold to each other's bounds, and where more than 256 states share a row. `moves` is kept, and written to.
        """
        cdef Py_ssize_t states = rows.shape[0], count = moves.shape[0] // 256, at
        cdef uint32_t *names
        cdef uint32_t start
        if self.features is not NULL or outputs.shape[0] != states or states < 1 or not 1 <= count <= 1 << 16:
            raise ValueError("a row and an output for each state")
        for at in range(moves.shape[0]):
            if moves[at] >= <uint32_t>states:
                raise ValueError("no such state")
        for at in range(states):
            if rows[at] >= count or outputs[at] >= table.shape[0]:
                raise ValueError("no such row")
        names = <uint32_t *>PyMem_Malloc(states * sizeof(uint32_t))
        self.firsts = <uint32_t *>PyMem_Malloc((count + 1) * sizeof(uint32_t))
        self.features = <int32_t *>PyMem_Malloc(states * sizeof(int32_t))
        try:
            if names is NULL or self.firsts is NULL or self.features is NULL:
                raise MemoryError
            memset(self.firsts, 0, (count + 1) * sizeof(uint32_t))
            for at in range(states):
                names[at] = self.firsts[rows[at] + 1]
                self.firsts[rows[at] + 1] += 1
                if names[at] > 255:
                    raise ValueError("the states of a row are too many")
                names[at] |= <uint32_t>rows[at] << 8
            for at in range(count):
                self.firsts[at + 1] += self.firsts[at]
            for at in range(states):
                self.features[self.firsts[rows[at]] + (names[at] & 255)] = outputs[at]
            start = names[0]
            for at in range(moves.shape[0]):
                moves[at] = names[moves[at]]
        finally:
            PyMem_Free(names)
        self.moves, self.table, self.start = moves, table, start

    def __dealloc__(self):
        PyMem_Free(self.firsts)
        PyMem_Free(self.features)

    def visited(self, bytes text not None):
        """How often a text gives each feature, and the features' rows of the table, in the order of first visits.

        Both as float32.
        """
        cdef Py_ssize_t size = len(text), slots = 16, at, found = 0, slot, column, columns
        cdef uint32_t state
        cdef int32_t feature
        cdef const uint16_t *row
        cdef float *to
        cdef float[:, ::1] numbers
        cdef float[::1] counted
        if self.moves is None:
            raise ValueError("no automaton")
        columns = self.table.shape[1]
        while slots < 2 * size:
            slots *= 2
        cdef uint32_t *states = <uint32_t *>PyMem_Malloc((size + 1) * sizeof(uint32_t))
        cdef int32_t *features = <int32_t *>PyMem_Malloc((size + 1) * sizeof(int32_t))
        cdef int32_t *counts = <int32_t *>PyMem_Malloc((size + 1) * sizeof(int32_t))
        cdef int32_t *places = <int32_t *>PyMem_Malloc(slots * sizeof(int32_t))
        try:
            if states is NULL or features is NULL or counts is NULL or places is NULL:
                raise MemoryError
            _walk(&self.moves[0], text, size, self.start, states)
            memset(places, 0xFF, slots * sizeof(int32_t))
            for at in range(size):
                state = states[at]
                feature = self.features[self.firsts[state >> 8] + (state & 255)]
                if feature < 0:
                    continue
                slot = (<uint32_t>feature * 2654435761u >> 7) & (slots - 1)
                while places[slot] >= 0 and features[places[slot]] != feature:
                    slot = (slot + 1) & (slots - 1)
                if places[slot] < 0:
                    for column in range(0, columns, 32):
                        broadsheet_prefetch(&self.table[feature, column])
                    places[slot], features[found], counts[found] = <int32_t>found, feature, 0
                    found += 1
                counts[places[slot]] += 1
            tally, gathered = np.empty(found, np.float32), np.empty((found, columns), np.float32)
            counted, numbers = tally, gathered
            for at in range(found if columns else 0):
                counted[at] = <float>counts[at]
                row, to = &self.table[features[at], 0], &numbers[at, 0]
                for column in range(columns):
                    to[column] = HALVES[row[column]]
            return tally, gathered
        finally:
            PyMem_Free(states)
            PyMem_Free(features)
            PyMem_Free(counts)
            PyMem_Free(places)


cdef void _walk(const uint32_t *moves, const unsigned char *text, Py_ssize_t size, uint32_t start,
                uint32_t *states) noexcept:
    """The state after each byte of a text."""
    cdef uint32_t[LANES] state, begun
    cdef Py_ssize_t part = size // LANES, at, lane
    if part < LEAD:
        _follow(moves, text, states, 0, size, start)
        return
    for lane in range(LANES):
        state[lane] = start
    for at in range(LEAD):
        for lane in range(1, LANES):
            state[lane] = moves[(state[lane] & ~255u) | text[lane * part - LEAD + at]]
    for lane in range(LANES):
        begun[lane] = state[lane]
    for at in range(part):
        for lane in range(LANES):
            state[lane] = moves[(state[lane] & ~255u) | text[lane * part + at]]
            states[lane * part + at] = state[lane]
    for lane in range(1, LANES):
        if begun[lane] != states[lane * part - 1]:
            _follow(moves, text, states, lane * part, (lane + 1) * part, states[lane * part - 1])
    _follow(moves, text, states, LANES * part, size, states[LANES * part - 1])


cdef void _follow(const uint32_t *moves, const unsigned char *text, uint32_t *states, Py_ssize_t start,
                  Py_ssize_t end, uint32_t state) noexcept:
    cdef Py_ssize_t at
    for at in range(start, end):
        state = moves[(state & ~255u) | text[at]]
        states[at] = state
