# cython: language_level=3, boundscheck=False, wraparound=False
"""What stands around a page's blocks, in C."""

from cython.view cimport array
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE

from broadsheet.native.named cimport named

cdef inline object field(object row, Py_ssize_t at):
    """A row's field; rows are the tree's named tuples."""
    if not PyTuple_Check(row) or not 0 <= at < PyTuple_GET_SIZE(row):
        raise TypeError("not a row of the tree")
    return <object>PyTuple_GET_ITEM(row, at)


cdef class Around:
    """As `html.scan.around.PlainAround`, which says what is promised."""

    cdef list elements, reasons, paths
    cdef dict tags
    cdef long long[64] bits
    cdef list named
    cdef long long any_bit
    cdef Py_ssize_t longest
    cdef type removed

    def __init__(self, list elements not None, dict tags not None, tuple bits not None, Py_ssize_t longest,
                 type removed not None):
        cdef Py_ssize_t at
        if len(bits) > 64:
            raise ValueError("more than 64 bits")
        self.elements, self.tags, self.longest, self.removed = elements, tags, longest, removed
        self.named = [named for _, named in bits]
        self.any_bit = 0
        for at in range(len(bits)):
            self.bits[at] = bits[at][0]
            self.any_bit |= self.bits[at]
        self.reasons, self.paths = [None] * len(elements), [None] * len(elements)
        if elements:
            self.reasons[0] = self.paths[0] = ""

    cdef int look(self, Py_ssize_t e) except -1:
        """See to it that the element's reason and path are known."""
        cdef list climbed = []
        cdef Py_ssize_t above, at
        cdef long long hints
        if not 0 <= e < len(self.paths):
            raise IndexError(e)
        while self.paths[e] is None:
            climbed.append(e)
            above = field(self.elements[e], 1)
            if not 0 <= above < e:
                raise ValueError(f"element {e} stands in {above}")
            e = above
        while climbed:
            above, e = e, climbed.pop()
            element = self.elements[e]
            tag = field(element, 0)
            hints = field(element, 5)
            reason = self.tags.get(tag)
            if reason is None and hints & self.any_bit:
                at = 0
                while not hints & self.bits[at]:
                    at += 1
                reason = self.named[at]
            path = <str?>self.paths[above]
            if len(<str>path) > self.longest:
                path = path[len(<str>path) - self.longest:]
            self.reasons[e] = self.reasons[above] if reason is None else reason
            self.paths[e] = f"{path}/{tag}" if path else tag
        return 0

    def told(self, Py_ssize_t e):
        self.look(e)
        return self.reasons[e], self.paths[e]

    def dropped(self, list blocks not None, indices):
        cdef Py_ssize_t at, owner
        cdef list made = []
        for at in indices:
            if not 0 <= at < len(blocks):
                raise IndexError(at)
            run = blocks[at]
            owner = field(run, 1)
            self.look(owner)
            text = <str?>field(run, 0)
            reason = self.reasons[owner]
            if not reason:
                reason = "links" if 2 * <long long>field(run, 2) > len(<str>text) else "outside-body"
            made.append(named(self.removed, (reason, text, None, self.paths[owner], at)))
        return made


def tagged(list elements not None, str tag not None):
    """The places of the elements with this tag, ascending."""
    cdef Py_ssize_t e
    cdef list found = []
    for e in range(len(elements)):
        if field(elements[e], 0) == tag:
            found.append(e)
    return found


def rows_of(list elements not None, list ends not None, list words not None, long long least, Py_ssize_t count,
            double enough):
    """The elements that hold `least` words or more, beside `count` or more such of one parent, `enough` words together."""
    cdef Py_ssize_t size = len(elements), blocks = len(words), e, first, end, above
    cdef long long held
    cdef list found = []
    if len(ends) != size:
        raise ValueError("not an end for each element")
    # Sums of words before each block; of each element the words it holds, its parent, and how many words and elements
    # of `least` it has within.
    cdef long long[::1] sums = array(shape=(blocks + 1,), itemsize=sizeof(long long), format="q")
    cdef long long[:, ::1] of = array(shape=(size + 1, 4), itemsize=sizeof(long long), format="q")
    sums[0] = 0
    for e in range(blocks):
        sums[e + 1] = sums[e] + <long long>words[e]
    of[:, :] = 0
    for e in range(1, size):
        above, first, end = field(elements[e], 1), field(elements[e], 3), ends[e]
        if not (0 <= above < size and 0 <= first <= blocks and 0 <= end <= blocks):
            raise ValueError(f"element {e} stands outside of the page")
        held = sums[end] - sums[first]
        of[e, 0], of[e, 1] = held, above
        if held >= least:
            of[above, 2] += held
            of[above, 3] += 1
    for e in range(1, size):
        above = of[e, 1]
        if of[e, 0] >= least and of[above, 3] >= count and <double>of[above, 2] >= enough:
            found.append(e)
    return found


def nearest_of(list elements not None, Py_ssize_t e, dict tags not None, Py_ssize_t reach):
    """The nearest of an element and those around it that has one of these tags, within `reach` steps; -1 if none."""
    cdef Py_ssize_t above
    while e > 0 and reach > 0:
        if e >= len(elements):
            raise IndexError(e)
        element = elements[e]
        if field(element, 0) in tags:
            return e
        above = field(element, 1)
        e, reach = above, reach - 1
    return -1


def nearest(list elements not None, Py_ssize_t e, str tag not None):
    """The nearest of an element and those around it that has this tag; -1 if none."""
    cdef Py_ssize_t above
    while e > 0:
        if e >= len(elements):
            raise IndexError(e)
        element = elements[e]
        if field(element, 0) == tag:
            return e
        above = field(element, 1)
        if above >= e:
            raise ValueError(f"element {e} stands in {above}")
        e = above
    return -1
