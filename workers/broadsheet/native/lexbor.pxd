# The parser: what of lexbor's interface is called here, as its headers declare it; its types are left closed.
from libc.stdint cimport uintptr_t


cdef extern from *:
    """
    #include <stdbool.h>
    typedef struct lxb_html_document lxb_html_document_t;
    typedef struct lxb_dom_node lxb_dom_node_t;
    typedef struct lxb_dom_attr lxb_dom_attr_t;
    """
    ctypedef bint boolean "bool"
    ctypedef struct lxb_html_document_t:
        pass
    ctypedef struct lxb_dom_node_t:
        pass
    ctypedef struct lxb_dom_attr_t:
        pass


cdef enum:                          # kinds of nodes, by the DOM standard's numbers
    ELEMENT = 1
    TEXT = 3
    INSTRUCTION = 7                 # <?...?>
    COMMENT = 8
    DOCTYPE = 10


cdef struct Lexbor:
    lxb_html_document_t *(*create)() noexcept nogil
    void (*scripting)(lxb_html_document_t *document, boolean on) noexcept nogil
    unsigned int (*parse)(lxb_html_document_t *document, const unsigned char *html, size_t size) noexcept nogil
    lxb_html_document_t *(*destroy)(lxb_html_document_t *document) noexcept nogil
    lxb_dom_node_t *(*root)(lxb_html_document_t *document) noexcept nogil
    lxb_dom_node_t *(*next)(lxb_dom_node_t *node) noexcept nogil
    lxb_dom_node_t *(*parent)(lxb_dom_node_t *node) noexcept nogil
    lxb_dom_node_t *(*first_child)(lxb_dom_node_t *node) noexcept nogil
    int (*type)(lxb_dom_node_t *node) noexcept nogil
    uintptr_t (*tag_id)(lxb_dom_node_t *node) noexcept nogil
    void *(*destroy_text)(lxb_html_document_t *document, unsigned char *text) noexcept nogil
    unsigned char *(*text_content)(lxb_dom_node_t *node, size_t *length) noexcept nogil
    const unsigned char *(*local_name)(lxb_dom_node_t *element, size_t *length) noexcept nogil
    const unsigned char *(*qualified_name)(lxb_dom_node_t *element, size_t *length) noexcept nogil
    lxb_dom_attr_t *(*first_attribute)(lxb_dom_node_t *element) noexcept nogil
    lxb_dom_attr_t *(*next_attribute)(lxb_dom_attr_t *attribute) noexcept nogil
    const unsigned char *(*attribute_name)(lxb_dom_attr_t *attribute, size_t *length) noexcept nogil
    const unsigned char *(*attribute_value)(lxb_dom_attr_t *attribute, size_t *length) noexcept nogil


cdef Lexbor lexbor


cdef struct Span:                   # a text in the parser's memory; `data` is NULL where there is none
    const unsigned char *data
    size_t length


cdef class Document:
    cdef lxb_html_document_t *parsed

    cdef lxb_dom_node_t *root(self) noexcept


cdef class Node:
    cdef lxb_dom_node_t *node
    cdef Document document

    cdef str _start(self, lxb_dom_node_t *node, Py_ssize_t most)


cdef class Nodes:
    cdef lxb_dom_node_t **nodes
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t room
    cdef Document document

    cdef int add(self, lxb_dom_node_t *node) except -1


cdef Node node_of(Document document, lxb_dom_node_t *node)
cdef str decoded(Span text)
cdef Span text_of(lxb_dom_node_t *node) except *
cdef dict attributes_of(lxb_dom_node_t *element)


cdef inline Span name_of(lxb_dom_attr_t *attribute) noexcept:
    cdef Span name
    name.data = lexbor.attribute_name(attribute, &name.length)
    return name


cdef inline Span value_of(lxb_dom_attr_t *attribute) noexcept:
    cdef Span value
    value.data = lexbor.attribute_value(attribute, &value.length)
    return value
