# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The words of many texts as columns, in C: the twin of `cohesion.tokens.read_texts`, number by number in the same order."""

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring
from libc.stdint cimport int64_t
from libc.string cimport memcpy

import numpy as np

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(unsigned int char)
    bint Py_UNICODE_ISUPPER(unsigned int char)
    object PyUnicode_FromKindAndData(int kind, const void *data, Py_ssize_t size)

cdef enum:
    STEM = 7
    WORDS_READ = 14

cdef double HAN_WORD = 0.55, ABUGIDA_WORD = 0.2


cdef class Growing:
    """Numbers appended one by one."""
    cdef int64_t *data
    cdef Py_ssize_t size, room

    def __dealloc__(self):
        PyMem_Free(self.data)

    cdef int push(self, int64_t number) except -1:
        cdef void *moved
        if self.size == self.room:
            moved = PyMem_Realloc(self.data, (self.room * 2 + 256) * sizeof(int64_t))
            if moved == NULL:
                raise MemoryError
            self.data, self.room = <int64_t *>moved, self.room * 2 + 256
        self.data[self.size] = number
        self.size += 1
        return 0

    cdef object array(self):
        cdef int64_t[::1] view
        found = np.empty(self.size, dtype=np.int64)
        if self.size:
            view = found
            memcpy(&view[0], self.data, self.size * sizeof(int64_t))
        return found


cdef inline bint is_word(unsigned int char) noexcept:
    if char < 128:
        return 48 <= char <= 57 or 97 <= (char | 32) <= 122 or char == 95  # digits, letters, "_"
    return Py_UNICODE_ISALNUM(char)


cdef inline bint is_mark(unsigned int char) noexcept:
    return char >= 0x300 and (
        char <= 0x36f or 0x591 <= char <= 0x5c7 or 0x610 <= char <= 0x61a or 0x64b <= char <= 0x65f
        or 0x900 <= char <= 0xdff
    )


cdef inline bint is_unspaced(unsigned int char) noexcept:
    return char >= 0xe00 and (
        char <= 0xeff or 0x1000 <= char <= 0x109f or 0x1780 <= char <= 0x17ff or 0x3040 <= char <= 0x30ff
        or 0x31f0 <= char <= 0x31ff or 0x3400 <= char <= 0x4dbf or 0x4e00 <= char <= 0x9fff
    )


cdef Py_ssize_t run_end(int kind, const void *data, Py_ssize_t at, Py_ssize_t size, bint spaced) noexcept:
    """Where the run that starts at `at` ends; `at` where none does. With `spaced` unspaced characters are blanks."""
    cdef unsigned int char
    cdef Py_ssize_t end = at
    while end < size:
        char = PyUnicode_READ(kind, data, end)
        if not (is_word(char) or is_mark(char)) or (spaced and is_unspaced(char)):
            break
        end += 1
    if end == at:
        return at
    while end + 1 < size:
        char = PyUnicode_READ(kind, data, end)
        if char != 39 and char != 0x2019:
            break
        char = PyUnicode_READ(kind, data, end + 1)
        if not is_word(char) or (spaced and is_unspaced(char)):
            break
        end += 2
        while end < size:
            char = PyUnicode_READ(kind, data, end)
            if not is_word(char) or (spaced and is_unspaced(char)):
                break
            end += 1
    return end


cdef object stem(str text, int kind, const void *data, Py_ssize_t at, Py_ssize_t end):
    """The first characters of a run in lower case."""
    cdef unsigned char[STEM] small
    cdef Py_ssize_t size = min(end - at, <Py_ssize_t>STEM), place
    cdef unsigned int char
    for place in range(size):
        char = PyUnicode_READ(kind, data, at + place)
        if char >= 128:
            return PyUnicode_Substring(text, at, at + size).lower()
        small[place] = char + 32 if 65 <= char <= 90 else char
    return PyUnicode_FromKindAndData(1, small, size)


cdef class Reader:
    """Reads text by text; a key counts once a text, with the capital of its last use in it."""
    cdef dict vocabulary, weights
    cdef Growing ids, capital, short, seen, place
    cdef Py_ssize_t number, start, keys, capitals, known
    cdef double above, within, below
    cdef list told                  # each key as it comes, where it is asked for

    def __init__(self, dict weights):
        self.vocabulary, self.weights = {}, weights
        self.ids, self.capital, self.short = Growing(), Growing(), Growing()
        self.seen, self.place = Growing(), Growing()

    cdef int add(self, object key, bint capital) except -1:
        cdef int64_t which
        if self.told is not None:
            self.told.append(key)
        found = self.vocabulary.get(key)
        if found is None:
            which = self.short.size
            self.vocabulary[key] = which
            self.short.push(len(<str>key) <= 3 and (<str>key)[0] < 0x0e00)
            self.seen.push(-1)
            self.place.push(0)
        else:
            which = found
        if self.seen.data[which] != self.number:
            self.seen.data[which] = self.number
            self.place.data[which] = self.ids.size
            self.ids.push(which)
            self.capital.push(capital)
        else:
            self.capital.data[self.place.data[which]] = capital
        if self.keys < WORDS_READ:
            weight = self.weights.get(key)
            if weight is not None:
                self.known += 1
                self.above += <double>(<tuple>weight)[0]
                self.within += <double>(<tuple>weight)[1]
                self.below += <double>(<tuple>weight)[2]
        self.keys += 1
        self.capitals += capital
        return 0

    cdef int read(self, str text, double *size, double *chars, double *capitals, double *lexical) except -1:
        cdef int kind = PyUnicode_KIND(text)
        cdef const void *data = PyUnicode_DATA(text)
        cdef Py_ssize_t length = len(text), at = 0, end, one, runs = 0, held = 0
        cdef unsigned int char
        cdef bint unspaced = False, within
        cdef double estimate = 0.0
        if kind > 1:
            for one in range(length):
                char = PyUnicode_READ(kind, data, one)
                if is_unspaced(char):
                    unspaced = True
                    estimate += HAN_WORD if char >= 0x3000 else ABUGIDA_WORD
        self.start, self.keys, self.capitals, self.known = self.ids.size, 0, 0, 0
        self.above = self.within = self.below = 0.0
        while at < length:
            end = run_end(kind, data, at, length, False)
            if end == at:
                at += 1
                continue
            runs += 1
            held += end - at
            within = False
            if unspaced:
                for one in range(at, end):
                    if is_unspaced(PyUnicode_READ(kind, data, one)):
                        within = True
                        break
            if within and end - at > 2:
                for one in range(at, end - 1):
                    self.add(PyUnicode_Substring(text, one, one + 2), False)
            elif within:
                self.add(
                    PyUnicode_Substring(text, at, end),
                    Py_UNICODE_ISUPPER(PyUnicode_READ(kind, data, at)),
                )
            else:
                self.add(stem(text, kind, data, at, end), Py_UNICODE_ISUPPER(PyUnicode_READ(kind, data, at)))
            at = end
        if unspaced:
            runs, at = 0, 0
            while at < length:
                end = run_end(kind, data, at, length, True)
                runs += end > at
                at = end if end > at else at + 1
        size[0] = estimate + runs if unspaced else <double>runs
        chars[0] = <double>held
        capitals[0] = <double>self.capitals / <double>max(<Py_ssize_t>1, self.keys)
        if self.known:
            lexical[0] = self.above / self.known
            lexical[1] = self.within / self.known
            lexical[2] = self.below / self.known
        self.number += 1
        return 0


def read_texts(texts, dict weights):
    """As the twin's: sizes, chars, capitals, lexical, counts, ids, capital, short."""
    cdef Py_ssize_t count = len(texts), at = 0
    cdef Reader reader = Reader(weights)
    cdef double[::1] sizes, chars, capitals
    cdef double[:, ::1] lexical
    cdef int64_t[::1] counts
    made = (np.zeros(count), np.zeros(count), np.zeros(count), np.zeros((count, 3)), np.zeros(count, dtype=np.int64))
    if not count:
        return (*made, reader.ids.array(), reader.capital.array() != 0, reader.short.array() != 0)
    sizes, chars, capitals, lexical, counts = made
    for text in texts:
        reader.read(text, &sizes[at], &chars[at], &capitals[at], &lexical[at, 0])
        counts[at] = reader.ids.size - reader.start
        at += 1
    return (*made, reader.ids.array(), reader.capital.array() != 0, reader.short.array() != 0)


def keys(str text):
    """The keys of a text's words in their order, each as often as it stands."""
    cdef double size, chars, capitals
    cdef double[3] lexical
    cdef Reader reader = Reader({})
    reader.told = []
    reader.read(text, &size, &chars, &capitals, &lexical[0])
    return reader.told
