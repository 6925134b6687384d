# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The least hashes of shingles of words: the inner loops of a MinHash signature."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport uint32_t, uint64_t

cdef uint32_t[256] CRC
cdef uint64_t STEP = 0x9E3779B97F4A7C15u
"""2^64 over the golden ratio, odd: Knuth, The Art of Computer Programming 3, 6.4."""


cdef void _fill_crc() noexcept:
    cdef uint32_t value, rest
    cdef int bit
    for value in range(256):
        rest = value
        for bit in range(8):
            rest = (rest >> 1) ^ (0xEDB88320u if rest & 1 else 0)
        CRC[value] = rest


_fill_crc()


def signature(bytes words not None, const uint64_t[::1] factors, const uint64_t[::1] addends, Py_ssize_t shingle,
              Py_ssize_t most):
    """For each pair of `factors` and `addends` the least value that a shingle of words takes, its upper half.

    `words` are parted by single blanks. Big-endian bytes of the first `most` shingles; None for fewer words than a
    shingle has.
    """
    cdef Py_ssize_t room, count
    cdef uint32_t *codes = NULL
    cdef uint64_t *hashes = NULL
    if factors.shape[0] != addends.shape[0] or not 1 <= shingle <= 1000 or not 1 <= most <= 1_000_000:
        raise ValueError("as many factors as addends, and shingles of words")
    room = min(most, <Py_ssize_t>len(words)) + shingle - 1
    try:
        codes = <uint32_t *>PyMem_Malloc(room * sizeof(uint32_t))
        hashes = <uint64_t *>PyMem_Malloc(room * sizeof(uint64_t))
        if codes is NULL or hashes is NULL:
            raise MemoryError
        count = _codes_of(words, codes, room) - (shingle - 1)
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


cdef Py_ssize_t _codes_of(bytes words, uint32_t *codes, Py_ssize_t room) noexcept:
    """The CRCs of words, as many as there is room for."""
    cdef Py_ssize_t at, count = 0, size = len(words)
    cdef const unsigned char *letters = words
    cdef uint32_t crc = 0xFFFFFFFFu
    for at in range(size):
        if letters[at] != 32:
            crc = CRC[(crc ^ letters[at]) & 255] ^ (crc >> 8)
            continue
        if count == room:
            return count
        codes[count] = crc ^ 0xFFFFFFFFu
        count, crc = count + 1, 0xFFFFFFFFu
    if size and count < room:
        codes[count] = crc ^ 0xFFFFFFFFu
        count += 1
    return count
