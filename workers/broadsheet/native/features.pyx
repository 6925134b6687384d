# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The block model's rows: `html.body.features_text`, `features_tree` and `features_near` say what their columns mean.

One pass over the elements, one over the rows for each group of columns. Numbers are rounded where numpy rounds them:
sums are float64, what a block's own numbers are compared with float32. Sums are of whole numbers and exact in any
order.
"""

from libc.stdint cimport int32_t, int64_t, uint64_t

import numpy as np

from broadsheet.native.columns cimport Elements
from broadsheet.native.counting cimport grouped, logarithms
from broadsheet.native.texts cimport CHARS, COMMAS, ENDS_STOP, LINES, LINKED, NAMING, STOPS, TEXTS, WORDING, WORDS

cdef enum:
    SUMS = 8        # what is summed over elements, in the order of `features_tree`
    ABOVE = 6       # ancestors
    KINDS = 7       # numbers told of each of them
    GROUPS = 4      # kinds of groups of blocks
    AROUND = 11     # numbers of what is around, beside bits
    NEAR = 20       # the columns of `features_near`

cdef enum:
    K_SHARE, K_RATIO, K_GOODS, K_BLOCKS, K_GOODRATE, K_STOPSRATE, K_TAG

cdef enum:
    S_GOODS, S_CHARS, S_LINKED, S_GOOD, S_COUNT, S_PROSE, S_STOPS, S_WORDS


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
        logarithms(goods)
        logarithms(blocks)
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
            count = grouped(keys[kind], group)
            held[:, :count] = 0.0
            for i in range(n):
                of = group[i]
                held[0, of] += 1.0
                held[1, of] += self.base[i, S_GOODS]
                held[2, of] += self.base[i, S_GOOD]
                held[3, of] += self.base[i, S_CHARS]
                held[4, of] += self.base[i, S_LINKED]
            logs[:, :count] = held[:2, :count]
            logarithms(logs[0, :count])
            logarithms(logs[1, :count])
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
