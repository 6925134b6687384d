# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Boosted trees in C: the twin of `models.trees.Questions`, sum by sum in the same order."""

from libc.stdint cimport int32_t
from libc.stdlib cimport free, malloc

import numpy as np

cdef enum:
    LANES = 8

cdef struct Node:
    int32_t column
    float limit


cdef class Forest:
    """Full binary trees of one depth, nodes and leaves in rows, a tree a row, in the order of `models.trees`."""

    cdef object made_of
    cdef Node *nodes
    cdef const double[:, ::1] leaves
    cdef Py_ssize_t trees, inner, columns
    cdef int depth

    def __init__(self, const int32_t[:, :] feature, const float[:, :] limit, const double[:, ::1] value):
        cdef Py_ssize_t tree, at
        self.trees, self.inner = feature.shape[0], feature.shape[1]
        self.depth = self.inner.bit_length()
        if (1 << self.depth) - 1 != self.inner or not self.inner:
            raise ValueError("these are no full binary trees")
        if (limit.shape[0], limit.shape[1]) != (self.trees, self.inner):
            raise ValueError("a limit for each node is asked for")
        if (value.shape[0], value.shape[1]) != (self.trees, self.inner + 1):
            raise ValueError("a value for each leaf is asked for")
        free(self.nodes)
        self.nodes = <Node *>malloc(max(1, self.trees * self.inner) * sizeof(Node))
        if self.nodes == NULL:
            raise MemoryError
        self.columns = 0
        for tree in range(self.trees):
            for at in range(self.inner):
                if feature[tree, at] < 0:
                    raise ValueError("columns are counted from 0")
                self.columns = max(self.columns, feature[tree, at] + 1)
                self.nodes[tree * self.inner + at] = Node(feature[tree, at], limit[tree, at])
        self.leaves = value
        self.made_of = (feature.base, limit.base, value.base)

    def __dealloc__(self):
        free(self.nodes)

    def __reduce__(self):
        return Forest, self.made_of

    def margins(self, const float[:, :] rows, double[::1] out):
        """Add up for each of `rows` the leaves it falls into, tree by tree, into `out`.

        Several rows go down a tree side by side: a step of one waits for memory, the others' steps fill the wait.
        """
        cdef Py_ssize_t count = rows.shape[0], columns = rows.shape[1], row, column
        cdef int lane, lanes
        cdef float *held
        cdef double[LANES] totals
        if columns < self.columns:
            raise ValueError("the trees ask for columns that the rows do not have")
        if out.shape[0] != count:
            raise ValueError("as many sums as rows are asked for")
        held = <float *>malloc(max(1, self.columns * LANES) * sizeof(float))
        if held == NULL:
            raise MemoryError
        for row in range(0, count, LANES):
            lanes = <int>min(<Py_ssize_t>LANES, count - row)
            for lane in range(LANES):  # lanes without a row of their own repeat the last
                for column in range(self.columns):
                    held[column * LANES + lane] = rows[row + min(lane, lanes - 1), column]
            self._descend(held, totals)
            for lane in range(lanes):
                out[row + lane] = totals[lane]
        free(held)

    def chances(self, const float[:, :] rows):
        """As `models.trees.Trees.score`. Exponentials are numpy's own."""
        cdef Py_ssize_t row
        made = np.empty(rows.shape[0])
        cdef double[::1] out = made
        self.margins(rows, out)
        for row in range(out.shape[0]):
            out[row] = -out[row]
        np.exp(made, made)
        for row in range(out.shape[0]):
            out[row] = 1.0 / (1.0 + out[row])
        return made

    cdef void _descend(self, const float *held, double *totals) noexcept nogil:
        cdef Py_ssize_t tree
        cdef int lane, level
        cdef int32_t[LANES] at
        cdef const Node *nodes = self.nodes
        cdef const Node *node
        cdef const double *leaves = &self.leaves[0, 0] if self.trees else NULL
        for lane in range(LANES):
            totals[lane] = 0.0
        for tree in range(self.trees):
            for lane in range(LANES):
                at[lane] = 0
            for level in range(self.depth):
                for lane in range(LANES):
                    node = nodes + at[lane]
                    at[lane] = 2 * at[lane] + 1 + (held[node.column * LANES + lane] > node.limit)
            for lane in range(LANES):
                totals[lane] += leaves[at[lane] - self.inner]
            nodes += self.inner
            leaves += self.inner + 1
