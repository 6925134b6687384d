# The attributes that the walk looks at.
from libc.string cimport memcmp

from broadsheet.native.lexbor cimport Span, lxb_dom_attr_t, lxb_dom_node_t

cdef enum Key:
    OTHER, CLASS, ID, ROLE, ITEMPROP, PROPERTY, STYLE, HIDDEN, ARIA_HIDDEN, NAME, HTTP_EQUIV, CONTENT, REL_, HREF, TYPE
    KEYS

cdef int key_of(lxb_dom_attr_t *attribute) noexcept
cdef void read(lxb_dom_node_t *element, Span *values) noexcept
cdef bint names_json_ld(lxb_dom_node_t *element) noexcept
cdef bint hiding_class(Span names) noexcept
cdef bint kept_class(Span names) noexcept
cdef bint hiding_style(Span style) noexcept


cdef inline bint equals(Span text, const char *word, size_t length) noexcept:
    return text.length == length and memcmp(text.data, word, length) == 0


cdef inline bint holds(Span text, const char *word, size_t length) noexcept:
    cdef size_t i
    if text.length < length:
        return False
    for i in range(text.length - length + 1):
        if text.data[i] == <unsigned char>word[0] and memcmp(text.data + i, word, length) == 0:
            return True
    return False
