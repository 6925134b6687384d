# cython: language_level=3, boundscheck=False, wraparound=False
"""The parser: lexbor, as selectolax ships it, called through the functions that it exports.

They are found by name when this is imported, so no layout in memory of one release is known here. A selectolax that
lacks one of them, or whose parser says something else of a small page, raises an `ImportError` that names its release.
"""

import ctypes

import selectolax
from selectolax import lexbor as shared_object

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uintptr_t

MOST_CHARS = 2**40
"""Of a text of which all is wanted."""


cdef object _unfit(str problem):
    return ImportError(
        f"the parser of selectolax {selectolax.__version__} {problem}: another release of it is needed",
        name="broadsheet.native",
    )


cdef void *_found(object library, str name) except NULL:
    """Where a function of the library begins."""
    cdef uintptr_t place
    try:
        place = ctypes.cast(library[name], ctypes.c_void_p).value
    except AttributeError:
        raise _unfit(f"lacks {name}") from None
    return <void *>place


cdef int _find(object library) except -1:
    (<void **>&lexbor.create)[0] = _found(library, "lxb_html_document_create")
    (<void **>&lexbor.scripting)[0] = _found(library, "lxb_dom_document_scripting_set_noi")
    (<void **>&lexbor.parse)[0] = _found(library, "lxb_html_document_parse")
    (<void **>&lexbor.destroy)[0] = _found(library, "lxb_html_document_destroy")
    (<void **>&lexbor.root)[0] = _found(library, "lxb_dom_document_root")
    (<void **>&lexbor.next)[0] = _found(library, "lxb_dom_node_next_noi")
    (<void **>&lexbor.parent)[0] = _found(library, "lxb_dom_node_parent_noi")
    (<void **>&lexbor.first_child)[0] = _found(library, "lxb_dom_node_first_child_noi")
    (<void **>&lexbor.type)[0] = _found(library, "lxb_dom_node_type_noi")
    (<void **>&lexbor.tag_id)[0] = _found(library, "lxb_dom_node_tag_id_noi")
    (<void **>&lexbor.text_content)[0] = _found(library, "lxb_dom_node_text_content")
    (<void **>&lexbor.destroy_text)[0] = _found(library, "lxb_dom_document_destroy_text_noi")
    (<void **>&lexbor.local_name)[0] = _found(library, "lxb_dom_element_local_name")
    (<void **>&lexbor.qualified_name)[0] = _found(library, "lxb_dom_element_qualified_name")
    (<void **>&lexbor.first_attribute)[0] = _found(library, "lxb_dom_element_first_attribute_noi")
    (<void **>&lexbor.next_attribute)[0] = _found(library, "lxb_dom_element_next_attribute_noi")
    (<void **>&lexbor.attribute_name)[0] = _found(library, "lxb_dom_attr_qualified_name")
    (<void **>&lexbor.attribute_value)[0] = _found(library, "lxb_dom_attr_value_noi")
    return 0


cdef class Document:
    """A page as parsed, in a browser's way with scripts on. Its nodes live as long as it does.

    Raises `ValueError` where the parser gives up, which it does for want of memory alone.
    """

    def __cinit__(self, bytes page not None):
        cdef const unsigned char *html = page
        cdef size_t size = len(page)
        cdef unsigned int status
        self.parsed = lexbor.create()
        if self.parsed is NULL:
            raise MemoryError
        lexbor.scripting(self.parsed, True)
        with nogil:
            status = lexbor.parse(self.parsed, html, size)
        if status:
            raise ValueError(f"the parser gives up: status {status}")

    def __dealloc__(self):
        if self.parsed is not NULL:
            lexbor.destroy(self.parsed)

    cdef lxb_dom_node_t *root(self) noexcept:
        return lexbor.root(self.parsed)

    @property
    def attributes(self):
        """Those of the html element."""
        return attributes_of(self.root()) if self.root() is not NULL else {}


cdef class Node:
    """An element that is read when asked for; it keeps its document."""

    @property
    def attributes(self):
        return attributes_of(self.node)

    def text(self, Py_ssize_t most=MOST_CHARS):
        """The texts of all nodes inside, joined: of `most` nodes, up to the one with which it is longer than `most`."""
        cdef list parts = []
        cdef lxb_dom_node_t *node = lexbor.first_child(self.node)
        cdef Py_ssize_t nodes = 0, size = 0
        while node is not NULL and nodes < most and size <= most:
            nodes += 1
            if lexbor.type(node) == TEXT:
                part = self._start(node, most)
                size += len(part)
                parts.append(part)
            if lexbor.first_child(node) is not NULL:
                node = lexbor.first_child(node)
                continue
            while node is not self.node and lexbor.next(node) is NULL:
                node = lexbor.parent(node)
            if node is self.node:
                break
            node = lexbor.next(node)
        return "".join(parts)

    cdef str _start(self, lxb_dom_node_t *node, Py_ssize_t most):
        """The start of a text node, one character longer than `most`; the parser's copy of it is given back."""
        cdef Span text = text_of(node)
        cdef Span start = text
        start.length = min(text.length, <size_t>(4 * (most + 1)))
        part = decoded(start)[: most + 1]
        lexbor.destroy_text(self.document.parsed, <unsigned char *>text.data)
        return part


cdef class Nodes:
    """Elements of a document in a row, each made when asked for."""

    def __cinit__(self, Document document not None):
        self.document = document

    def __dealloc__(self):
        PyMem_Free(self.nodes)

    cdef int add(self, lxb_dom_node_t *node) except -1:
        cdef void *more
        if self.count == self.room:
            more = PyMem_Realloc(self.nodes, (2 * self.room + 64) * sizeof(lxb_dom_node_t *))
            if more is NULL:
                raise MemoryError
            self.nodes, self.room = <lxb_dom_node_t **>more, 2 * self.room + 64
        self.nodes[self.count] = node
        self.count += 1
        return 0

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t index):
        if index < 0:
            index += self.count
        if not 0 <= index < self.count:
            raise IndexError("no such node")
        return node_of(self.document, self.nodes[index])


cdef Node node_of(Document document, lxb_dom_node_t *node):
    cdef Node made = Node.__new__(Node)
    made.node, made.document = node, document
    return made


cdef str decoded(Span text):
    """Empty where there is none."""
    return PyUnicode_DecodeUTF8(<const char *>text.data, text.length, "replace") if text.data is not NULL else ""


cdef Span text_of(lxb_dom_node_t *node) except *:
    """The text of a text node, or of all inside an element: a copy that lives as long as the document."""
    cdef Span text
    text.data = lexbor.text_content(node, &text.length)
    if text.data is NULL:
        raise MemoryError
    return text


cdef dict attributes_of(lxb_dom_node_t *element):
    """By their names, None where there is no value."""
    cdef dict found = {}
    cdef Span value
    cdef lxb_dom_attr_t *attribute = lexbor.first_attribute(element)
    while attribute is not NULL:
        value = value_of(attribute)
        found[decoded(name_of(attribute))] = decoded(value) if value.data is not NULL else None
        attribute = lexbor.next_attribute(attribute)
    return found


def _as_expected():
    """Whether the parser says of a small page what it is."""
    cdef Document document = Document(b"<p class=a data-b>text<br><x-y>")
    cdef lxb_dom_node_t *html = document.root()
    cdef lxb_dom_node_t *body = lexbor.next(lexbor.first_child(html))
    cdef lxb_dom_node_t *p = lexbor.first_child(body)
    cdef lxb_dom_node_t *text = lexbor.first_child(p)
    cdef Span name
    name.data = lexbor.qualified_name(lexbor.next(lexbor.next(text)), &name.length)
    return (
        lexbor.type(p) == ELEMENT and lexbor.parent(text) is p and lexbor.type(text) == TEXT
        and decoded(text_of(text)) == "text" and decoded(name) == "x-y"
        and attributes_of(p) == {"class": "a", "data-b": None}
    )


_find(ctypes.CDLL(shared_object.__file__))
if not _as_expected():
    raise _unfit("reads a small page otherwise")
