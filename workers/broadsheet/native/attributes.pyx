# cython: language_level=3, boundscheck=False, wraparound=False
"""The attributes that the walk looks at, told by their names."""

from libc.string cimport memcmp, strlen

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


cdef enum:
    LONGEST_LOOK = 400              # bytes of a class or a style that are looked at

cdef const char **HIDING_STYLES = ["display:none", "clip:rect(0", "clip:rect(1px", "clip-path:inset(50%", "left:-999"]
cdef const char **HIDING_PARTS = [
    "visually-hidden", "visuallyhidden", "hiddenvisually", "hidden-visually", "screen-reader", "screenreader", "sr-only",
    "show-for-sr", "element-invisible", "assistive-text", "tooltiptext", "tooltip-text",
]
cdef const char **HIDING_WORDS = ["hidden", "d-none", "is-hidden", "hide-text", "u-hidden"]


cdef bint _any_in(Span text, const char **words, int count) noexcept:
    cdef int i
    for i in range(count):
        if holds(text, words[i], strlen(words[i])):
            return True
    return False


cdef Span _lowered(Span text, unsigned char *to, bint blanks) noexcept:
    """ASCII in lower case, cut, with its blanks or without."""
    cdef size_t i
    cdef unsigned char c
    cdef Span made = Span(to, 0)
    for i in range(min(text.length, <size_t>LONGEST_LOOK)):
        c = text.data[i]
        if 65 <= c <= 90:
            c += 32
        if c > 32 or blanks:
            to[made.length] = 32 if c <= 32 else c
            made.length += 1
    return made


cdef bint hiding_style(Span style) noexcept:
    """Whether a style keeps an element from sight: not shown, cut to nothing, or moved off the page."""
    cdef unsigned char[LONGEST_LOOK] room
    if style.length < 9:
        return False
    return _any_in(_lowered(style, room, False), HIDING_STYLES, 5)


cdef bint hiding_class(Span names) noexcept:
    """Whether a class of those that many sites share keeps an element from sight; not where a further one shows it on
    some screens ("hidden md:block").
    """
    cdef unsigned char[LONGEST_LOOK] room
    cdef Span text, word
    cdef size_t start = 0, i
    cdef bint plain = False
    cdef int k
    if names.length < 6:
        return False
    text = _lowered(names, room, True)
    if _any_in(text, HIDING_PARTS, 12):
        return not holds(text, b"not-sr-only", 11)
    if holds(text, b":", 1) or holds(text, b"visible", 7):
        return False
    for i in range(text.length + 1):
        if i < text.length and text.data[i] != 32:
            continue
        word.data, word.length = text.data + start, i - start
        start = i + 1
        for k in range(5):
            plain = plain or equals(word, HIDING_WORDS[k], strlen(HIDING_WORDS[k]))
        if word.length > 6 and memcmp(word.data, b"d-", 2) == 0:
            return False
    return plain


cdef bint kept_class(Span names) noexcept:
    """Whether a class tells of a note or a formula: hidden until asked for, or beside its picture, and still body."""
    return holds(names, b"note", 4) or holds(names, b"math", 4)
