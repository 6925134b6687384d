# What the walk does at a tag.
from broadsheet.native.lexbor cimport lxb_dom_node_t

cdef enum Action:
    BLOCK, INLINE, SKIP, BREAK, LINK, IMAGE, SCRIPT, META, TITLE, REL, TIME, VOID, BASE

cdef enum Flag:
    IS_SPAN = 1
    IS_CODE = 2
    IS_RULE = 4                     # hr
    IS_PRE = 8
    IS_FLOW = 16                    # an unknown element inside stands in running text and does not cut it
    HAS_DASH = 32
    IS_PIECE = 64                   # side by side without a blank between, two of them hold words of their own

cdef enum:
    KNOWN = 1024                    # the parser's own numbers of tags end below; any other tag has none

cdef class Tag:
    cdef readonly str name
    cdef int number                 # the parser's, `KNOWN` where it has none
    cdef int action, flags

cdef Tag NAMELESS               # of what is no element

cdef Tag tag_of(lxb_dom_node_t *element)
