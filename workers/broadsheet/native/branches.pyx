# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The candidates of a page that may open a further story, and their rows, in C; `html.split.features` asks for them.

One pass over the blocks, two over the elements, then a row for each candidate. Sums run in the order of numpy's.
"""

from cpython.long cimport PyLong_AsLongLong
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring
from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.stdlib cimport calloc, free

import numpy as np

from broadsheet.native.counting cimport Table

cdef enum:
    REACH = 200     # the deepest climb to a common ancestor
    LEVELS = 4      # sets of headings: h1, h2, both, h3 too
    BRANCH = 6      # numbers of an element


cdef class Page:
    """The blocks and elements of a page as columns; see `html.split.features` for what they mean."""

    cdef readonly object words, good, total, linked
    cdef list blocks
    cdef const int64_t[::1] parent, depth, tag, level, hints, all_hints, all_flags, signature, first, end, order
    cdef int64_t[::1] owner
    cdef double[::1] word, share, upto  # words, share of links, good words before
    cdef double[:, ::1] running         # words, linked words, good blocks before each block
    cdef double[::1] inside             # good words in each element
    cdef int64_t[:, ::1] near           # the last good block before each, the first one from it on
    cdef Py_ssize_t count, elements

    def __init__(self, list blocks, el):
        cdef Py_ssize_t n = len(blocks), i, e
        cdef double chars, words, share
        cdef int64_t last = -1, following = n
        self.blocks, self.count = blocks, n
        self.read(el)
        self.words, self.good, self.total, self.linked = np.empty(n), np.empty(n), np.zeros(n + 1), np.empty(n)
        self.word, self.share, self.upto = self.words, self.linked, self.total
        cdef double[::1] good = self.good
        self.owner = np.empty(n, dtype=np.int64)
        self.running = np.zeros((n + 1, 3))
        self.near = np.empty((n, 2), dtype=np.int64)
        for i in range(n):
            run = blocks[i]
            if not PyTuple_Check(run) or PyTuple_GET_SIZE(run) < 3:
                raise TypeError("a block is a tuple of text, owner and linked")
            text = <object>PyTuple_GET_ITEM(run, 0)
            chars = _words_of(text, &words)
            self.owner[i] = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 1))
            if not 0 <= self.owner[i] < self.elements:
                raise IndexError("a block lies in none of these elements")
            share = <double>PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 2)) / max(1.0, chars)
            self.word[i], self.share[i] = words, share
            good[i] = words if words >= 10.0 and share < 0.35 else 0.0
            self.upto[i + 1] = self.upto[i] + good[i]
            self.running[i + 1, 0] = self.running[i, 0] + words
            self.running[i + 1, 1] = self.running[i, 1] + words * share
            self.running[i + 1, 2] = self.running[i, 2] + (good[i] > 0)
            self.near[i, 0] = last
            if good[i] > 0:
                last = i
        for i in range(n - 1, -1, -1):
            if good[i] > 0:
                following = i
            self.near[i, 1] = following
        self.inside = np.empty(self.elements)
        for e in range(self.elements):
            self.inside[e] = self.upto[self.end[e]] - self.upto[self.first[e]]

    cdef int read(self, el) except -1:
        """The columns of the elements that are asked about: of one length, within the page."""
        cdef Py_ssize_t e, n
        cdef const int64_t[:, ::1] table = el.table, told = el.told
        self.elements = n = table.shape[1]
        if not n or table.shape[0] != 7 or told.shape[0] != 7 or told.shape[1] != n:
            raise ValueError("the columns of the elements differ in length")
        self.parent, self.depth, self.first, self.end, self.hints = table[1], table[2], table[3], table[4], table[6]
        self.tag, self.level, self.all_hints, self.all_flags = told[0], told[1], told[3], told[4]
        self.signature, self.order = told[5], told[6]
        for e in range(n):
            if not 0 <= self.parent[e] < n or not 0 <= self.first[e] <= self.end[e] <= self.count:
                raise IndexError("an element lies outside of the page")

    cdef bint heads(self, Py_ssize_t e) noexcept:
        """Whether an upper heading opens a block."""
        return 1 <= self.level[e] <= 3 and self.end[e] > self.first[e]

    def candidates(self):
        """The blocks that may open a further story, ascending."""
        cdef Py_ssize_t e, i, found = 0
        cdef double page = self.upto[self.count]
        cdef char *opens = <char *>calloc(self.count + 1, 1)
        if opens == NULL:
            raise MemoryError
        try:
            for e in range(self.elements):
                if (self.inside[e] >= 60.0 and self.end[e] - self.first[e] >= 2) or self.heads(e):
                    opens[self.first[e]] = 1
            index = np.empty(self.count, dtype=np.int64)
            for i in range(1, self.count):
                if opens[i] and self.upto[i] >= 50.0 and page - self.upto[i] >= 50.0:
                    index[found] = i
                    found += 1
        finally:
            free(opens)
        return index[:found].copy()

    def rows(self, const int64_t[::1] index, *, words, set title, const int64_t[::1] times,
             const int64_t[::1] pictures, const int64_t[::1] bits, Py_ssize_t flags, Py_ssize_t width):
        """The rows of these candidates.

        `words` gives the words of a text, folded, `title` holds those of the page's title; `times` and `pictures` are
        the blocks that they stand before; `bits` are the places of the bits of hints.
        """
        cdef Py_ssize_t n = index.shape[0], i, at, row
        cdef Py_ssize_t columns = 3 * BRANCH + 9 + 9 + 9 + 18 + 5 + 8 * LEVELS + 4 + 2 * bits.shape[0] + flags + 6
        if columns != width:
            raise ValueError(f"{columns} columns are told, not {width}")
        for i in range(n):
            if not 0 < index[i] < self.count:
                raise IndexError("a candidate is a block after the first")
        matrix = np.empty((n, width), dtype=np.float32)
        cdef float[:, ::1] out = matrix
        cdef int64_t[:, ::1] ways = np.empty((3, n), dtype=np.int64)
        for row in range(n):
            self.climb(index[row], &ways[0, row], &ways[1, row], &ways[2, row])
        at = self.branch_numbers(out, 0, ways)
        at = self.siblings(out, at, ways)
        at = self.places(out, at, index)
        at = self.headings(out, at, index, ways[2])
        at = self.titles(out, at, index, words, title)
        at = self.hinted(out, at, index, ways[2], bits, flags)
        at = self.signs(out, at, index, times)
        at = self.signs(out, at, index, pictures)
        return matrix

    cdef void climb(self, int64_t block, int64_t *common, int64_t *left, int64_t *entered) noexcept:
        """The common ancestor with the block before, and its children towards both; 0 where none."""
        cdef int64_t a = self.owner[block - 1], b = self.owner[block], deeper
        cdef int step
        left[0], entered[0] = 0, 0
        for step in range(REACH):
            if a == b:
                break
            deeper = self.depth[a] - self.depth[b]
            if deeper >= 0:
                left[0], a = a, self.parent[a]
            if deeper <= 0:
                entered[0], b = b, self.parent[b]
        common[0] = a

    cdef Py_ssize_t branch_numbers(self, float[:, ::1] out, Py_ssize_t at, const int64_t[:, ::1] ways) noexcept:
        cdef double page = max(1.0, self.upto[self.count]), before
        cdef Py_ssize_t row, which
        cdef int64_t e, common, left, entered, blocks
        cdef float *told
        for row in range(out.shape[0]):
            told = &out[row, at]
            for which in range(3):
                e = ways[which, row]
                blocks = self.end[e] - self.first[e]
                if e > 0:
                    told[0], told[1] = <float>self.inside[e], <float>(self.inside[e] / page)
                    told[2], told[3] = <float>blocks, <float>(self.inside[e] / <double>max(1, blocks))
                    told[4], told[5] = <float>self.tag[e], <float>self.depth[e]
                else:
                    told[0], told[1], told[2], told[3], told[4], told[5] = 0, 0, 0, 0, 0, 0
                told += BRANCH
            common, left, entered = ways[0, row], ways[1, row], ways[2, row]
            before = self.upto[self.first[entered]]
            told[0] = self.signature[left] == self.signature[entered] and left > 0
            told[1] = self.tag[left] == self.tag[entered] and left > 0
            told[2] = <float>(self.inside[entered] / max(1.0, before))
            told[3] = <float>min(self.inside[left], self.inside[entered])
            told[4] = <float>(self.inside[entered] / max(1.0, self.inside[common]))
            told[5], told[6], told[7], told[8] = <float>(before / page), <float>before, <float>(page - before), <float>page
        return at + 3 * BRANCH + 9

    cdef Py_ssize_t siblings(self, float[:, ::1] out, Py_ssize_t at, const int64_t[:, ::1] ways) except -1:
        """How many elements of the same tag and names stand beside the one entered, what they hold, and the next one.

        Of all elements only those like one that is asked for are counted.
        """
        cdef Py_ssize_t n = out.shape[0], row, e, of
        cdef int64_t common, entered, span = self.end[0] + 2, most = 0
        cdef uint64_t[:, ::1] keys = np.empty((2, n), dtype=np.uint64)
        cdef double[:, ::1] held = np.zeros((3, n))
        cdef int64_t[::1] following = np.full(n, -1, dtype=np.int64)
        cdef float *told
        for e in range(self.elements):
            most, span = max(most, self.signature[e]), max(span, self.end[e] + 2)
        for row in range(n):
            entered = ways[2, row]
            keys[0, row] = self.kind(entered, most + 1)
            keys[1, row] = <uint64_t>ways[0, row] * <uint64_t>span + <uint64_t>self.end[entered]
        cdef Table kinds = Table(keys[0]), nexts = Table(keys[1])
        for e in range(self.elements):
            of = kinds.find(self.kind(e, most + 1))
            if of >= 0:
                held[0, of] += 1.0
                held[1, of] += self.inside[e]
                held[2, of] += self.inside[e] >= 60.0
            of = nexts.find(<uint64_t>self.parent[e] * <uint64_t>span + <uint64_t>self.first[e])
            if of >= 0:
                following[of] = e
        for row in range(n):
            common, entered = ways[0, row], ways[2, row]
            told = &out[row, at]
            of = kinds.find(keys[0, row])
            told[0], told[1] = <float>held[0, of], <float>(held[1, of] / held[0, of])
            told[2], told[3] = <float>held[2, of], <float>(held[2, of] / held[0, of])
            told[4] = <float>(held[1, of] / max(1.0, self.inside[common]))
            told[5], told[6] = <float>self.order[entered], <float>self.order[self.elements - 1]
            e = following[nexts.find(keys[1, row])]
            if e >= 0 and entered > 0:
                told[7], told[8] = <float>(self.inside[entered] + self.inside[e]), <float>self.tag[e]
            else:
                told[7], told[8] = 0, 0
        return at + 9

    cdef uint64_t kind(self, int64_t e, int64_t span) noexcept:
        return <uint64_t>self.parent[e] * <uint64_t>span + <uint64_t>self.signature[e]

    cdef Py_ssize_t places(self, float[:, ::1] out, Py_ssize_t at, const int64_t[::1] index) noexcept:
        """What stands just before and just after: good text, links, lengths, and the way to the next good block."""
        cdef Py_ssize_t row, n = self.count
        cdef int64_t here, last, following
        cdef int reach, by
        cdef float *told
        for row in range(out.shape[0]):
            here = index[row]
            last, following = self.near[here, 0], self.near[here, 1]
            told = &out[row, at]
            told[0], told[1] = <float>(here - last), <float>(following - here)
            told[2] = <float>(self.running[here, 0] - self.running[last + 1, 0])
            told[3] = <float>(self.running[following, 0] - self.running[here, 0])
            told[4], told[5] = <float>self.word[here], <float>self.share[here]
            told[6] = <float>(self.depth[self.owner[here]] - self.depth[self.owner[here - 1]])
            told[7], told[8] = <float>(<double>here / <double>n), <float>n
            told += 9
            for reach in (4, 12, 40):
                self.window(max(here - reach, 0), here, reach, told)
                self.window(here, min(here + reach, n), reach, told + 3)
                told += 6
            for by in (-2, -1, 1, 2, 3):
                told[0] = <float>self.word[min(max(here + by, 0), n - 1)]
                told += 1
        return at + 9 + 18 + 5

    cdef void window(self, int64_t low, int64_t high, int reach, float *told) noexcept:
        told[0] = <float>(self.upto[high] - self.upto[low])
        told[1] = <float>((self.running[high, 1] - self.running[low, 1]) / <double>reach)
        told[2] = <float>(self.running[high, 2] - self.running[low, 2])

    cdef Py_ssize_t headings(self, float[:, ::1] out, Py_ssize_t at, const int64_t[::1] index,
                             const int64_t[::1] entered) except -1:
        """Headings opened here, before and after: how many, and the good words between."""
        cdef Py_ssize_t n = self.count, e, row, which, heads, past, upto
        cdef int64_t here, following
        cdef double[::1] total = self.upto
        cdef int64_t[::1] firsts = np.empty(self.elements, dtype=np.int64)
        cdef float *told
        for which in range(LEVELS):
            heads = 0
            for e in range(self.elements):
                if self.heads(e) and (self.level[e] == which + 1 if which < 2 else self.level[e] <= which):
                    if heads and self.first[e] < firsts[heads - 1]:
                        raise ValueError("elements stand in the order of their first blocks")
                    firsts[heads] = self.first[e]
                    heads += 1
            for row in range(out.shape[0]):
                here = index[row]
                past, upto = _before(firsts, heads, here), _before(firsts, heads, here + 1)
                following = firsts[past] if past < heads else n
                told = &out[row, at]
                told[0], told[1], told[2] = upto > past, <float>past, <float>(heads - upto)
                told[3] = <float>(total[here] - total[firsts[past - 1] if past else 0])
                told[4] = <float>(total[following] - total[here])
                told[5] = <float>min(following - here, 50)
                told[6] = <float>(_before(firsts, heads, self.end[entered[row]]) - past) if entered[row] > 0 else 0
                told[7] = <float>(total[firsts[past + 1] if past + 1 < heads else n] - total[following])
            at += 8
        return at

    cdef Py_ssize_t titles(self, float[:, ::1] out, Py_ssize_t at, const int64_t[::1] index, words,
                           set title) except -1:
        """How far the words are those of the page's title and first heading; whether the text stands twice."""
        cdef Py_ssize_t row, i
        cdef str text, first = ""
        cdef set own, heading
        cdef dict times = {}
        cdef double size
        for i in range(self.elements):
            if self.level[i] == 1 and self.heads(i):
                first = self.text(self.first[i])
                break
        heading = set(words(first))
        for row in range(index.shape[0]):
            times[self.text(index[row])] = 0
        for i in range(self.count):
            text = self.text(i)
            if PyUnicode_GET_LENGTH(text) < 200 and text in times:
                times[text] += 1
        for row in range(index.shape[0]):
            text = self.text(index[row])
            own = set(words(PyUnicode_Substring(text, 0, 300)))
            size = <double>max(1, len(own))
            out[row, at] = <float>(<double>len(own & title) / size)
            out[row, at + 1] = <float>(<double>len(own & heading) / size)
            out[row, at + 2] = text == first
            out[row, at + 3] = <float>(times[text] or 1)
        return at + 4

    cdef str text(self, int64_t block):
        return <str>(<object>PyTuple_GET_ITEM(self.blocks[block], 0))

    cdef Py_ssize_t hinted(self, float[:, ::1] out, Py_ssize_t at, const int64_t[::1] index,
                           const int64_t[::1] entered, const int64_t[::1] bits, Py_ssize_t flags) noexcept:
        """What names on the element entered and on those around the block hint at, and the tags around it."""
        cdef Py_ssize_t row, k, count = bits.shape[0]
        cdef int64_t around, own, tags
        for row in range(out.shape[0]):
            around, tags = self.all_hints[self.owner[index[row]]], self.all_flags[self.owner[index[row]]]
            own = self.hints[entered[row]] | self.hints[self.parent[entered[row]]]
            for k in range(count):
                out[row, at + k] = <float>((around >> (bits[k] & 63)) & 1)
                out[row, at + count + k] = <float>((own >> (bits[k] & 63)) & 1)
            for k in range(flags):
                out[row, at + 2 * count + k] = <float>((tags >> (k & 63)) & 1)
        return at + 2 * count + flags

    cdef Py_ssize_t signs(self, float[:, ::1] out, Py_ssize_t at, const int64_t[::1] index,
                          const int64_t[::1] places) except -1:
        """How many of these stand just after and just before, and on the page."""
        cdef Py_ssize_t row, i, n = self.count
        cdef int64_t here
        cdef int64_t[::1] before = np.zeros(n + 2, dtype=np.int64)
        for i in range(places.shape[0]):
            if places[i] < 0:
                raise ValueError("blocks are counted from 0")
            before[min(places[i], n) + 1] += 1
        for i in range(n + 1):
            before[i + 1] += before[i]
        for row in range(out.shape[0]):
            here = index[row]
            out[row, at] = <float>(before[min(here + 8, n + 1)] - before[here])
            out[row, at + 1] = <float>(before[here] - before[max(here - 8, 0)])
            out[row, at + 2] = <float>places.shape[0]
        return at + 3


cdef double _words_of(text, double *words) except -1:
    """The characters of a text, and its words as estimated from them; an empty one has none in its middle."""
    cdef Py_ssize_t size
    if type(text) is not str or not text:
        raise ValueError("a block has a text")
    size = PyUnicode_GET_LENGTH(text)
    if PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), size // 2) >= 0x0E00:
        words[0] = <double>size / 2.0
    else:
        words[0] = <double>size / 6.0
    return <double>size


cdef Py_ssize_t _before(const int64_t[::1] places, Py_ssize_t count, int64_t limit) noexcept:
    """How many of the places, ascending, are below a limit."""
    cdef Py_ssize_t low = 0, high = count, middle
    while low < high:
        middle = (low + high) // 2
        if places[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low
