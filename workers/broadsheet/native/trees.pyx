# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Boosted trees in C: the twin of `extract.boosted.Trees._margins`, sum by sum in the same order."""


def margins(const float[:, :] rows, const int[:, ::1] feature, const double[:, ::1] threshold,
            const double[:, ::1] value, double[::1] out):
    """Add up for each of `rows` the leaves it falls into, tree by tree, into `out`."""
    cdef Py_ssize_t count = rows.shape[0], trees = feature.shape[0], inner = feature.shape[1]
    cdef Py_ssize_t columns = rows.shape[1], row, tree, node, column
    cdef const int *asked
    cdef const double *limit
    cdef double total
    cdef float[4096] numbers
    if columns > 4096:
        raise ValueError("more than 4096 columns")
    for row in range(count):
        for column in range(columns):
            numbers[column] = rows[row, column]
        total = 0.0
        for tree in range(trees):
            asked, limit = &feature[tree, 0], &threshold[tree, 0]
            node = 0
            while node < inner:
                node = 2 * node + 1 + (<double>numbers[asked[node]] > limit[node])
            total += value[tree, node - inner]
        out[row] = total
