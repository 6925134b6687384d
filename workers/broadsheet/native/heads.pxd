# What a page's head says.
from broadsheet.native.lexbor cimport Document, lxb_dom_node_t


cdef class Heads:
    cdef Document document
    cdef object seen
    cdef list metas, rels
    cdef Py_ssize_t most

    cdef int add(self, lxb_dom_node_t *node, int action) except -1
    cdef int _meta(self, lxb_dom_node_t *element) except -1
    cdef int _rel(self, lxb_dom_node_t *element) except -1
