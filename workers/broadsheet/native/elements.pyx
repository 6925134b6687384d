# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What elements are, and what they have from those around them."""

import numpy as np

cdef enum:
    TAG, PARENT, DEPTH, FIRST, END, NAMES, HINTS, COLUMNS       # the rows of `ElementColumns.table`

cdef enum:
    CODE, LEVEL, NEAR_HINTS, ALL_HINTS, ALL_FLAGS, SIGNATURE, ORDER, TOLD


def derived(const long long[:, ::1] table, list codes not None, list weights not None,
            const long long[::1] flag_of_code, const long long[::1] level_of_code, long long signature_tags,
            long long article):
    """As `html.scan.elements.derived`."""
    cdef Py_ssize_t count = table.shape[1], e, above, code
    cdef long long order = 0
    if table.shape[0] != COLUMNS:
        raise ValueError("not the columns of elements")
    told, naming = np.empty((TOLD, count), dtype=np.int64), np.empty((count, 2), dtype=np.float32)
    cdef long long[:, ::1] out = told
    cdef float[:, ::1] names = naming
    cdef double[::1] sums = np.empty(count)
    for e in range(count):
        above = table[PARENT, e]
        if not 0 <= above < max(e, 1):
            raise ValueError("an element stands before the one around it")
        if not (0 <= table[TAG, e] < len(codes) and 0 <= table[NAMES, e] < len(weights)):
            raise IndexError("there is no such tag or name")
        code = codes[<Py_ssize_t>table[TAG, e]]
        if not (0 <= code < flag_of_code.shape[0] and code < level_of_code.shape[0]):
            raise IndexError("there is no such code")
        order += code == article
        out[CODE, e], out[LEVEL, e], out[ORDER, e] = code, level_of_code[code], order
        out[SIGNATURE, e] = table[NAMES, e] * signature_tags + code
        out[NEAR_HINTS, e] = table[HINTS, e] | table[HINTS, above] | table[HINTS, table[PARENT, above]]
        names[e, 0] = <float><double>weights[<Py_ssize_t>table[NAMES, e]]
        if e:
            out[ALL_HINTS, e] = out[ALL_HINTS, above] | table[HINTS, e]
            out[ALL_FLAGS, e] = out[ALL_FLAGS, above] | flag_of_code[code]
            sums[e] = sums[above] + names[e, 0]
        else:
            out[ALL_HINTS, e] = out[ALL_FLAGS, e] = 0
            sums[e] = 0.0
        names[e, 1] = <float>sums[e]
    return told, naming
