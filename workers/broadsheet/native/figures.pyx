# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a page's blocks and elements add up to: words, links, tags, hints, prices."""

from cpython.long cimport PyLong_AsLongLong
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(Py_UCS4 char)
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 char)
    bint Py_UNICODE_ISSPACE(Py_UCS4 char)

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t

cdef enum:
    PRICE_CHARS = 60
    PART = 255

cdef tuple CODES = ("EUR", "USD", "GBP", "zł", "kr", "руб")


cdef str _text(list blocks, Py_ssize_t at):
    run = blocks[at]
    if not PyTuple_Check(run) or PyTuple_GET_SIZE(run) < 3 or type(<object>PyTuple_GET_ITEM(run, 0)) is not str:
        raise TypeError("a block is a tuple of text, owner and linked")
    return <str>(<object>PyTuple_GET_ITEM(run, 0))


def sizes(list blocks, list kept):
    """Words by blanks, of all blocks together and of each of those kept; all their characters, and all those linked."""
    cdef Py_ssize_t i, words = 0, chars = 0
    cdef int64_t linked = 0
    cdef str text
    for i in range(len(blocks)):
        text = _text(blocks, i)
        words += _blanks(text) + 1
        chars += PyUnicode_GET_LENGTH(text)
        linked += PyLong_AsLongLong(<object>PyTuple_GET_ITEM(blocks[i], 2))
    return words, [_blanks(_text_of(blocks, i)) + 1 for i in kept], chars, linked


cdef str _text_of(list blocks, Py_ssize_t at):
    if not 0 <= at < len(blocks):
        raise IndexError("there is no such block")
    return _text(blocks, at)


def counted(list blocks, const int64_t[:, ::1] table, const int64_t[:, ::1] told,
            tuple codes not None, tuple bits not None):
    """How many elements have each of these tags and hint at each of these; the first block in an h1, -1 without.

    The two arrays are those of `html.scan.elements.Elements`.
    """
    cdef Py_ssize_t e, k, i, first = -1
    cdef int64_t owner
    cdef int64_t[8] wanted, asked
    cdef Py_ssize_t[8] tagged, hinted
    if len(codes) > 8 or len(bits) > 8:
        raise ValueError("more than eight of a kind")
    if table.shape[0] != 7 or told.shape[0] != 7 or table.shape[1] != told.shape[1]:
        raise ValueError("not the columns of elements")
    cdef const int64_t[::1] hints = table[6], tag = told[0], level = told[1]
    for k in range(len(codes)):
        wanted[k], tagged[k] = codes[k], 0
    for k in range(len(bits)):
        asked[k], hinted[k] = bits[k], 0
    for e in range(tag.shape[0]):
        for k in range(len(codes)):
            tagged[k] += tag[e] == wanted[k]
        for k in range(len(bits)):
            hinted[k] += hints[e] & asked[k] != 0
    for i in range(len(blocks)):
        _text(blocks, i)
        owner = PyLong_AsLongLong(<object>PyTuple_GET_ITEM(blocks[i], 1))
        if not 0 <= owner < level.shape[0]:
            raise IndexError("a block lies in none of these elements")
        if level[owner] == 1:
            first = i
            break
    return [tagged[k] for k in range(len(codes))], [hinted[k] for k in range(len(bits))], first


def weighed(const double[::1] scores, double least, double low, double high):
    """Which scores are at least so high, and how many lie between the two others."""
    cdef Py_ssize_t i, between = 0
    cdef list kept = []
    for i in range(scores.shape[0]):
        if scores[i] >= least:
            kept.append(i)
        between += low < scores[i] < high
    return kept, between


def prices(list blocks):
    """How many short blocks name a price: a sign or a code beside a number."""
    cdef Py_ssize_t i, found = 0
    cdef str text
    for i in range(len(blocks)):
        text = _text(blocks, i)
        if PyUnicode_GET_LENGTH(text) < PRICE_CHARS:
            found += _names_price(text)
    return found


cdef Py_ssize_t _blanks(str text):
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    if kind == 1:
        return _blanks_in(<const uint8_t *>data, size)
    if kind == 2:
        return _blanks_in(<const uint16_t *>data, size)
    return _blanks_in(<const uint32_t *>data, size)


cdef Py_ssize_t _blanks_in(const Char *text, Py_ssize_t size) noexcept:
    cdef Py_ssize_t found = 0, at = 0, end
    cdef Char part  # in as few bits as the compiler can use
    while at < size:
        part, end = 0, min(size, at + PART)
        while at < end:
            part += text[at] == 32
            at += 1
        found += part
    return found


cdef bint _names_price(str text):
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at, next_
    cdef Py_UCS4 char
    cdef bint sign
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if char < 128 and char != 36 and not 48 <= char <= 57:
            continue
        sign = _is_sign(char)
        if not sign and not Py_UNICODE_ISDECIMAL(char):
            continue
        next_ = at + 1
        if next_ < size and Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, next_)):
            next_ += 1
        if next_ >= size:
            continue
        char = PyUnicode_READ(kind, data, next_)
        if Py_UNICODE_ISDECIMAL(char) if sign else _is_sign(char) or _is_code(text, next_):
            return True
    return False


cdef bint _is_sign(Py_UCS4 char) noexcept:
    return char == 0x24 or char == 0xA3 or char == 0xA5 or char == 0x20AC or char == 0x20B9 or char == 0x20BD or (
        char == 0x20A9
    )


cdef bint _is_code(str text, Py_ssize_t at):
    """Whether a currency's code stands there as a word's end."""
    cdef str code
    cdef Py_ssize_t end
    cdef Py_UCS4 char
    if PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), at) not in (69, 85, 71, 122, 107, 0x440):
        return False
    for code in CODES:
        if text.startswith(code, at):
            end = at + PyUnicode_GET_LENGTH(code)
            if end >= PyUnicode_GET_LENGTH(text):
                return True
            char = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), end)
            return not Py_UNICODE_ISALNUM(char) and char != 95
    return False
