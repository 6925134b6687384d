# Texts of which each is held once.

cdef struct Known:
    unsigned long long hash
    Py_ssize_t at                   # in `spelt`
    Py_ssize_t length
    Py_ssize_t number               # from 1 on; 0 where the place is free


cdef class Interned:
    cdef readonly list texts
    cdef Known *known
    cdef size_t room
    cdef unsigned char *spelt
    cdef Py_ssize_t spelt_length, spelt_room

    cdef Py_ssize_t number(self, const unsigned char *text, Py_ssize_t length) except -1
    cdef int _widen(self) except -1
