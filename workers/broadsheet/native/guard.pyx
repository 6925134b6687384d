# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Counts over a page's bytes before it is parsed: the twin of what `html.scan.guard` counts with regular expressions."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.string cimport memchr, memcmp, memset

cdef enum:
    LONGEST = 21                    # letters of a name that are looked at
    FEW = 512                       # places for different names, to begin with


cdef inline unsigned char _lower(unsigned char c) noexcept nogil:
    return c + 32 if 65 <= c <= 90 else c


cdef inline bint _blank(unsigned char c) noexcept nogil:
    """What a regular expression over bytes takes for white space."""
    return c == 32 or 9 <= c <= 13


def tags_and_roots(bytes data):
    """How many "<" there are, and how many of them begin an html or body tag outside of such a tag."""
    cdef const unsigned char *at = <const unsigned char *>PyBytes_AS_STRING(data)
    cdef const unsigned char *end = at + PyBytes_GET_SIZE(data)
    cdef const unsigned char *inside = at
    cdef Py_ssize_t tags = 0, roots = 0
    cdef unsigned char c
    while True:
        at = <const unsigned char *>memchr(at, 60, end - at)
        if at is NULL:
            return tags, roots
        at += 1
        tags += 1
        if at >= inside and end - at >= 5:
            c = _lower(at[0])
            if (c == 104 and _is(at, b"html") or c == 98 and _is(at, b"body")) and (at[4] == 47 or _blank(at[4])):
                roots += 1
                inside = <const unsigned char *>memchr(at, 62, end - at)
                inside = end if inside is NULL else inside


cdef bint _is(const unsigned char *at, const char *word) noexcept nogil:
    cdef int i
    for i in range(4):
        if _lower(at[i]) != <unsigned char>word[i]:
            return False
    return True


cdef struct Open:
    int length                      # of the name; 0 where the place is free
    unsigned char[LONGEST] name
    Py_ssize_t now
    Py_ssize_t most


def most_open(bytes data):
    """For each name of a tag, in lower case and cut to 21 letters, the most that are open at once."""
    cdef const unsigned char *at = <const unsigned char *>PyBytes_AS_STRING(data)
    cdef const unsigned char *end = at + PyBytes_GET_SIZE(data)
    cdef size_t room = FEW, count = 0, i, place
    cdef Open *names = _places(room)
    cdef Open *more
    cdef Open *one
    cdef bint closing
    cdef int length
    cdef unsigned int hashed
    cdef unsigned char[LONGEST] name
    cdef dict found = {}
    try:
        while True:
            at = <const unsigned char *>memchr(at, 60, end - at)
            if at is NULL:
                break
            at += 1
            closing = at < end and at[0] == 47
            if closing:
                at += 1
            if at >= end or not 97 <= _lower(at[0]) <= 122:
                at -= closing       # a slash is no tag's end
                continue
            length, hashed = 0, 2166136261
            while at < end and length < LONGEST and at[0] != 47 and at[0] != 62 and not _blank(at[0]):
                name[length] = _lower(at[0])
                hashed = (hashed ^ name[length]) * 16777619
                length += 1
                at += 1
            place = hashed & (room - 1)
            while names[place].length and (
                names[place].length != length or memcmp(names[place].name, name, length) != 0
            ):
                place = (place + 1) & (room - 1)
            one = &names[place]
            if not one.length:
                one.length = length
                for i in range(<size_t>length):
                    one.name[i] = name[i]
                count += 1
            if not closing:
                one.now += 1
                one.most = max(one.most, one.now)
            elif one.now:
                one.now -= 1
            if 2 * count > room:
                more = _places(2 * room)
                for i in range(room):
                    if names[i].length:
                        hashed = 2166136261
                        for length in range(names[i].length):
                            hashed = (hashed ^ names[i].name[length]) * 16777619
                        place = hashed & (2 * room - 1)
                        while more[place].length:
                            place = (place + 1) & (2 * room - 1)
                        more[place] = names[i]
                PyMem_Free(names)
                names, room = more, 2 * room
        for i in range(room):
            if names[i].most:
                found[PyBytes_FromStringAndSize(<char *>names[i].name, names[i].length)] = names[i].most
        return found
    finally:
        PyMem_Free(names)


cdef Open *_places(size_t room) except NULL:
    cdef Open *made = <Open *>PyMem_Malloc(room * sizeof(Open))
    if made is NULL:
        raise MemoryError
    memset(made, 0, room * sizeof(Open))
    return made
