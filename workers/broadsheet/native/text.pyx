# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Strings: words counted and folded, what a text needs to be tidy, prose."""

from unicodedata import normalize

from broadsheet.marks import without_heaps

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.tuple cimport PyTuple_Check, PyTuple_GET_ITEM, PyTuple_GET_SIZE

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    const void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    Py_UCS4 PyUnicode_READ(int, const void *, Py_ssize_t)
    object PyUnicode_FromKindAndData(int, const void *, Py_ssize_t)
    object PyUnicode_DecodeLatin1(const char *, Py_ssize_t, const char *)
    bint Py_UNICODE_ISALNUM(Py_UCS4)
    bint Py_UNICODE_ISDIGIT(Py_UCS4)
    bint Py_UNICODE_ISSPACE(Py_UCS4)
    bint Py_UNICODE_ISPRINTABLE(Py_UCS4)

ctypedef unsigned char one_byte
ctypedef unsigned short two_bytes
ctypedef unsigned int four_bytes
ctypedef fused wide:
    two_bytes
    four_bytes
ctypedef fused any_width:
    one_byte
    two_bytes
    four_bytes

cdef enum:
    SIGN = 0
    LETTER = 1
    SPACE = 2

# What each character of Latin-1 is: for counting, folded for comparison (0 where that takes more), and whether a tidy
# text may hold it.
cdef unsigned char KIND[256]
cdef unsigned char FOLDED[256]
cdef unsigned char TIDY[256]

cdef enum:
    PLAIN = 1
    BLANK = 2
    LEAD = 4
    TRAIL = 8

cdef int _fill() except -1:
    cdef int at
    for at in range(256):
        char = chr(at)
        KIND[at] = LETTER if char.isalnum() else SPACE if char.isspace() else SIGN
        folded = normalize("NFKC", char).casefold()
        # Three signs fold to a blank and a mark: no letters, so nothing but a blank here.
        FOLDED[at] = 32 if not any(map(str.isalnum, folded)) else ord(folded) if folded.isalnum() and len(folded) == 1 \
            and ord(folded) < 256 else 0
        TIDY[at] = PLAIN * (char.isprintable() and char != "&") | BLANK * (char == " ") | LEAD * (0xC2 <= at <= 0xF4) \
            | TRAIL * (0x80 <= at <= 0xBF)
    return 0


_fill()


cdef inline bint _is_ideograph(Py_UCS4 c) noexcept:
    return 0x3040 <= c and (c <= 0x30FF or 0x3400 <= c <= 0x4DBF or 0x4E00 <= c <= 0x9FFF or 0xF900 <= c <= 0xFAFF)


cdef inline bint _is_unspaced(Py_UCS4 c) noexcept:
    return 0x0E00 <= c <= 0x0EFF or 0x1000 <= c <= 0x109F or 0x1780 <= c <= 0x17FF


cdef inline bint _is_closer(Py_UCS4 c) noexcept:
    """Signs and white space that may stand behind a sentence's stop."""
    if c < 128:
        return c in (0x22, 0x27, 0x29, 0x5D) or KIND[c] == SPACE
    return c in (0x201D, 0x2019, 0xBB, 0x203A, 0x3011, 0x300D, 0x300F, 0xFF09) or Py_UNICODE_ISSPACE(c)


cdef inline bint _is_stop(Py_UCS4 c) noexcept:
    if c < 128:
        return c in (0x2E, 0x21, 0x3F, 0x3A, 0x3B)
    return c in (0x2026, 0x3002, 0xFF01, 0xFF1F, 0xFF61, 0x061F, 0x0964, 0x0965, 0x06D4)


cdef Py_ssize_t _count_latin(const unsigned char *chars, Py_ssize_t size) noexcept:
    cdef Py_ssize_t at, words = 0
    cdef unsigned char kind, within = 0
    for at in range(size):
        kind = KIND[chars[at]]
        words += kind & ~within & 1
        within = (within | kind) & ~(kind >> 1) & 1
    return words


cdef Py_ssize_t _count_wide(wide *chars, Py_ssize_t size) noexcept:
    """A run without spaces is a word from its first letter on; one in an unspaced script may weigh more at its end."""
    cdef Py_ssize_t at, words = 0, unspaced = 0
    cdef unsigned char kind, within = 0
    cdef Py_UCS4 c
    for at in range(size):
        c = chars[at]
        if c < 256:
            kind = KIND[c]
        elif 0x2018 <= c <= 0x201E:
            continue
        elif _is_ideograph(c):
            words += 1
            kind = SPACE
        elif c == 0x2013 or c == 0x2014 or Py_UNICODE_ISSPACE(c):
            kind = SPACE
        else:
            kind = LETTER if Py_UNICODE_ISALNUM(c) else SIGN
            if _is_unspaced(c) and (within or kind == LETTER):
                unspaced += 1
        words += kind & ~within & 1
        within = (within | kind) & ~(kind >> 1) & 1
        if unspaced and not within:
            words += _beyond_one(unspaced)
            unspaced = 0
    return words + _beyond_one(unspaced)


cdef inline Py_ssize_t _beyond_one(Py_ssize_t unspaced) noexcept:
    """How many words more than one so many characters of an unspaced script are: five are a word."""
    return max(1, (unspaced + 2) // 5) - 1


cdef Py_ssize_t words_in(str text) noexcept:
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    if kind == 1:
        return _count_latin(<const unsigned char *>data, size)
    if kind == 2:
        return _count_wide[two_bytes](<two_bytes *>data, size)
    return _count_wide[four_bytes](<four_bytes *>data, size)


def count_words(str text not None):
    """As `text.words.count_words`."""
    return words_in(text)


cdef bint sentence_ends(str text) noexcept:
    cdef Py_ssize_t at = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_UCS4 c
    while at > 0:
        at -= 1
        c = PyUnicode_READ(kind, data, at)
        if not _is_closer(c):
            return _is_stop(c)
    return False


def ends_sentence(str text not None):
    """As `text.words.ends_sentence`."""
    return sentence_ends(text)


def prose_words(lines):
    """As `html.refuse.rules.prose_words`."""
    cdef Py_ssize_t words, total = 0
    cdef str line
    for line in lines:
        if line is None:
            raise TypeError("a line is None")
        words = words_in(line)
        if words >= 10 or (words >= 5 and sentence_ends(line)):
            total += words
    return total


cdef inline object field(object row, Py_ssize_t at):
    """A row's field; rows are the tree's named tuples."""
    if not PyTuple_Check(row) or not 0 <= at < PyTuple_GET_SIZE(row):
        raise TypeError("not a row of the tree")
    return <object>PyTuple_GET_ITEM(row, at)


def block_words(list blocks not None, Py_ssize_t lo, Py_ssize_t hi, Py_ssize_t least, double weight, double share):
    """As `html.scan.prose.block_words`."""
    cdef Py_ssize_t at, words
    cdef list counted = []
    for at in range(max(lo, 0), min(hi, len(blocks))):
        run = blocks[at]
        text = <str?>field(run, 0)
        words = 0
        if weight * <long long>field(run, 2) < share * len(<str>text):
            words = words_in(<str>text)
        counted.append(words if words >= least else 0)
    return counted


def digit_led(list blocks not None):
    """As `html.split.live.plain_digit_led`."""
    cdef Py_ssize_t at
    cdef list found = []
    for at in range(len(blocks)):
        text = <str?>field(blocks[at], 0)
        if len(<str>text) and Py_UNICODE_ISDIGIT(PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), 0)):
            found.append(at)
    return found


cdef void *_room(Py_ssize_t chars, Py_ssize_t each) except NULL:
    cdef void *room = NULL
    if chars <= (<Py_ssize_t>1 << 56):
        room = PyMem_Malloc((chars + 1) * each)
    if room == NULL:
        raise MemoryError
    return room


def fold(str text not None):
    """As `text.words.fold`."""
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), made
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef unsigned char[512] near
    cdef unsigned char *out = near
    if size > 256:
        out = <unsigned char *>_room(2 * size, 1)
    try:
        if kind == 1:
            made = _fold_latin[one_byte](<one_byte *>data, size, out)
        elif kind == 2:
            made = _fold_latin[two_bytes](<two_bytes *>data, size, out)
        else:
            made = _fold_latin[four_bytes](<four_bytes *>data, size, out)
        if made >= 0:
            return PyUnicode_DecodeLatin1(<const char *>out, made, NULL)
    finally:
        if out != near:
            PyMem_Free(out)
    return _fold_beyond(normalize("NFKC", without_heaps(text)).casefold())


cdef Py_ssize_t _fold_latin(any_width *chars, Py_ssize_t size, unsigned char *out) noexcept:
    """The folded words' length, two bytes a character at most; -1 for a text that only Unicode's forms fold."""
    cdef Py_ssize_t at, made = 0
    cdef bint blank = False, sharp
    cdef Py_UCS4 c
    for at in range(size):
        c = chars[at]
        sharp = c == 0xDF
        if sharp:
            c = 0x73
        elif c < 256:
            c = FOLDED[c]
            if c == 0:
                return -1
        elif c in (0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x20AC):
            c = 32
        else:
            return -1
        if c == 32:
            blank = True
            continue
        if blank and made:
            out[made] = 32
            made += 1
        blank = False
        out[made] = c
        made += 1
        if sharp:                   # two letters
            out[made] = c
            made += 1
    return made


cdef str _fold_beyond(str text):
    """The words of a text in compatibility form, case folded; each ideograph is one."""
    cdef Py_ssize_t at, size = PyUnicode_GET_LENGTH(text), made = 0
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_UCS4 *out = <Py_UCS4 *>_room(2 * size, sizeof(Py_UCS4))
    cdef Py_UCS4 c
    cdef bint blank = False, ideograph
    try:
        for at in range(size):
            c = PyUnicode_READ(kind, data, at)
            ideograph = _is_ideograph(c)
            if not ideograph and not Py_UNICODE_ISALNUM(c):
                blank = True
                continue
            if (blank or ideograph) and made:
                out[made] = 32
                made += 1
            out[made] = c
            made += 1
            blank = ideograph
        return PyUnicode_FromKindAndData(4, out, made)
    finally:
        PyMem_Free(out)


def tidiness(str text not None):
    """What is to be done to tidy a text: 2 nothing, 1 no more than to compose it, 0 whatever `text.tidy.tidied` does."""
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    if kind == 1:
        return _tidy_latin(<const unsigned char *>data, size)
    if kind == 2:
        return _tidy_wide[two_bytes](<two_bytes *>data, size)
    return _tidy_wide[four_bytes](<four_bytes *>data, size)


cdef enum:
    UNTIDY = 0
    WHOLE = 1
    COMPOSED = 2


cdef int _tidy_latin(const unsigned char *chars, Py_ssize_t size) noexcept:
    """COMPOSED or UNTIDY. A lead and a trail beside each other may be UTF-8 that was misread."""
    cdef Py_ssize_t at
    cdef unsigned char now, before = BLANK
    for at in range(size):
        now = TIDY[chars[at]]
        if not now & PLAIN or now & before & BLANK or now & TRAIL and before & LEAD:
            return UNTIDY
        before = now
    return COMPOSED if size == 0 or not before & BLANK else UNTIDY


cdef int _tidy_wide(wide *chars, Py_ssize_t size) noexcept:
    """What is known of a text: that something is to be done, that nothing is but to compose, that nothing at all is."""
    cdef Py_ssize_t at
    cdef unsigned char now, before = BLANK
    cdef bint composed = True
    cdef Py_UCS4 c
    for at in range(size):
        c = chars[at]
        if c < 256:
            now = TIDY[c]
        elif c == 0xFFFC or not Py_UNICODE_ISPRINTABLE(c):
            return UNTIDY
        else:
            now = PLAIN | (TRAIL if before & LEAD and _is_trailing(c) else 0)
            # Below the combining marks and among the common signs all is composed.
            composed = composed and (c < 0x300 or 0x2010 <= c <= 0x2027 or c == 0x20AC)
        if not now & PLAIN or now & before & BLANK or now & TRAIL and before & LEAD:
            return UNTIDY
        before = now
    if size and before & BLANK:
        return UNTIDY
    return COMPOSED if composed else WHOLE


cdef inline bint _is_trailing(Py_UCS4 c) noexcept:
    """How Windows-1252 shows the bytes 80 to 9F, beyond Latin-1."""
    return c in (
        0x0152, 0x0153, 0x0160, 0x0161, 0x0178, 0x017D, 0x017E, 0x0192, 0x02C6, 0x02DC, 0x2013, 0x2014, 0x2018, 0x2019,
        0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2122,
    )
