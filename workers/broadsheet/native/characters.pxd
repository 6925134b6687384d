# The characters of a Python text, one by one.
from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, Py_UNICODE_ISSPACE, Py_UNICODE_ISUPPER,
    Py_UNICODE_TODECIMAL,
)

ctypedef unsigned int Char    # Py_UCS4 would be added and printed as a text


cdef struct Chars:
    unsigned int kind
    void *data
    Py_ssize_t size


cdef inline Chars chars_of(str text) except *:
    cdef Chars chars
    if text is None:
        raise TypeError("a text is needed")
    chars.kind, chars.data, chars.size = PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)
    return chars


cdef inline Char at(Chars chars, Py_ssize_t index) noexcept:
    """The character there; NUL beyond the ends."""
    if index < 0 or index >= chars.size:
        return 0
    return PyUnicode_READ(chars.kind, chars.data, index)


cdef inline int digit(Char char) noexcept:
    """The value of a decimal digit of any script, else -1."""
    if char < 0x80:
        return <int>char - 48 if 48 <= char <= 57 else -1
    return Py_UNICODE_TODECIMAL(char)


cdef inline int read_digit(Char char) noexcept:
    """As `digit`, only of those that `text.dates` writes anew as 0 to 9."""
    if (char < 0x80 or 0x660 <= char <= 0x669 or 0x6F0 <= char <= 0x6F9 or 0x966 <= char <= 0x96F
            or 0xE50 <= char <= 0xE59 or 0xFF10 <= char <= 0xFF19):
        return digit(char)
    return -1


cdef inline bint space(Char char) noexcept:
    if char < 0x80:
        return char == 32 or 9 <= char <= 13 or 28 <= char <= 31
    return Py_UNICODE_ISSPACE(char)


cdef inline bint upper(Char char) noexcept:
    if char < 0x80:
        return 65 <= char <= 90
    return Py_UNICODE_ISUPPER(char)


cdef inline Char lower(Char char) noexcept:
    """An ASCII letter as a small one, all else as it is."""
    return char + 32 if 65 <= char <= 90 else char


cdef inline bint mark(Char char) noexcept:
    return char == c"." or char == c"/" or char == c"-"
