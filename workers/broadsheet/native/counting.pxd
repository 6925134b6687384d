# Logarithms of counts, and numbers for what is the same.
from libc.stdint cimport int32_t, uint64_t

cdef int logarithms(double[::1] values) except -1
cdef int32_t grouped(const uint64_t[::1] keys, int32_t[::1] group) except -1


cdef class Table:
    cdef const uint64_t[::1] keys
    cdef int32_t *slots
    cdef size_t room

    cdef size_t slot(self, uint64_t key) noexcept
    cdef Py_ssize_t find(self, uint64_t key) noexcept
