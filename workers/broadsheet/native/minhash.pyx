# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""MinHash in C: the twin of `enrich.minhash._signature`, in one pass over the text.

What a character becomes in a text's folded words (`text.words.folded_words`) is asked of Python's own tables once
and kept. A text in which a character's neighbours change that, as accents do that stand apart, is folded by the twin.
"""

import unicodedata

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport uint32_t, uint64_t

from broadsheet.text.words import first_words, folded_words

# What becomes of a character: nothing, as it parts words; a word of its own; two letters of 15 bits each, or a letter
# and the end of its word; one letter, which is given as it stands; or what hangs on its neighbours.
cdef uint32_t PARTS = 0
cdef uint32_t ALONE = 1u << 31
cdef uint32_t TWO = 1u << 30
cdef uint32_t OPEN = 1u << 29
cdef uint32_t LETTER = (1u << 21) - 1
cdef (uint32_t *)[0x1100] PAGES
cdef uint32_t[256] CRC
cdef uint64_t STEP = 0x9E3779B97F4A7C15u


cdef void _fill_crc() noexcept:
    cdef uint32_t value, rest
    cdef int bit
    for value in range(256):
        rest = value
        for bit in range(8):
            rest = (rest >> 1) ^ (0xEDB88320u if rest & 1 else 0)
        CRC[value] = rest


_fill_crc()


def signature(str text not None, const uint64_t[::1] factors, const uint64_t[::1] addends, Py_ssize_t shingle,
              Py_ssize_t most):
    """For each pair of `factors` and `addends` the least value that a shingle of words takes, its upper half.

    Big-endian bytes of the first `most` shingles; None for a text of fewer words than a shingle.
    """
    cdef Py_ssize_t room, count
    cdef uint32_t *codes = NULL
    cdef uint64_t *hashes = NULL
    if factors.shape[0] != addends.shape[0] or not 1 <= shingle <= 1000 or not 1 <= most <= 1_000_000:
        raise ValueError("as many factors as addends, and shingles of words")
    room = most + shingle - 1
    try:
        codes = <uint32_t *>PyMem_Malloc(room * sizeof(uint32_t))
        hashes = <uint64_t *>PyMem_Malloc(most * sizeof(uint64_t))
        if codes is NULL or hashes is NULL:
            raise MemoryError
        count = _word_codes(text, codes, room)
        if count < 0:
            count = _codes_of(first_words(text, room), codes, room)
        count -= shingle - 1
        if count < 1:
            return None
        _hash(codes, hashes, count, shingle)
        return _least(hashes, count, factors, addends)
    finally:
        PyMem_Free(codes)
        PyMem_Free(hashes)


cdef void _hash(const uint32_t *codes, uint64_t *hashes, Py_ssize_t count, Py_ssize_t shingle) noexcept:
    """A polynomial of each shingle's codes, modulo 2^64."""
    cdef Py_ssize_t at, offset
    cdef uint64_t value
    for at in range(count):
        value = codes[at]
        for offset in range(1, shingle):
            value = value * STEP + codes[at + offset]
        hashes[at] = value


cdef bytes _least(const uint64_t *hashes, Py_ssize_t count, const uint64_t[::1] factors,
                  const uint64_t[::1] addends):
    """Two slots at a time: the wait for the least of one is filled by the other's."""
    cdef Py_ssize_t slot, other, at, slots = factors.shape[0]
    cdef uint64_t factor, addend, value, least, other_factor, other_addend, other_value, other_least
    cdef bytearray out = bytearray(4 * slots)
    cdef unsigned char *to = out
    for slot in range(0, slots, 2):
        other = min(slot + 1, slots - 1)
        factor, addend, least = factors[slot], addends[slot], <uint64_t>-1
        other_factor, other_addend, other_least = factors[other], addends[other], <uint64_t>-1
        for at in range(count):
            value = hashes[at] * factor + addend
            other_value = hashes[at] * other_factor + other_addend
            least = value if value < least else least
            other_least = other_value if other_value < other_least else other_least
        _write(to + 4 * slot, <uint32_t>(least >> 32))
        _write(to + 4 * other, <uint32_t>(other_least >> 32))
    return bytes(out)


cdef inline void _write(unsigned char *to, uint32_t number) noexcept:
    to[0], to[1] = <unsigned char>(number >> 24), <unsigned char>(number >> 16)
    to[2], to[3] = <unsigned char>(number >> 8), <unsigned char>number


cdef Py_ssize_t _codes_of(list words, uint32_t *codes, Py_ssize_t room) except -1:
    """The CRCs of words, as many as there is room for."""
    cdef Py_ssize_t at, i, count = min(len(words), room)
    cdef bytes word
    cdef const unsigned char *letters
    cdef uint32_t crc
    for at in range(count):
        word = (<str>words[at]).encode("utf-8", "replace")
        letters = word
        crc = 0xFFFFFFFFu
        for i in range(len(word)):
            crc = CRC[(crc ^ letters[i]) & 255] ^ (crc >> 8)
        codes[at] = crc ^ 0xFFFFFFFFu
    return count


cdef Py_ssize_t _word_codes(str text, uint32_t *codes, Py_ssize_t room) except -2:
    """The CRCs of a text's first folded words; -1 where a character in them hangs on its neighbours.

    The character after the last of them is looked at too, as it may change the one before.
    """
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t at, size = PyUnicode_GET_LENGTH(text), count = 0
    cdef uint32_t crc = 0xFFFFFFFFu, letter, what
    cdef uint32_t *page
    cdef bint inside = False
    for at in range(size):
        letter = PyUnicode_READ(kind, data, at)
        page = PAGES[letter >> 8]
        if page is NULL:
            page = _page(letter >> 8)
        what = page[letter & 255]
        if what == OPEN:
            return -1
        if count == room:
            return count
        if what & TWO:
            crc, inside = _with(crc, (what >> 15) & 0x7FFF), True
            what &= 0x7FFF
        if what == PARTS or what & ALONE:
            if inside:
                codes[count] = crc ^ 0xFFFFFFFFu
                count += 1
                crc, inside = 0xFFFFFFFFu, False
            if what != PARTS and count < room:
                codes[count] = _with(crc, what & LETTER) ^ 0xFFFFFFFFu
                count += 1
            continue
        crc, inside = _with(crc, what), True
    if inside and count < room:
        codes[count] = crc ^ 0xFFFFFFFFu
        count += 1
    return count


cdef inline uint32_t _with(uint32_t crc, uint32_t letter) noexcept:
    """The CRC of what came before and of one character more, in UTF-8."""
    if letter < 0x80:
        return CRC[(crc ^ letter) & 255] ^ (crc >> 8)
    if letter < 0x800:
        crc = CRC[(crc ^ (0xC0 | letter >> 6)) & 255] ^ (crc >> 8)
    else:
        if letter < 0x10000:
            crc = CRC[(crc ^ (0xE0 | letter >> 12)) & 255] ^ (crc >> 8)
        else:
            crc = CRC[(crc ^ (0xF0 | letter >> 18)) & 255] ^ (crc >> 8)
            crc = CRC[(crc ^ (0x80 | (letter >> 12 & 63))) & 255] ^ (crc >> 8)
        crc = CRC[(crc ^ (0x80 | (letter >> 6 & 63))) & 255] ^ (crc >> 8)
    return CRC[(crc ^ (0x80 | (letter & 63))) & 255] ^ (crc >> 8)


cdef uint32_t *_page(uint32_t number) except NULL:
    """What becomes of 256 characters, told at the first text that has one of them and kept."""
    cdef list chars = [chr(number * 256 + i) for i in range(256)]
    plain = {char for char in chars if _is_plain(char)}
    # Folded two by two, of most characters at once: a letter twice is one word, an ideograph two.
    words = set(folded_words(" ".join([char + char for char in chars if char in plain])))
    cdef uint32_t *page = <uint32_t *>PyMem_Malloc(256 * sizeof(uint32_t))
    if page is NULL:
        raise MemoryError
    try:
        for i, char in enumerate(chars):
            if char not in plain:
                page[i] = _told(char)
            else:
                page[i] = ord(char) if char + char in words else ALONE | ord(char) if char in words else PARTS
    except BaseException:
        PyMem_Free(page)
        raise
    if PAGES[number] is not NULL:
        PyMem_Free(page)
    else:
        PAGES[number] = page
    return PAGES[number]


cdef bint _is_plain(str char) except -1:
    """Whether folding leaves a character as it is, or takes it away, whatever stands beside it."""
    return char == unicodedata.normalize("NFKC", char) == char.casefold() and not _joins(char)


cdef bint _joins(str char) except -1:
    """Whether a character may join, or change places with, what stands before it."""
    if unicodedata.category(char)[0] == "M":
        return not "\ufe00" <= char <= "\ufe0f"  # these choose a glyph
    return "\u1100" <= char <= "\u11ff" or "\U00016d40" <= char <= "\U00016d7f"  # Hangul's parts, Kirat Rai


def _told(str char):
    """What becomes of a character that is folded into others."""
    composed = unicodedata.normalize("NFKC", char)
    if _joins(composed[0]):
        return OPEN
    words, letters = folded_words(char), composed.casefold()
    if not words:
        return PARTS
    if len(letters) == 2 and max(letters) < "\u8000" and words in ([letters], [letters[0]]):
        return TWO | ord(letters[0]) << 15 | (ord(letters[1]) if words == [letters] else PARTS)
    # What is an ideograph's other form would have to be a word of its own: rare, and left to the twin.
    if len(letters) == 1 and folded_words(letters + letters) == [letters + letters]:
        return ord(letters)
    return OPEN
