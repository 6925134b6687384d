# cython: language_level=3, boundscheck=False, wraparound=False
"""What the walk does at a tag, said once for each name; every tag that is not named here is block-level."""

from libc.stdint cimport uintptr_t

from broadsheet.native.lexbor cimport Span, decoded, lexbor, lxb_dom_node_t

_ACTIONS = {
    INLINE: """abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math mi mn mo mrow msub
    msup nobr q rb ruby s samp small span strike strong sub sup tt u var wbr tspan picture output""",
    SKIP: """style noscript template svg iframe object embed canvas select datalist textarea audio video map noframes
    frameset rp rt rtc""",
    VOID: "input source track area col param frame hr",
    BREAK: "br",
    LINK: "a",
    IMAGE: "img amp-img",
    SCRIPT: "script",
    META: "meta",
    TITLE: "title",
    REL: "link",
    TIME: "time",
    BASE: "base",
}
_FLAGS = {
    IS_SPAN: "span",
    IS_PIECE: "span b strong em i font small big label u",
    IS_CODE: "code",
    IS_RULE: "hr",
    IS_PRE: "pre",
    IS_FLOW: "p li td th h1 h2 h3 h4 h5 h6 figcaption dd dt",
}

cdef dict actions = {name: action for action, names in _ACTIONS.items() for name in names.split()}
cdef dict flags = {}
for _flag, _names in _FLAGS.items():
    for _name in _names.split():
        flags[_name] = flags.get(_name, 0) | _flag

cdef list known = [None] * KNOWN    # by their numbers; a tag without one is told by its name each time


cdef Tag _tag(str name, int number):
    cdef Tag tag = Tag.__new__(Tag)
    tag.name, tag.number = name, number
    tag.action = actions.get(tag.name, BLOCK)
    tag.flags = flags.get(tag.name, 0) | (HAS_DASH if "-" in tag.name else 0)
    return tag


NAMELESS = _tag("", KNOWN)


cdef Tag tag_of(lxb_dom_node_t *element):
    cdef uintptr_t number = lexbor.tag_id(element)
    cdef Span spelt
    if number >= KNOWN:
        spelt.data = lexbor.qualified_name(element, &spelt.length)
        return _tag(decoded(spelt), KNOWN)
    tag = known[number]
    if tag is None:
        spelt.data = lexbor.local_name(element, &spelt.length)
        tag = known[number] = _tag(decoded(spelt), <int>number)
    return <Tag>tag
