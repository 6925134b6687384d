# cython: language_level=3, boundscheck=False, wraparound=False
"""The attributes that the walk looks at, told by their names."""

from libc.string cimport memcmp

from broadsheet.native.lexbor cimport Span, lexbor, lxb_dom_attr_t, lxb_dom_node_t, name_of, value_of


cdef inline int _if(Span name, const char *word, int key) noexcept:
    """`key` where the name is this word, which is as long."""
    return key if memcmp(name.data, word, name.length) == 0 else OTHER


cdef int key_of(lxb_dom_attr_t *attribute) noexcept:
    """Which of the attributes that the walk looks at this one is; `OTHER` is 0."""
    cdef Span name = name_of(attribute)
    if name.length == 2:
        return _if(name, b"id", ID)
    if name.length == 3:
        return _if(name, b"rel", REL_)
    if name.length == 4:
        return (
            _if(name, b"href", HREF) or _if(name, b"type", TYPE) or _if(name, b"role", ROLE) or _if(name, b"name", NAME)
        )
    if name.length == 5:
        return _if(name, b"class", CLASS) or _if(name, b"style", STYLE)
    if name.length == 6:
        return _if(name, b"hidden", HIDDEN)
    if name.length == 7:
        return _if(name, b"content", CONTENT)
    if name.length == 8:
        return _if(name, b"itemprop", ITEMPROP) or _if(name, b"property", PROPERTY)
    if name.length == 10:
        return _if(name, b"http-equiv", HTTP_EQUIV)
    return _if(name, b"aria-hidden", ARIA_HIDDEN) if name.length == 11 else OTHER


cdef void read(lxb_dom_node_t *element, Span *values) noexcept:
    """Of each `Key` the value that an element has; of length 0 where none or an empty one."""
    cdef lxb_dom_attr_t *attribute = lexbor.first_attribute(element)
    cdef int key
    for key in range(KEYS):
        values[key].data, values[key].length = NULL, 0
    while attribute is not NULL:
        values[key_of(attribute)] = value_of(attribute)
        attribute = lexbor.next_attribute(attribute)


cdef bint names_json_ld(lxb_dom_node_t *element) noexcept:
    """Whether one of a script's attributes names JSON-LD; most scripts are not asked further."""
    cdef lxb_dom_attr_t *attribute = lexbor.first_attribute(element)
    while attribute is not NULL:
        if holds(value_of(attribute), b"ld+json", 7):
            return True
        attribute = lexbor.next_attribute(attribute)
    return False
