# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The words in names on elements, looked up in a table: the twin of `html.scan.hints.words_of_names` and what is done
with its words. A word is a run of ASCII letters, parted also where a capital begins one, as in camelCase."""

from cpython.unicode cimport PyUnicode_READ, PyUnicode_KIND, PyUnicode_DATA, PyUnicode_GET_LENGTH
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy

cdef enum:
    LONGEST = 40                    # letters; the table's words are shorter


cdef struct Place:                  # most words of a page are not in the table: a place is small, a page's lie near
    unsigned int hash
    int word                        # from 1 on; 0 where there is none


cdef struct Slot:
    char[LONGEST] word
    int length
    long long mask
    double weight


cdef class Names:
    """Words with a bit mask or a weight each."""

    cdef Place *places
    cdef Slot *slots
    cdef size_t size
    cdef Py_ssize_t chars

    def __cinit__(self, dict words, Py_ssize_t chars):
        """`words` are lower-case ASCII letters, each with an int (a mask) or a float (a weight).

        Of a name the first `chars` characters are read.
        """
        cdef bytes word
        cdef size_t at
        cdef unsigned int hashed
        cdef int length, count = 0
        self.chars, self.size = chars, 64
        while self.size < 2 * len(words):
            self.size *= 2
        self.places = <Place *>calloc(self.size, sizeof(Place))
        self.slots = <Slot *>calloc(max(1, len(words)), sizeof(Slot))
        if self.places is NULL or self.slots is NULL:
            raise MemoryError
        for name, value in words.items():
            if not name.isascii() or not name.isalpha() or not name.islower() or len(name) > LONGEST:
                continue            # found in no name
            word = name.encode()
            length = len(word)
            hashed = _hash(<const char *>word, length)
            at = hashed & (self.size - 1)
            while self.places[at].word:
                at = (at + 1) & (self.size - 1)
            memcpy(self.slots[count].word, <const char *>word, length)
            self.slots[count].length = length
            if isinstance(value, int):
                self.slots[count].mask = value
            else:
                self.slots[count].weight = value
            count += 1
            self.places[at].hash, self.places[at].word = hashed, count

    def __dealloc__(self):
        free(self.places)
        free(self.slots)

    def masks(self, list names):
        """For each name the masks of its words joined."""
        cdef long long mask
        cdef list found = []
        cdef Reader reader
        cdef Slot *slot
        for name in names:
            mask = 0
            start(&reader, name, self.chars)
            while next_word(&reader):
                slot = self.find(&reader)
                if slot is not NULL:
                    mask |= slot.mask
            found.append(mask)
        return found

    def weights(self, list names):
        """For each name the sum of its words' weights, each word once, in the order in which they come first."""
        cdef double weight
        cdef list found = []
        cdef Reader reader
        cdef Slot *slot
        cdef Slot *seen[256]
        cdef int count, i
        for name in names:
            weight, count = 0.0, 0
            start(&reader, name, self.chars)
            while next_word(&reader):
                slot = self.find(&reader)
                if slot is NULL:
                    continue
                for i in range(count):
                    if seen[i] is slot:
                        break
                else:
                    if count < 256:
                        seen[count] = slot
                        count += 1
                    weight += slot.weight
            found.append(weight)
        return found

    cdef Slot *find(self, Reader *reader) noexcept:
        cdef unsigned int hashed = _hash(reader.word, reader.length)
        cdef size_t at = hashed & (self.size - 1)
        cdef Slot *slot
        if reader.length > LONGEST:
            return NULL
        while self.places[at].word:
            if self.places[at].hash == hashed:
                slot = &self.slots[self.places[at].word - 1]
                if slot.length == reader.length and memcmp(slot.word, reader.word, reader.length) == 0:
                    return slot
            at = (at + 1) & (self.size - 1)
        return NULL


cdef struct Reader:
    int kind
    const void *data
    Py_ssize_t at
    Py_ssize_t end
    int length
    char[1024] word


cdef void start(Reader *reader, str name, Py_ssize_t chars):
    reader.kind, reader.data, reader.at = PyUnicode_KIND(name), PyUnicode_DATA(name), 0
    reader.end = min(PyUnicode_GET_LENGTH(name), min(chars, 1024))


cdef inline int case_of(Py_UCS4 c) noexcept nogil:
    """1 a capital, 2 a small letter, of ASCII; else 0."""
    return 1 if 65 <= c <= 90 else 2 if 97 <= c <= 122 else 0


cdef bint next_word(Reader *reader) noexcept:
    """Read the next word, in lower case, into the reader; False at the end."""
    cdef Py_UCS4 c
    cdef int last = 0, case, after
    reader.length = 0
    while reader.at < reader.end:
        c = PyUnicode_READ(reader.kind, reader.data, reader.at)
        case = case_of(c)
        if case == 0:
            reader.at += 1
            if reader.length:
                return True
            continue
        if case == 1 and reader.length:
            after = 0
            if last == 1 and reader.at + 1 < reader.end:
                after = case_of(PyUnicode_READ(reader.kind, reader.data, reader.at + 1))
            if last == 2 or after == 2:
                return True         # a hump: this capital begins the next word
        reader.word[reader.length] = <char>(<unsigned int>c | 32)
        reader.length += 1
        reader.at += 1
        last = case
    return reader.length > 0


cdef unsigned int _hash(const char *word, int length) noexcept nogil:
    """FNV-1a."""
    cdef unsigned int h = 2166136261
    cdef int i
    for i in range(length):
        h = (h ^ <unsigned char>word[i]) * 16777619
    return h
