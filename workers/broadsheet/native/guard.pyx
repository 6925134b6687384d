# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Counts over a page's bytes before it is parsed."""

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


def tags_and_options(bytes data):
    """How many "<" there are, and how many of them begin the tag of an option."""
    cdef const unsigned char *at = <const unsigned char *>PyBytes_AS_STRING(data)
    cdef const unsigned char *end = at + PyBytes_GET_SIZE(data)
    cdef Py_ssize_t tags = 0, options = 0
    while True:
        at = <const unsigned char *>memchr(at, 60, end - at)
        if at is NULL:
            return tags, options
        at += 1
        tags += 1
        if end - at >= 6 and _named(at, 6, b"option", 6):
            options += 1


def attributes(bytes data):
    """Of the attributes of the page's tags: the sum of squares of how many each tag has, how many all have, the most that
    one has, and how many those of html and body have together.

    Tags are read as a tokenizer reads them: quoted values, comments and raw texts are passed over. Inside a drawing or a
    formula a raw text may be none: there it is read too, and whatever is open at its end ends with it.
    """
    cdef const unsigned char *at = <const unsigned char *>PyBytes_AS_STRING(data)
    cdef const unsigned char *end = at + PyBytes_GET_SIZE(data)
    cdef const unsigned char *bound = end
    cdef const unsigned char *name
    cdef Py_ssize_t count, length, squares = 0, total = 0, most = 0, rooted = 0, drawn = 0
    cdef bint closing
    while True:
        at = <const unsigned char *>memchr(at, 60, bound - at)
        if at is NULL:
            if bound == end:
                return squares, total, most, rooted
            at, bound = bound, end
            continue
        at += 1
        if bound - at >= 3 and at[0] == 33 and at[1] == 45 and at[2] == 45:
            at = _behind_comment(at + 3, bound)
            continue
        if drawn and bound == end and end - at >= 8 and memcmp(at, b"![CDATA[", 8) == 0:
            at += 8
            bound = _behind_data(at, end)
            continue
        closing = at < bound and at[0] == 47
        name = at + closing
        if name >= bound or not 97 <= _lower(name[0]) <= 122:
            continue
        at = name
        while at < bound and at[0] != 47 and at[0] != 62 and not _blank(at[0]):
            at += 1
        length = at - name
        count = 0
        at = _behind_tag(at, bound, &count)
        squares += count * count
        total += count
        most = max(most, count)
        if _named(name, length, b"svg", 3) or _named(name, length, b"math", 4):
            drawn = max(drawn - 1, 0) if closing else drawn + ((at - 1)[0] != 47)
        elif closing:
            continue
        elif _named(name, length, b"html", 4) or _named(name, length, b"body", 4):
            rooted += count
        elif _is_raw(name, length) and not drawn:
            at = _behind_raw(at, bound, name, length)
        elif drawn and bound == end and _is_raw(name, length):
            bound = _behind_raw(at, end, name, length)


cdef const unsigned char *_behind_data(const unsigned char *at, const unsigned char *end) noexcept nogil:
    """The end of character data."""
    while True:
        at = <const unsigned char *>memchr(at, 93, end - at)
        if at is NULL or end - at < 3:
            return end
        if at[1] == 93 and at[2] == 62:
            return at
        at += 1


cdef const unsigned char *_behind_tag(const unsigned char *at, const unsigned char *end, Py_ssize_t *count) noexcept nogil:
    """The end of a tag that is read from behind its name; counts its attributes."""
    cdef unsigned char c
    while True:
        while at < end and (_blank(at[0]) or at[0] == 47):
            at += 1
        if at >= end or at[0] == 62:
            return at
        count[0] += 1
        at += 1
        while at < end and at[0] != 47 and at[0] != 62 and at[0] != 61 and not _blank(at[0]):
            at += 1
        while at < end and _blank(at[0]):
            at += 1
        if at >= end or at[0] != 61:
            continue
        at += 1
        while at < end and _blank(at[0]):
            at += 1
        if at >= end:
            return end
        c = at[0]
        if c == 34 or c == 39:
            at = <const unsigned char *>memchr(at + 1, c, end - at - 1)
            if at is NULL:
                return end
            at += 1
        else:
            while at < end and at[0] != 62 and not _blank(at[0]):
                at += 1


cdef const unsigned char *_behind_comment(const unsigned char *at, const unsigned char *end) noexcept nogil:
    """The end of a comment that is read from behind its mark, which may be part of the mark that ends it."""
    cdef const unsigned char *start = at - 2
    while True:
        at = <const unsigned char *>memchr(at, 62, end - at)
        if at is NULL:
            return end
        if at - start >= 2 and (at - 1)[0] == 45 and (at - 2)[0] == 45:
            return at
        if at - start >= 3 and (at - 1)[0] == 33 and (at - 2)[0] == 45 and (at - 3)[0] == 45:
            return at
        at += 1


cdef bint _is_raw(const unsigned char *name, Py_ssize_t length) noexcept nogil:
    """Whether an element's text holds no tags but its own end."""
    if length < 3 or length > 9:
        return False
    return (_named(name, length, b"script", 6) or _named(name, length, b"style", 5) or _named(name, length, b"title", 5)
            or _named(name, length, b"textarea", 8) or _named(name, length, b"noscript", 8)
            or _named(name, length, b"iframe", 6) or _named(name, length, b"xmp", 3)
            or _named(name, length, b"noembed", 7) or _named(name, length, b"noframes", 8)
            or _named(name, length, b"plaintext", 9))


cdef inline bint _named(const unsigned char *name, Py_ssize_t length, const char *word, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i
    if length != size:
        return False
    for i in range(size):
        if _lower(name[i]) != <unsigned char>word[i]:
            return False
    return True


cdef const unsigned char *_behind_raw(
    const unsigned char *at, const unsigned char *end, const unsigned char *name, Py_ssize_t length
) noexcept nogil:
    """Where the end tag of a raw text begins."""
    cdef Py_ssize_t i
    while True:
        at = <const unsigned char *>memchr(at, 60, end - at)
        if at is NULL:
            return end
        if end - at > length + 2 and at[1] == 47:
            i = 0
            while i < length and _lower(at[2 + i]) == _lower(name[i]):
                i += 1
            if i == length and (at[2 + i] == 47 or at[2 + i] == 62 or _blank(at[2 + i])):
                return at
        at += 1


cdef enum Within:                   # where an option or a part of a ruby closes the one before it
    NOWHERE, RUBY, SELECT


cdef int _part_of(const unsigned char *name, Py_ssize_t length) noexcept nogil:
    """Of what a tag of this name is a part that closes the one before it."""
    if name[0] == 114 and (_named(name, length, b"rt", 2) or _named(name, length, b"rp", 2)
                           or _named(name, length, b"rb", 2) or _named(name, length, b"rtc", 3)):
        return RUBY
    if name[0] == 111 and (_named(name, length, b"option", 6) or _named(name, length, b"optgroup", 8)):
        return SELECT
    return NOWHERE


cdef struct Open:
    int length                      # of the name; 0 where the place is free
    unsigned char[LONGEST] name
    Py_ssize_t now
    Py_ssize_t most


def most_open(bytes data):
    """For each name of a tag, in lower case and cut to 21 letters, the most that are open at once.

    Parts of a `ruby` and of a `select` are passed over as long as nothing else comes between them: there each closes
    the one before it, but not inside a drawing or a formula, and not where a second `select` closes the first.
    """
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
    cdef int within = NOWHERE, part
    cdef bint drawn = False
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
            part = _part_of(name, length)
            if part != NOWHERE and part == within:
                continue
            within = NOWHERE if closing or drawn or within == SELECT else (
                RUBY if _named(name, length, b"ruby", 4) else SELECT if _named(name, length, b"select", 6) else NOWHERE
            )
            drawn = drawn or _named(name, length, b"svg", 3) or _named(name, length, b"math", 4)
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
