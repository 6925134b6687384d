# White space in UTF-8.
from broadsheet.native.lexbor cimport Span


cdef inline int space(const unsigned char *text, const unsigned char *end) noexcept nogil:
    """How many bytes of white space, as Python's `str.split` takes it, stand at `text`: 0 where none."""
    cdef unsigned char c = text[0]
    if c < 128:
        return c == 32 or 9 <= c <= 13 or 28 <= c <= 31
    if c == 0xC2:
        return 2 if end - text > 1 and (text[1] == 0x85 or text[1] == 0xA0) else 0
    if end - text < 3:
        return 0
    if c == 0xE2:
        if text[1] == 0x80:
            return 3 if 0x80 <= text[2] <= 0x8A or text[2] == 0xA8 or text[2] == 0xA9 or text[2] == 0xAF else 0
        return 3 if text[1] == 0x81 and text[2] == 0x9F else 0
    if c == 0xE3:
        return 3 if text[1] == 0x80 and text[2] == 0x80 else 0
    return 3 if c == 0xE1 and text[1] == 0x9A and text[2] == 0x80 else 0


cdef inline bint blank(Span text) noexcept nogil:
    """Only white space of HTML."""
    cdef size_t i
    cdef unsigned char c
    for i in range(text.length):
        c = text.data[i]
        if c != 32 and c != 10 and c != 9 and c != 12 and c != 13:
            return False
    return True


cdef inline Py_ssize_t fold(const unsigned char *text, Py_ssize_t length, unsigned char *out) noexcept nogil:
    """White space to single blanks, none at the ends; a null is the end of a line, empty lines go."""
    cdef const unsigned char *end = text + length
    cdef unsigned char *to = out
    cdef unsigned char gap = 0
    cdef int width
    cdef unsigned char c
    while text < end:
        c = text[0]
        if c == 0:
            gap = 10
            text += 1
            continue
        if c > 32 and c < 0xC2 or c > 0xE3:
            width = 0
        else:
            width = space(text, end)
        if width:
            if not gap:
                gap = 32
            text += width
            continue
        if gap:
            if to != out:
                to[0] = gap
                to += 1
            gap = 0
        to[0] = c
        to += 1
        text += 1
    return to - out
