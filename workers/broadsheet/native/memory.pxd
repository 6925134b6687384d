# Memory that grows.
from cpython.mem cimport PyMem_Realloc


cdef inline void *grown(void *held, Py_ssize_t size) except NULL:
    cdef void *more = PyMem_Realloc(held, size)
    if more is NULL:
        raise MemoryError
    return more
