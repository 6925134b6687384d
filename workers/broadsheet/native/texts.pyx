# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a page's texts say in numbers, each by itself and beside the title: see `html.body.features_text`."""

from cpython.long cimport PyLong_AsLongLong
from cpython.object cimport PyObject_Hash
from cpython.tuple cimport PyTuple_GET_ITEM
from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring,
)
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

from broadsheet.native.columns cimport checked

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    bint Py_UNICODE_ISALNUM(Py_UCS4 char)
    int PyUnicode_Contains(object container, object element) except -1

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    PART = 255      # characters that are counted in a number of their own width


def text_numbers(list blocks, const float[::1] naming, const int64_t[::1] levels, str title, str description,
                 dict weights):
    """As `features_text.text_numbers`; `weights` are those of words that a text begins with."""
    cdef Py_ssize_t n = len(blocks), i, size
    cdef int64_t linked
    cdef float *row
    cdef bint titled
    if naming.shape[0] != n or levels.shape[0] != n:
        raise ValueError("a number for each block is asked for")
    numbers = np.zeros((n, TEXTS), dtype=np.float32)
    cdef float[:, ::1] out = numbers
    cdef int32_t[::1] same = _alike(blocks)
    cdef int32_t[::1] times = np.zeros(n, dtype=np.int32)
    for i in range(n):
        times[same[i]] += 1
    for i in range(n):
        run = blocks[i]
        text = <object>PyTuple_GET_ITEM(run, 0)
        linked = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 2))
        size = PyUnicode_GET_LENGTH(text)
        row = &out[i, 0]
        row[CHARS], row[LINKED], row[NAMING] = <float>size, <float>linked, naming[i]
        if not _own_numbers(text, linked, row):
            continue
        row[REPEATS] = <float>times[same[i]]
        titled = 8 < size < 160 and PyUnicode_Contains(title, text)
        row[IN_TITLE] = titled
        if size > 8 and description:
            row[IN_DESCRIPTION] = PyUnicode_Contains(description, PyUnicode_Substring(text, 0, 40))
        row[IS_TITLE] = titled and (<str>title).startswith(text)
        if levels[i]:
            row[WORDING] = sum(_edge_weights(text, weights))
    return numbers


cdef list _edge_weights(str text, dict weights):
    """The weights of `features_text.edge_words`."""
    cdef str start = PyUnicode_Substring(text, 0, 48).lower()
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(start), at = 0, begin
    cdef int kind = PyUnicode_KIND(start)
    cdef void *data = PyUnicode_DATA(start)
    cdef list found = []
    while at < size and len(found) < 6:
        begin = at
        while at < size and Py_UNICODE_ISALNUM(PyUnicode_READ(kind, data, at)):
            at += 1
        if at > begin:
            found.append(PyUnicode_Substring(start, begin, at))
        at += 1
    if not found:
        return []
    words = ["^" + <str>found[0], " ".join(found[:2])]
    if len(found) > 1:
        words += found
    return [weights.get(word, 0.0) for word in words]


cdef bint _own_numbers(text, int64_t linked, float *row) except -1:
    """What a text says by itself; False where the block is only a link: then its words alone."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef bint plain = PyUnicode_IS_ASCII(text)
    if kind == 1:
        return _counted(<const uint8_t *>data, size, plain, linked, row)
    if kind == 2:
        return _counted(<const uint16_t *>data, size, plain, linked, row)
    return _counted(<const uint32_t *>data, size, plain, linked, row)


cdef bint _counted(const Char *text, Py_ssize_t size, bint plain, int64_t linked, float *row) noexcept:
    cdef Py_ssize_t lines = _times(text, size, 10), words = _times(text, size, 32) + lines + 1, commas, stops, at
    if size > 12 * words and not plain:
        words = max(words, _unspaced(text, size) // 2)
    row[WORDS] = <float>words
    if (words < 6 and linked >= 0.8 * <double>size) or not size:
        return False
    commas, stops = _times(text, size, 44), _times_in_a_row(text, size, 46, 32)
    if Char is not uint8_t:
        if not plain and size >= 160:
            commas += _times(text, size, 0x3001) + _times(text, size, 0xFF0C) + _times_in_a_row(text, size, 0x060C, 32)
            stops += _times(text, size, 0x3002)
    row[LINES], row[COMMAS], row[STOPS] = <float>lines, <float>commas, <float>stops
    row[ENDS_STOP] = _stops(text[size - 1]) or (size > 1 and _closes(text[size - 1]) and _stops(text[size - 2]))
    return True


cdef Py_ssize_t _times(const Char *text, Py_ssize_t size, Char char) noexcept:
    """How often a character stands in a text. A part at a time, counted in as few bits as the compiler can use."""
    cdef Py_ssize_t found = 0, at = 0, end
    cdef Char part
    while at < size:
        part, end = 0, min(size, at + PART)
        while at < end:
            part += text[at] == char
            at += 1
        found += part
    return found


cdef Py_ssize_t _times_in_a_row(const Char *text, Py_ssize_t size, Char char, Char after) noexcept:
    """How often a character stands before another."""
    cdef Py_ssize_t found = 0, at = 0, end
    cdef Char part
    while at < size - 1:
        part, end = 0, min(size - 1, at + PART)
        while at < end:
            part += (text[at] == char) & (text[at + 1] == after)
            at += 1
        found += part
    return found


cdef Py_ssize_t _unspaced(const Char *text, Py_ssize_t size) noexcept:
    """Characters of scripts without spaces."""
    cdef Py_ssize_t found = 0, at
    cdef uint32_t c
    if Char is not uint8_t:
        for at in range(size):
            c = text[at]
            found += (
                (0x0E00 <= c <= 0x0EFF) or (0x1000 <= c <= 0x109F) or (0x1780 <= c <= 0x17FF)
                or (0x3040 <= c <= 0x30FF) or (0x3400 <= c <= 0x9FFF)
            )
    return found


cdef bint _stops(uint32_t c) noexcept:
    return (c == 46 or c == 33 or c == 63 or c == 0x3002 or c == 0xFF01 or c == 0xFF1F or c == 0x2026 or c == 0x06D4
            or c == 0x0964 or c == 0x061F)


cdef bint _closes(uint32_t c) noexcept:
    return c == 34 or c == 0x201D or c == 39 or c == 0xBB or c == 41 or c == 93


cdef int32_t[::1] _alike(list blocks):
    """A number for each block, the same where texts are the same: that of the first of them."""
    cdef Py_ssize_t n = len(blocks), room = 16, i, at, other
    cdef Py_hash_t *hashes
    cdef int32_t *table
    numbers = np.empty(n, dtype=np.int32)
    cdef int32_t[::1] same = numbers
    if n > 1 << 28:
        raise ValueError("too many blocks")
    while room < 2 * n:
        room *= 2
    hashes = <Py_hash_t *>malloc(max(1, n) * sizeof(Py_hash_t))
    table = <int32_t *>calloc(room, sizeof(int32_t))
    try:
        if hashes == NULL or table == NULL:
            raise MemoryError
        for i in range(n):
            run = blocks[i]
            checked(run)
            text = <object>PyTuple_GET_ITEM(run, 0)
            hashes[i] = PyObject_Hash(text)
            at = <Py_ssize_t>(<size_t>hashes[i] & <size_t>(room - 1))
            while True:
                other = table[at] - 1
                if other < 0:
                    table[at] = <int32_t>(i + 1)
                    same[i] = <int32_t>i
                    break
                if hashes[other] == hashes[i]:
                    run = blocks[other]
                    if <str>(<object>PyTuple_GET_ITEM(run, 0)) == <str>text:
                        same[i] = <int32_t>other
                        break
                at = (at + 1) & (room - 1)
    finally:
        free(hashes)
        free(table)
    return same
