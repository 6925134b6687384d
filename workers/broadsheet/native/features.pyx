# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The block model's rows in C: the twin of `html.body.features_text`, `features_tree` and `features_near` together.

And of `html.body.scores.settled`. One pass over the texts, one over the elements, one over the rows for each group of
columns. Numbers are rounded where numpy rounds them there:
sums are float64, what a block's own numbers are compared with float32. Sums are of whole numbers and exact in any
order. Logarithms are numpy's own.
"""

from cpython.long cimport PyLong_AsLongLong
from cpython.object cimport PyObject_Hash
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring,
)
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    bint Py_UNICODE_ISALNUM(Py_UCS4 char)
    int PyUnicode_Contains(object container, object element) except -1

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    TEXTS = 13      # a block's own numbers, in the order of `features_text.TEXT_NAMES`
    SUMS = 8        # what is summed over elements, in the order of `features_tree`
    ABOVE = 6       # ancestors
    KINDS = 7       # numbers told of each of them
    KNOWN_LOGS = 8192
    PART = 255

cdef enum:
    WORDS, CHARS, LINKED, LINES, COMMAS, STOPS, ENDS_STOP, REPEATS, IN_TITLE, IN_DESCRIPTION, IS_TITLE, WORDING, NAMING

cdef enum:
    GROUPS = 4      # kinds of groups of blocks
    AROUND = 11     # numbers of what is around, beside bits
    NEAR = 20       # the columns of `features_near`

cdef enum:          # the rows of `Elements.table`
    PARENT = 1
    DEPTH, FIRST, END
    HINTS = 6
    COLUMNS

cdef enum:          # and of `Elements.told`, as many
    TAG, LEVEL, NEAR_HINTS, ALL_HINTS, ALL_FLAGS, SIGNATURE, ORDER

cdef enum:
    K_SHARE, K_RATIO, K_GOODS, K_BLOCKS, K_GOODRATE, K_STOPSRATE, K_TAG

cdef enum:
    S_GOODS, S_CHARS, S_LINKED, S_GOOD, S_COUNT, S_PROSE, S_STOPS, S_WORDS

_logs = np.log1p(np.arange(KNOWN_LOGS, dtype=np.float64))
cdef const double[::1] LOGS = _logs



def columns(list blocks):
    """The owners and the inline hints of blocks, a column each."""
    cdef Py_ssize_t n = len(blocks), i
    made = np.empty((2, n), dtype=np.int64)
    cdef int64_t[:, ::1] out = made
    for i in range(n):
        run = blocks[i]
        _checked(run)
        out[0, i] = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 1))
        out[1, i] = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 4))
    return made[0], made[1]


def owned(const int64_t[::1] owner, const int64_t[:, ::1] table, const int64_t[:, ::1] told,
          const float[:, ::1] naming):
    """Of each block the level of its heading, as `features_near.levels`, and what its own element's names say.

    The others are those of `html.scan.elements.Elements`.
    """
    cdef Py_ssize_t n = owner.shape[0], count = table.shape[1], i
    cdef int64_t e, above, higher
    if table.shape[0] != COLUMNS or told.shape[0] != COLUMNS or told.shape[1] != count or naming.shape[0] != count or naming.shape[1] != 2:
        raise ValueError("the columns of the elements differ in length")
    levels, named = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.float32)
    cdef int64_t[::1] of_level = levels
    cdef float[::1] of_names = named
    for i in range(n):
        e = owner[i]
        above = table[PARENT, e] if 0 <= e < count else -1
        higher = table[PARENT, above] if 0 <= above < count else -1
        if not 0 <= higher < count:
            raise IndexError("a block lies in none of these elements")
        of_level[i], of_names[i] = max(told[LEVEL, e], max(told[LEVEL, above], told[LEVEL, higher])), naming[e, 0]
    return levels, named


cdef int _checked(run) except -1:
    if not PyTuple_Check(run) or PyTuple_GET_SIZE(run) < 5 or type(<object>PyTuple_GET_ITEM(run, 0)) is not str:
        raise TypeError("a block is a tuple of text, owner, linked, links and inline hints")
    return 0


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
            _checked(run)
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


cdef class Elements:
    """The columns of `html.scan.elements.Elements` that are read here: of one length, each parent one of them."""

    cdef const int64_t[::1] parent, depth, tag, hints, near_hints, all_hints, all_flags, signature, first, end, order
    cdef const float[:, ::1] naming
    cdef Py_ssize_t count

    def __init__(self, el):
        cdef Py_ssize_t e, n
        cdef const int64_t[:, ::1] table = el.table, told = el.told
        self.naming = el.naming
        self.count = n = table.shape[1]
        if (
            not n or table.shape[0] != COLUMNS or told.shape[0] != COLUMNS or told.shape[1] != n
            or self.naming.shape[0] != n or self.naming.shape[1] != 2
        ):
            raise ValueError("the columns of the elements differ in length")
        self.parent, self.depth, self.first, self.end = table[PARENT], table[DEPTH], table[FIRST], table[END]
        self.hints, self.tag, self.near_hints = table[HINTS], told[TAG], told[NEAR_HINTS]
        self.all_hints, self.all_flags = told[ALL_HINTS], told[ALL_FLAGS]
        self.signature, self.order = told[SIGNATURE], told[ORDER]
        for e in range(n):
            if not 0 <= self.parent[e] < n:
                raise IndexError("an element lies in none of these")


def rows(el, const int64_t[::1] owner, const int64_t[::1] inline, const int64_t[::1] level, const float[:, ::1] text,
         said, *, own, containers, shifts, Py_ssize_t lo, int64_t articles, int64_t paragraph, Py_ssize_t width):
    """The index and the matrix of `html.body.features.Rows`, of at least one block.

    `own` are the columns of `text` that are told; `containers` are (column, share, whether told in detail); `shifts`
    the places of the bits of the near hints, of all hints and of the tags; `paragraph` is the code of the tag p.
    """
    page = Page(Elements(el), owner, inline, level, text, lo, paragraph)
    index = page.asked()
    cdef Py_ssize_t told = len(own) + KINDS * ABOVE + sum([4 + 8 * detailed for _, _, detailed in containers])
    told += GROUPS * 5 + sum(map(len, shifts)) + AROUND + NEAR + len(said)
    if told != width:
        raise ValueError(f"{told} columns are told, not {width}")
    matrix = np.empty((len(index), width), dtype=np.float32)
    page.fill(index, matrix, said, own, containers, shifts, articles)
    return index, matrix


cdef class Page:
    """A range of blocks within its elements, with the sums over both: see `features_tree.Place`."""

    cdef Elements el
    cdef const int64_t[::1] owner, inline, level
    cdef const float[:, ::1] text
    cdef Py_ssize_t blocks
    cdef float[:, ::1] base
    cdef float[::1] density
    cdef double[:, ::1] sums        # before each block, and of all
    cdef double[:, ::1] inside      # of each element
    cdef int64_t[:, ::1] span       # of each element, within the range
    cdef float[:, ::1] ancestry     # what is told of each element as an ancestor
    cdef double[SUMS] total

    def __init__(self, Elements el, const int64_t[::1] owner, const int64_t[::1] inline, const int64_t[::1] level,
                 const float[:, ::1] text, Py_ssize_t lo, int64_t paragraph):
        cdef Py_ssize_t n = owner.shape[0], i, e, k
        cdef float words, good
        cdef float *base
        self.el, self.owner, self.inline, self.level, self.text, self.blocks = el, owner, inline, level, text, n
        if not n or inline.shape[0] != n or level.shape[0] != n or text.shape[0] != n or text.shape[1] != TEXTS:
            raise ValueError("numbers of each block are asked for")
        self.sums = np.zeros((n + 1, SUMS))
        self.base = np.empty((n, SUMS), dtype=np.float32)
        self.density = np.empty(n, dtype=np.float32)
        for i in range(n):
            if not 0 <= owner[i] < el.count:
                raise IndexError("a block lies in none of these elements")
            words = text[i, WORDS]
            self.density[i] = text[i, LINKED] / max(text[i, CHARS], <float>1)
            good = words >= <float>10 and self.density[i] < <float>0.35
            base = &self.base[i, 0]
            base[S_GOODS], base[S_CHARS], base[S_LINKED] = words * good, text[i, CHARS], text[i, LINKED]
            base[S_GOOD], base[S_COUNT] = good, 1
            base[S_PROSE] = words * good if el.tag[owner[i]] == paragraph else 0
            base[S_STOPS], base[S_WORDS] = text[i, STOPS], words
            for k in range(SUMS):
                self.sums[i + 1, k] = self.sums[i, k] + <double>base[k]
        for k in range(SUMS):
            self.total[k] = max(self.sums[n, k], 1e-6)
        self.inside = np.empty((el.count, SUMS))
        self.span = np.empty((el.count, 2), dtype=np.int64)
        for e in range(el.count):
            self.span[e, 0] = min(max(el.first[e] - lo, 0), n)
            self.span[e, 1] = min(max(el.end[e] - lo, 0), n)
            for k in range(SUMS):
                self.inside[e, k] = self.sums[self.span[e, 1], k] - self.sums[self.span[e, 0], k]
        self.ancestry = self._ancestry()

    cdef float[:, ::1] _ancestry(self):
        cdef Py_ssize_t count = self.el.count, e
        cdef const double *inside
        cdef float *row
        cdef float[:, ::1] told = np.empty((count, KINDS), dtype=np.float32)
        cdef double[::1] goods = np.empty(count), blocks = np.empty(count)
        for e in range(count):
            goods[e], blocks[e] = self.inside[e, S_GOODS], self.inside[e, S_COUNT]
        _logarithms(goods)
        _logarithms(blocks)
        for e in range(count):
            inside, row = &self.inside[e, 0], &told[e, 0]
            row[K_SHARE] = <float>(inside[S_GOODS] / self.total[S_GOODS])
            row[K_RATIO] = <float>(inside[S_LINKED] / max(inside[S_CHARS], 1.0))
            row[K_GOODS], row[K_BLOCKS] = <float>goods[e], <float>blocks[e]
            row[K_GOODRATE] = <float>(inside[S_GOOD] / max(inside[S_COUNT], 1.0))
            row[K_STOPSRATE] = <float>(inside[S_STOPS] / max(inside[S_WORDS], 1.0))
            row[K_TAG] = <float>self.el.tag[e]
        return told

    cdef asked(self):
        """The blocks that have a row: all but short ones that are links; at least one."""
        cdef Py_ssize_t i, count = 0
        found = np.zeros(self.blocks, dtype=np.int64)
        cdef int64_t[::1] index = found
        for i in range(self.blocks):
            if self.text[i, WORDS] >= <float>6 or self.text[i, LINKED] < <float>0.8 * self.text[i, CHARS]:
                index[count] = i
                count += 1
        return found[: max(count, 1)]

    cdef int fill(self, const int64_t[::1] index, float[:, ::1] out, said, own, containers, shifts,
                  int64_t articles) except -1:
        """All columns of the rows, in the order of `html.body.features.FEATURE_NAMES`."""
        cdef Py_ssize_t at = 0, row, column
        cdef float number
        for column in own:
            if not 0 <= column < TEXTS:
                raise IndexError("there is no such number of a block")
            for row in range(index.shape[0]):
                out[row, at] = self.text[index[row], column]
            at += 1
        at = self._ancestors(index, out, at)
        for column, share, detailed in containers:
            if not 0 <= column < SUMS:
                raise IndexError("there is no such sum")
            at = self._container(index, out, at, self._box(column, share), detailed)
        at = self._groups(index, out, at)
        at = self._around(index, out, at, shifts, articles)
        at = self._line(index, out, at)
        for number in said:
            for row in range(index.shape[0]):
                out[row, at] = number
            at += 1

    cdef Py_ssize_t _ancestors(self, const int64_t[::1] index, float[:, ::1] out, Py_ssize_t at) noexcept:
        cdef Py_ssize_t row, above, kind
        cdef int64_t e
        for row in range(index.shape[0]):
            e = self.owner[index[row]]
            for above in range(ABOVE):
                for kind in range(KINDS):
                    out[row, at + kind * ABOVE + above] = self.ancestry[e, kind]
                e = self.el.parent[e]
        return at + KINDS * ABOVE

    cdef Py_ssize_t _box(self, Py_ssize_t column, double share) noexcept:
        """The deepest element that holds a share of a column; from a half up these are one chain: the last."""
        cdef Py_ssize_t e, found = 0
        cdef int64_t depth = -1
        cdef double least = share * self.total[column]
        for e in range(self.el.count):
            if self.inside[e, column] >= least and (share >= 0.5 or self.el.depth[e] > depth):
                found, depth = e, self.el.depth[e]
        return found

    cdef Py_ssize_t _container(self, const int64_t[::1] index, float[:, ::1] out, Py_ssize_t at, Py_ssize_t box,
                               bint detailed) except -1:
        cdef int64_t a = self.span[box, 0], b = self.span[box, 1], here, lead = a, tail = b
        cdef Py_ssize_t row, i
        cdef int64_t[::1] branch
        cdef int64_t child
        for row in range(index.shape[0]):
            here = index[row]
            out[row, at] = a <= here < b
            out[row, at + 1] = <float>(<double>(here - a) / <double>max(b - a, 1))
            out[row, at + 2] = <float>(here - a)
            out[row, at + 3] = <float>(b - here)
        if not detailed:
            return at + 4
        for i in range(b - 1, a - 1, -1):
            if self.base[i, S_GOODS] > 0:
                lead = i
                if tail == b:
                    tail = i
        branch = self._branches(box)
        for row in range(index.shape[0]):
            here = index[row]
            child = branch[self.owner[here]]
            out[row, at + 4] = <float>(here - lead)
            out[row, at + 5] = <float>(tail - here)
            out[row, at + 6] = <float>self.el.depth[box]
            out[row, at + 7] = <float>(self.el.depth[self.owner[here]] - self.el.depth[box])
            out[row, at + 8] = self.ancestry[child, K_SHARE]
            out[row, at + 9] = self.ancestry[child, K_RATIO]
            out[row, at + 10] = self.ancestry[child, K_TAG]
            out[row, at + 11] = self.ancestry[child, K_BLOCKS]
        return at + 12

    cdef int64_t[::1] _branches(self, Py_ssize_t box):
        """For each element the child of `box` it lies in, or the child of whatever it shares with `box`."""
        cdef Py_ssize_t count = self.el.count, e, steps
        cdef int64_t up
        cdef int64_t[::1] branch = np.zeros(count, dtype=np.int64)
        branch[0] = -1
        e = box
        for steps in range(count):  # -1: on the way from the root to the box
            if e <= 0:
                break
            branch[e] = -1
            e = self.el.parent[e]
        for e in range(count):
            up = self.el.parent[e]
            if branch[e] != -1:
                # Those after their parents, as all are that hold blocks, find it done.
                branch[e] = e if branch[up] == -1 or up >= e else branch[up]
        for e in range(count):
            if branch[e] == -1:
                branch[e] = e
        return branch

    cdef Py_ssize_t _groups(self, const int64_t[::1] index, float[:, ::1] out, Py_ssize_t at) except -1:
        """What the blocks with the same surroundings have: three names, one name, the names above, the tags."""
        cdef Py_ssize_t n = self.blocks, i, row, kind, of, count
        cdef int64_t owner, above, two
        cdef uint64_t s0, s1, s2
        cdef uint64_t[:, ::1] keys = np.empty((GROUPS, n), dtype=np.uint64)
        cdef int32_t[::1] group = np.empty(n, dtype=np.int32)
        cdef double[:, ::1] held = np.empty((5, n))
        cdef double[:, ::1] logs = np.empty((2, n))
        cdef Elements el = self.el
        for i in range(n):
            owner = self.owner[i]
            above = el.parent[owner]
            two = el.parent[above]
            s0, s1, s2 = <uint64_t>el.signature[owner], <uint64_t>el.signature[above], <uint64_t>el.signature[two]
            keys[0, i] = (s0 * 1_000_003 + s1) * 1_000_003 + s2
            keys[1, i] = s0
            keys[2, i] = s1 * 1_000_003 + s2
            keys[3, i] = <uint64_t>(((el.tag[owner] * 64 + el.tag[above]) * 64 + el.tag[two]) * 64 + el.depth[owner])
        for kind in range(GROUPS):
            count = _grouped(keys[kind], group)
            held[:, :count] = 0.0
            for i in range(n):
                of = group[i]
                held[0, of] += 1.0
                held[1, of] += self.base[i, S_GOODS]
                held[2, of] += self.base[i, S_GOOD]
                held[3, of] += self.base[i, S_CHARS]
                held[4, of] += self.base[i, S_LINKED]
            logs[:, :count] = held[:2, :count]
            _logarithms(logs[0, :count])
            _logarithms(logs[1, :count])
            for row in range(index.shape[0]):
                of = group[index[row]]
                out[row, at] = <float>logs[0, of]
                out[row, at + 1] = <float>logs[1, of]
                out[row, at + 2] = <float>(held[1, of] / self.total[S_GOODS])
                out[row, at + 3] = <float>(held[2, of] / held[0, of])
                out[row, at + 4] = <float>(held[4, of] / max(held[3, of], 1.0))
            at += 5
        return at

    cdef Py_ssize_t _around(self, const int64_t[::1] index, float[:, ::1] out, Py_ssize_t at, shifts,
                            int64_t articles) except -1:
        """Hints of what stands around, depth, names by their learned weights, and the page as a whole."""
        cdef const int64_t[::1] near, every, tags
        near, every, tags = shifts
        cdef Elements el = self.el
        cdef Py_ssize_t row, k, column
        cdef int64_t owner, above, two, own
        cdef float *told
        cdef float[5] page
        page[0], page[1] = <float>self.total[S_GOODS], <float>self.total[S_COUNT]
        page[2] = <float>(self.total[S_LINKED] / max(self.total[S_CHARS], 1.0))
        page[3] = <float>(self.total[S_PROSE] / self.total[S_GOODS])
        page[4] = <float>articles
        for row in range(index.shape[0]):
            owner = self.owner[index[row]]
            own = el.hints[owner] | self.inline[index[row]]
            above = el.parent[owner]
            two = el.parent[above]
            column = at
            column = _bits(out[row], column, el.near_hints[owner] | own, near)
            column = _bits(out[row], column, el.all_hints[owner] | own, every)
            column = _bits(out[row], column, el.all_flags[owner], tags)
            told = &out[row, column]
            told[0], told[1] = <float>el.depth[owner], <float>el.order[owner]
            told[2], told[3] = el.naming[owner, 1], el.naming[above, 0]
            told[4], told[5] = el.naming[two, 0], el.naming[el.parent[two], 0]
            for k in range(5):
                told[6 + k] = page[k]
        return at + near.shape[0] + every.shape[0] + tags.shape[0] + AROUND

    cdef Py_ssize_t _line(self, const int64_t[::1] index, float[:, ::1] out, Py_ssize_t at) except -1:
        """What stands before and after: neighbours, windows, headings; see `features_near`."""
        cdef Py_ssize_t n = self.blocks, row, i, width, k
        cdef int64_t here, last, first_h1 = -1, good = -1, h1 = -1, heading = -1
        cdef double total = self.total[S_GOODS], before, upto
        cdef float *told
        cdef int64_t[:, ::1] past = np.empty((3, n), dtype=np.int64)  # last good one and last h1 before, last heading
        cdef int64_t[::1] coming = np.empty(n, dtype=np.int64)  # next h1
        for i in range(n):
            past[0, i], past[1, i] = good, h1
            if self.base[i, S_GOOD] > 0:
                good = i
            if self.level[i] == 1:
                h1 = i
                if first_h1 < 0:
                    first_h1 = i
            if self.level[i] > 0 and self.density[i] < <float>0.9:
                heading = i
            past[2, i] = heading
        h1 = -1
        for i in range(n - 1, -1, -1):
            coming[i] = h1
            if self.level[i] == 1:
                h1 = i
        for row in range(index.shape[0]):
            here = index[row]
            told = &out[row, at]
            before, upto = self.sums[here, S_GOODS], self.sums[here + 1, S_GOODS]
            told[0] = here > 0 and self._same_names(here, here - 1)
            told[1] = here + 1 < n and self._same_names(here, here + 1)
            told[2] = <float>(<double>here / <double>n)
            told[3] = <float>min(n - here, 400)
            told[4], told[5], told[6] = <float>before, <float>(before / total), <float>((total - upto) / total)
            told[7], told[8] = self._ratio_near(here, 3), self._ratio_near(here, 8)
            told[9] = <float>(before - self.sums[max(here - 20, 0), S_GOODS])
            told[10] = <float>(self.sums[min(here + 21, n), S_GOODS] - upto)
            told[11] = <float>(min(here - past[0, here], 200) if past[0, here] >= 0 else 250)
            told[12] = <float>(min(here - past[1, here], 200) if past[1, here] >= 0 else 250)
            told[13] = <float>(min(coming[here] - here, 200) if coming[here] >= 0 else 250)
            last = past[2, here]
            told[14] = <float>min(here - last, 200)
            if last >= 0:
                told[15], told[16] = <float>self.level[last], self.text[last, WORDS]
                told[17], told[18] = self.text[last, WORDING], <float>(before - self.sums[last, S_GOODS])
            else:
                told[15], told[16], told[17], told[18] = -1, -1, 0, -1
            told[19] = <float>(here - first_h1 if first_h1 >= 0 else -999)
        return at + NEAR

    cdef bint _same_names(self, int64_t block, int64_t other) noexcept:
        return self.el.signature[self.owner[block]] == self.el.signature[self.owner[other]]

    cdef float _ratio_near(self, int64_t here, int64_t width) noexcept:
        """The share of links in a window."""
        cdef int64_t a = max(here - width, 0), b = min(here + width + 1, self.blocks)
        cdef double chars = self.sums[b, S_CHARS] - self.sums[a, S_CHARS]
        return <float>((self.sums[b, S_LINKED] - self.sums[a, S_LINKED]) / max(chars, 1.0))


cdef Py_ssize_t _bits(float[::1] row, Py_ssize_t at, int64_t mask, const int64_t[::1] shifts) noexcept:
    cdef Py_ssize_t k
    for k in range(shifts.shape[0]):
        row[at + k] = <float>((mask >> (shifts[k] & 63)) & 1)
    return at + shifts.shape[0]


cdef int _logarithms(double[::1] values) except -1:
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


cdef int32_t _grouped(const uint64_t[::1] keys, int32_t[::1] group) except -1:
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


def settled(const double[::1] scores, double kept, double doubtful, double lonely, Py_ssize_t reach):
    """As `html.body.scores.settled`, by its limits."""
    found = np.array(scores)
    _settle(found, kept, doubtful, lonely, reach)
    return found


def judged(const int64_t[::1] index, const double[::1] chances, Py_ssize_t count, double kept, double doubtful,
           double lonely, Py_ssize_t reach):
    """So many scores, settled: those of the blocks that have a row, and 0."""
    cdef Py_ssize_t i
    if chances.shape[0] != index.shape[0]:
        raise ValueError("a chance for each row is asked for")
    found = np.zeros(count)
    cdef double[::1] out = found
    for i in range(index.shape[0]):
        if not 0 <= index[i] < count:
            raise IndexError("there is no such block")
        out[index[i]] = chances[i]
    _settle(out, kept, doubtful, lonely, reach)
    return found


cdef int _settle(double[::1] scores, double kept, double doubtful, double lonely, Py_ssize_t reach) except -1:
    cdef Py_ssize_t n = scores.shape[0], i, near
    cdef bint company = False
    cdef int32_t *filled    # how many are, before each
    cdef uint8_t *lone
    if n < 3:
        return 0
    filled, lone = <int32_t *>calloc(n + 1, sizeof(int32_t)), <uint8_t *>calloc(n, 1)
    try:
        if filled == NULL or lone == NULL:
            raise MemoryError
        for i in range(n):
            filled[i + 1] = filled[i] + (
                scores[i] >= kept
                or (0 < i < n - 1 and scores[i] >= doubtful and scores[i - 1] >= kept and scores[i + 1] >= kept)
            )
        for i in range(n):
            if filled[i + 1] > filled[i]:
                near = filled[min(i + reach + 1, n)] - filled[max(i - reach, 0)]
                lone[i] = scores[i] < lonely and near == 1
                company = company or not lone[i]
                scores[i] = max(scores[i], kept)
        if company:
            for i in range(n):
                if lone[i]:
                    scores[i] = 0.0
    finally:
        free(filled)
        free(lone)
    return 0


def hinted(list blocks, Py_ssize_t lo, const double[::1] scores, double kept, const int64_t[::1] hints):
    """The hints of the elements that own those of the blocks from `lo` on whose score is at least `kept`, joined."""
    cdef Py_ssize_t i
    cdef int64_t owner, found = 0
    if lo < 0 or lo + scores.shape[0] > len(blocks):
        raise IndexError("there are no such blocks")
    for i in range(scores.shape[0]):
        if scores[i] >= kept:
            run = blocks[lo + i]
            _checked(run)
            owner = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(run, 1))
            if not 0 <= owner < hints.shape[0]:
                raise IndexError("a block lies in none of these elements")
            found |= hints[owner]
    return found
