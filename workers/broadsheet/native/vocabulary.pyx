# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The words of texts as numbers, in C: the twin of `split.tree_features.words_of`, which reads by `split.tokens`.

A key of up to seven characters of the first plane is two whole numbers; other keys are looked up as strings.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc

import numpy as np

from broadsheet.split.tokens import STEM_CHARS, read_words

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(Py_UCS4 char)
    bint Py_UNICODE_ISUPPER(Py_UCS4 char)
    uint32_t Py_UNICODE_TOLOWER(Py_UCS4 char)

cdef enum:
    STEM = 7
    SPACED_END = 0x0E00

if STEM_CHARS != STEM:
    raise ImportError("keys are of another length")

cdef struct Key:
    uint64_t start      # four characters, 16 bits each
    uint64_t rest

cdef struct Word:
    Key key
    int32_t line        # the last line that has it
    int64_t token       # its last token
    bint short

cdef struct Token:
    int32_t word
    int64_t before
    bint capital


cdef class Vocabulary:
    """Words as they come, each with a number; a word counts once a line."""

    cdef Word *words
    cdef Token *tokens
    cdef int32_t *slots
    cdef dict others        # keys that are no `Key`: their numbers
    cdef Py_ssize_t count, room, token_count, token_room, slot_room

    def __cinit__(self):
        self.others = {}
        self.slot_room = 1024
        self.slots = <int32_t *>calloc(self.slot_room, sizeof(int32_t))
        if self.slots == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.words)
        free(self.tokens)
        free(self.slots)

    cdef int read(self, str text, int32_t line) except -1:
        """Take up the words of a text."""
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at = 0, begin
        if kind > 1 and _has_unspaced(text):
            found = read_words(text)
            for key, capital in zip(found.keys, found.capital):
                self.add(self.number_of(key), capital, line)
            return 0
        while at < size:
            begin = at
            while at < size and _in_word(PyUnicode_READ(kind, data, at)):
                at += 1
            if at == begin:
                at += 1
                continue
            while (
                at + 1 < size and _is_apostrophe(PyUnicode_READ(kind, data, at))
                and _is_letter(PyUnicode_READ(kind, data, at + 1))
            ):
                at += 2
                while at < size and _is_letter(PyUnicode_READ(kind, data, at)):
                    at += 1
            self.add(
                self.number_at(text, kind, data, begin, min(at, begin + STEM)),
                Py_UNICODE_ISUPPER(PyUnicode_READ(kind, data, begin)), line,
            )
        return 0

    cdef int add(self, int32_t word, bint capital, int32_t line) except -1:
        cdef Word *known = &self.words[word]
        cdef Token *token
        if known.line == line:
            self.tokens[known.token].capital = capital
            return 0
        if self.token_count == self.token_room:
            self.token_room = max(1024, 2 * self.token_room)
            token = <Token *>realloc(self.tokens, self.token_room * sizeof(Token))
            if token == NULL:
                raise MemoryError
            self.tokens = token
        self.tokens[self.token_count] = Token(word, known.token, capital)
        known.line, known.token = line, self.token_count
        self.token_count += 1
        return 0

    cdef int32_t number_at(self, str text, int kind, void *data, Py_ssize_t begin, Py_ssize_t end) except -1:
        """The number of a word by its first characters, as they stand."""
        cdef Key key = Key(0, 0)
        cdef uint32_t char
        cdef Py_ssize_t at
        for at in range(begin, end):
            char = PyUnicode_READ(kind, data, at)
            # These two become lower case by what stands around them or as two characters.
            if char > 0xFFFF or char == 0x130 or char == 0x3A3:
                return self.number_of(PyUnicode_Substring(text, begin, end).lower())
            if char >= 128:
                char = Py_UNICODE_TOLOWER(char)
            elif 65 <= char <= 90:
                char += 32
            _put(&key, at - begin, char)
        return self.number(key, end - begin)

    cdef int32_t number_of(self, str text) except -1:
        """The number of a word by its key."""
        cdef Key key = Key(0, 0)
        cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at
        cdef Py_UCS4 char
        if 0 < size <= STEM:
            for at in range(size):
                char = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), at)
                if not 0 < char <= 0xFFFF:
                    break
                _put(&key, at, char)
            else:
                return self.number(key, size)
        if text not in self.others:
            self.others[text] = self.new(Key(0, 0), size <= 3 and text < "\u0e00")
        return self.others[text]

    cdef int32_t number(self, Key key, Py_ssize_t size) except -1:
        cdef Py_ssize_t at
        if 2 * self.count >= self.slot_room:
            self.widen()
        at = self.slot(key)
        if not self.slots[at]:
            self.slots[at] = self.new(key, size <= 3 and (key.start & 0xFFFF) < SPACED_END) + 1
        return self.slots[at] - 1

    cdef Py_ssize_t slot(self, Key key) noexcept:
        cdef uint64_t mixed = (key.start ^ (key.rest * <uint64_t>0xC2B2AE3D27D4EB4F)) * <uint64_t>0x9E3779B97F4A7C15
        cdef Py_ssize_t at = <Py_ssize_t>((mixed >> 24) & <uint64_t>(self.slot_room - 1))
        cdef Word *word
        while self.slots[at]:
            word = &self.words[self.slots[at] - 1]
            if word.key.start == key.start and word.key.rest == key.rest:
                break
            at = (at + 1) & (self.slot_room - 1)
        return at

    cdef int32_t new(self, Key key, bint short) except -1:
        cdef Word *words
        if self.count == self.room:
            self.room = max(512, 2 * self.room)
            words = <Word *>realloc(self.words, self.room * sizeof(Word))
            if words == NULL:
                raise MemoryError
            self.words = words
        if self.count >= 1 << 30:
            raise OverflowError("too many words")
        self.words[self.count] = Word(key, -1, -1, short)
        self.count += 1
        return <int32_t>(self.count - 1)

    cdef int widen(self) except -1:
        cdef Py_ssize_t i
        cdef int32_t *slots = <int32_t *>calloc(2 * self.slot_room, sizeof(int32_t))
        if slots == NULL:
            raise MemoryError
        free(self.slots)
        self.slots, self.slot_room = slots, 2 * self.slot_room
        for i in range(self.count):
            if self.words[i].key.start:
                self.slots[self.slot(self.words[i].key)] = <int32_t>(i + 1)
        return 0


def words_of(list texts, int64_t far):
    """As `split.tree_features.words_of`: first token of each text, then of each token the number of its word, the
    token before with the same word or -`far`, whether capitalised, whether short, how often its word stands.
    """
    cdef Vocabulary known = Vocabulary()
    cdef Py_ssize_t i
    cdef Token *token
    first = np.empty(len(texts), dtype=np.int64)
    cdef int64_t[::1] starts = first
    for i in range(len(texts)):
        if i >= 1 << 30:
            raise OverflowError("too many texts")
        starts[i] = known.token_count
        known.read(texts[i], <int32_t>i)
    cdef Py_ssize_t n = known.token_count
    word, before, frequency = np.empty((3, n), dtype=np.int64)
    capital, short = np.empty((2, n), dtype=np.uint8)
    cdef int64_t[::1] words = word, befores = before, often = frequency
    cdef unsigned char[::1] capitals = capital, shorts = short
    cdef int64_t[::1] times = np.zeros(known.count, dtype=np.int64)
    for i in range(n):
        token = &known.tokens[i]
        words[i], befores[i] = token.word, token.before if token.before >= 0 else -far
        capitals[i], shorts[i] = token.capital, known.words[token.word].short
        times[token.word] += 1
    for i in range(n):
        often[i] = times[words[i]]
    return first, word, before, capital.view(bool), short.view(bool), frequency


cdef inline void _put(Key *key, Py_ssize_t at, uint32_t char) noexcept:
    if at < 4:
        key.start |= <uint64_t>char << (16 * at)
    else:
        key.rest |= <uint64_t>char << (16 * (at - 4))


cdef inline bint _is_letter(Py_UCS4 char) noexcept:
    if char < 128:
        return 97 <= char <= 122 or 65 <= char <= 90 or 48 <= char <= 57 or char == 95
    return Py_UNICODE_ISALNUM(char)


cdef inline bint _in_word(Py_UCS4 char) noexcept:
    """A letter, digit or underscore, or a mark: `split.tokens.RUN`."""
    return _is_letter(char) or (char >= 0x300 and (
        char <= 0x36F or 0x591 <= char <= 0x5C7 or 0x610 <= char <= 0x61A or 0x64B <= char <= 0x65F
        or 0x900 <= char <= 0xDFF
    ))


cdef inline bint _is_apostrophe(Py_UCS4 char) noexcept:
    return char == 39 or char == 0x2019


cdef bint _has_unspaced(str text):
    """Whether it holds a character of a script without spaces: `split.tokens.UNSPACED`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t at
    cdef Py_UCS4 char
    for at in range(PyUnicode_GET_LENGTH(text)):
        char = PyUnicode_READ(kind, data, at)
        if char >= 0xE00 and (
            char <= 0xEFF or 0x1000 <= char <= 0x109F or 0x1780 <= char <= 0x17FF or 0x3040 <= char <= 0x30FF
            or 0x31F0 <= char <= 0x31FF or 0x3400 <= char <= 0x4DBF or 0x4E00 <= char <= 0x9FFF
        ):
            return True
    return False
