# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The walk over a parsed page in C: the twin of `html.scan.tree._Walk.walk`, without a Python object a node.

It reads lexbor's nodes where they lie in memory, as `lexbor.pxd` describes them. That is checked against what the
parser's own interface says of a small page before anything else is read (`usable`), for the release of selectolax that
it was written for. What is rare (meta tags, images, properties) is handed to the same Python as the twin's.
"""

import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.object cimport PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uintptr_t
from libc.string cimport memcmp, memcpy

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject *kind, Py_ssize_t items)
    void PyObject_GC_UnTrack(object held)

from broadsheet.native.lexbor cimport (
    ATTRIBUTE, COMMENT, DOCTYPE, ELEMENT, INSTRUCTION, TEXT, Attr, Element, Named, Node as CNode, Str, Text,
)

RELEASE = "1.0.2"
"""Of selectolax: the layout of its parser's nodes was read from this one."""

_TAGS = """a abbr acronym address altglyph altglyphdef altglyphitem animatecolor animatemotion animatetransform
annotation-xml applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button
canvas caption center cite clippath code col colgroup data datalist dd del desc details dfn dialog dir div dl dt em
embed feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap
fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode
femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence fieldset figcaption figure font
footer foreignobject form frame frameset glyphref h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input
ins isindex kbd keygen label legend li lineargradient link listing main malignmark map mark marquee math menu meta
meter mfenced mglyph mi mn mo ms mtext multicol nav nextid nobr noembed noframes noscript object ol optgroup option
output p param path picture plaintext pre progress q radialgradient rb rp rt rtc ruby s samp script search section
select selectedcontent slot small source spacer span strike strong style sub summary sup svg table tbody td template
textarea textpath tfoot th thead time title tr track tt u ul var video wbr xmp""".split()
"""Tags that the parser has a number for. One that is missing here leaves its page to the twin."""

_ATTRIBUTES = """accept accept-charset active align alink alt axis bgcolor charset checked class clear codetype color
compact content declare defer dir direction disabled enctype face focus for frame height hover href hreflang html
http-equiv id is lang language link maxlength media method multiple nohref noresize noshade nowrap placeholder pool
public readonly rel required rev rules scheme scope scrolling selected shape size slot src style system target text
title type valign valuetype vlink width xmlns""".split()

cdef enum:
    MOST_NUMBERS = 1024             # a tag's or an attribute's number; above, it is where the name stands
    UNSET = -2                      # of an element in which a text is not read and an element belongs to the root
    SKIPPED = -1
    OWNER_BITS = 21

cdef enum Action:
    INLINE, BLOCK, SKIP, BREAK, LINK, IMAGE, SCRIPT, META, TITLE, REL, TIME, VOID, BASE

cdef enum Flag:
    IS_SPAN = 1
    IS_CODE = 2
    IS_RULE = 4                     # hr
    IS_PRE = 8
    IS_FLOW = 16                    # of the twin's _FLOW_PARENTS
    HAS_DASH = 32

cdef enum Key:
    OTHER, CLASS, ID, ROLE, ITEMPROP, PROPERTY, STYLE, HIDDEN, ARIA_HIDDEN, NAME, HTTP_EQUIV, CONTENT, REL_, HREF, TYPE
    KEYS

cdef list tag_names = [None] * MOST_NUMBERS
cdef signed char[MOST_NUMBERS] tag_actions
cdef unsigned char[MOST_NUMBERS] tag_flags
cdef list attribute_names = [None] * MOST_NUMBERS
cdef unsigned char[MOST_NUMBERS] attribute_keys
cdef dict actions                   # the twin's
cdef frozenset flow_parents


class UnreadError(Exception):
    """Something in the tree that the walk in C does not know; the twin reads such a page."""


def usable(dict tag_actions_by_name, frozenset parents):
    """Whether the parser's nodes lie in memory as they are read here; learns its numbers of tags and attributes.

    The arguments are the twin's tables: what to do at a tag, and the tags in which an unknown one is running text.
    """
    global actions, flow_parents
    import selectolax
    from selectolax.lexbor import LexborHTMLParser, create_tag

    if selectolax.__version__ != RELEASE or not _as_described(LexborHTMLParser):
        return False
    actions, flow_parents = tag_actions_by_name, parents
    for name in _TAGS:
        number = create_tag(name).tag_id
        if number < MOST_NUMBERS:
            tag_names[number] = name
            tag_actions[number] = actions.get(name, BLOCK)
            tag_flags[number] = _flags(name)
    parser = LexborHTMLParser(("<p " + " ".join(_ATTRIBUTES) + ">").encode())
    keys = {
        "class": CLASS, "id": ID, "style": STYLE, "http-equiv": HTTP_EQUIV, "content": CONTENT, "rel": REL_,
        "href": HREF, "type": TYPE,
    }
    cdef uintptr_t place = parser.css_first("p").mem_id
    cdef Attr *attr = (<Element *>place).first_attr
    for name in _ATTRIBUTES:
        if attr is NULL:
            return False
        if attr.node.local_name < MOST_NUMBERS:
            attribute_names[attr.node.local_name] = name
            attribute_keys[attr.node.local_name] = keys.get(name, OTHER)
        attr = attr.next
    return attr is NULL


cdef int _flags(str tag) except -1:
    """What is asked of a tag beside what to do at it."""
    return (
        IS_SPAN * (tag == "span") | IS_CODE * (tag == "code") | IS_RULE * (tag == "hr") | IS_PRE * (tag == "pre")
        | IS_FLOW * (tag in flow_parents) | HAS_DASH * ("-" in tag)
    )


cdef bint _as_described(object parse) except -1:
    """Compare what lies in memory with what the parser's own interface says, step by step, each behind the last."""
    parser = parse(b"<html><head></head><body><p class=a data-very-long-name=bc>text<br></p></body></html>")
    html, head, body, p = parser.root, parser.head, parser.body, parser.css_first("p")
    cdef uintptr_t at_html = html.mem_id, at_head = head.mem_id, at_body = body.mem_id, at_p = p.mem_id
    cdef CNode *node = <CNode *>at_html
    if node.type != ELEMENT or node.local_name != html.tag_id or <uintptr_t>node.first_child != at_head:
        return False
    if <uintptr_t>node.last_child != at_body or <uintptr_t>node.first_child.next != at_body:
        return False
    if <uintptr_t>node.last_child.first_child != at_p or <uintptr_t>(<CNode *>at_p).parent != at_body:
        return False
    cdef Text *text = <Text *>(<CNode *>at_p).first_child
    if text is NULL or text.node.type != TEXT or text.data.length != 4 or memcmp(text.data.data, b"text", 4) != 0:
        return False
    cdef Attr *first = (<Element *>at_p).first_attr
    if first is NULL or first.node.type != ATTRIBUTE or first is not (<Element *>at_p).attr_class:
        return False
    if first.value is NULL or first.value.length != 1 or first.value.data[0] != 97 or first.qualified_name:
        return False
    cdef Attr *second = first.next
    if second is NULL or second is not (<Element *>at_p).last_attr or second.node.type != ATTRIBUTE:
        return False
    if second.value is NULL or second.value.length != 2 or second.node.local_name < MOST_NUMBERS:
        return False
    return (<Named *>second.node.local_name).length == 19 and _name(second.node.local_name) == "data-very-long-name"


cdef str _decoded(const unsigned char *data, size_t length):
    return PyUnicode_DecodeUTF8(<const char *>data, length, "replace") if data is not NULL else ""


cdef const unsigned char *_spelling(uintptr_t place, size_t *length) noexcept:
    cdef Named *named = <Named *>place
    length[0] = named.length
    if named.length <= 16:
        return &named.name.near[0]
    return named.name.far


cdef str _name(uintptr_t place):
    cdef size_t length = 0
    cdef const unsigned char *name = _spelling(place, &length)
    return _decoded(name, length)


cdef inline uintptr_t _number(const Attr *attr) noexcept:
    return attr.qualified_name if attr.qualified_name else attr.node.local_name


cdef int _key(const Attr *attr) noexcept:
    """Which of the attributes that the walk looks at this one is."""
    cdef uintptr_t number = _number(attr)
    cdef size_t length = 0
    cdef const unsigned char *name
    if number < MOST_NUMBERS:
        return attribute_keys[number]
    name = _spelling(number, &length)
    if length == 4:
        if memcmp(name, b"role", 4) == 0:
            return ROLE
        return NAME if memcmp(name, b"name", 4) == 0 else OTHER
    if length == 6:
        return HIDDEN if memcmp(name, b"hidden", 6) == 0 else OTHER
    if length == 8:
        if memcmp(name, b"itemprop", 8) == 0:
            return ITEMPROP
        return PROPERTY if memcmp(name, b"property", 8) == 0 else OTHER
    if length == 11:
        return ARIA_HIDDEN if memcmp(name, b"aria-hidden", 11) == 0 else OTHER
    return OTHER


cdef dict _attributes(const CNode *node):
    """As selectolax gives them: by their names, None where there is no value."""
    cdef dict found = {}
    cdef Attr *attr = (<Element *>node).first_attr if node.type == ELEMENT else NULL
    cdef uintptr_t number
    while attr is not NULL:
        number = _number(attr)
        name = attribute_names[number] if number < MOST_NUMBERS else _name(number)
        if name is None:
            raise UnreadError(f"attribute {number}")
        if attr.value is NULL or attr.value.data is NULL:
            found[name] = None
        else:
            found[name] = _decoded(attr.value.data, attr.value.length)
        attr = attr.next
    return found


cdef str _deep_text(const CNode *root):
    """The text of all nodes inside, joined."""
    cdef list parts = []
    cdef const CNode *node = root.first_child
    while node is not NULL:
        if node.type == TEXT:
            parts.append(_decoded((<Text *>node).data.data, (<Text *>node).data.length))
        if node.first_child is not NULL:
            node = node.first_child
            continue
        while node is not root and node.next is NULL:
            node = node.parent
        if node is root:
            break
        node = node.next
    return "".join(parts)


cdef class Node:
    """A node that is read when asked for, as one of selectolax's; it keeps the parser alive."""

    cdef const CNode *node
    cdef object parser

    @property
    def attributes(self):
        return _attributes(self.node)

    def text(self, bint deep=True):
        return _deep_text(self.node)


cdef class Nodes:
    """The nodes met of one kind, each made when asked for."""

    cdef const CNode **at
    cdef Py_ssize_t count, room
    cdef object parser

    def __cinit__(self, object parser):
        self.at, self.count, self.room, self.parser = NULL, 0, 0, parser

    def __dealloc__(self):
        PyMem_Free(self.at)

    cdef int add(self, const CNode *node) except -1:
        if self.count == self.room:
            self.at = <const CNode **>_grown(self.at, (2 * self.room + 64) * sizeof(CNode *))
            self.room = 2 * self.room + 64
        self.at[self.count] = node
        self.count += 1
        return 0

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t index):
        if index < 0:
            index += self.count
        if not 0 <= index < self.count:
            raise IndexError("no such node")
        cdef Node made = Node.__new__(Node)
        made.node, made.parser = self.at[index], self.parser
        return made


cdef inline int _space(const unsigned char *text, const unsigned char *end) noexcept nogil:
    """How many bytes of white space, as Python's `str.split` takes it, stand at `text`: 0 where none."""
    cdef unsigned char c = text[0]
    if c < 128:
        return c == 32 or 9 <= c <= 13 or 28 <= c <= 31
    if c == 0xC2:
        return 2 if end - text > 1 and (text[1] == 0x85 or text[1] == 0xA0) else 0
    if end - text < 3:
        return 0
    if c == 0xE2:
        if text[1] == 0x80:
            return 3 if 0x80 <= text[2] <= 0x8A or text[2] == 0xA8 or text[2] == 0xA9 or text[2] == 0xAF else 0
        return 3 if text[1] == 0x81 and text[2] == 0x9F else 0
    if c == 0xE3:
        return 3 if text[1] == 0x80 and text[2] == 0x80 else 0
    return 3 if c == 0xE1 and text[1] == 0x9A and text[2] == 0x80 else 0


cdef bint _blank(const unsigned char *text, size_t length) noexcept nogil:
    """Only white space of HTML."""
    cdef size_t i
    for i in range(length):
        if text[i] != 32 and text[i] != 10 and text[i] != 9 and text[i] != 12 and text[i] != 13:
            return False
    return True


cdef struct Row:
    Py_ssize_t tag
    Py_ssize_t parent
    Py_ssize_t depth
    Py_ssize_t first
    Py_ssize_t names
    long long bits                  # what its attributes but the names hint at
    bint pre
    bint flow


cdef struct Known:
    unsigned long long hash
    Py_ssize_t at                   # in `spelt`
    Py_ssize_t length
    Py_ssize_t number               # from 1 on; 0 where the place is free


cdef void *_grown(void *held, Py_ssize_t size) except NULL:
    cdef void *more = PyMem_Realloc(held, size)
    if more is NULL:
        raise MemoryError
    return more


cdef inline void _put(object row, Py_ssize_t at, object item):
    """Fill a place of a new tuple."""
    Py_INCREF(item)
    PyTuple_SET_ITEM(row, at, item)


cdef class Walk:
    """One walk; afterwards it holds what was found, in the twin's shapes."""

    cdef object parser, seen, picture
    cdef list metas, rels, pictures
    cdef Py_ssize_t most
    cdef readonly list tags, names, texts, links
    cdef readonly Nodes anchors
    cdef readonly dict marked
    cdef readonly set code
    cdef dict dynamic
    cdef Py_ssize_t[MOST_NUMBERS] numbers
    cdef Row *rows
    cdef Py_ssize_t row_count, row_room
    cdef Known *known
    cdef size_t known_room
    cdef unsigned char *spelt
    cdef Py_ssize_t spelt_length, spelt_room
    cdef unsigned char *parts
    cdef Py_ssize_t length, room
    cdef unsigned char *folded
    cdef Py_ssize_t folded_room
    cdef Py_ssize_t *owners
    cdef Py_ssize_t *linked
    cdef Py_ssize_t owner_room
    cdef long long *places
    cdef Py_ssize_t place_room
    cdef list open_links, spans
    cdef long long inline, said     # of the open block's spans; of the element at hand, beside its names
    cdef Py_ssize_t cur, open_linked
    cdef long long hidden, dialog, meta

    def __cinit__(self):
        self.rows = NULL
        self.known = NULL
        self.spelt = self.parts = self.folded = NULL
        self.owners = self.linked = NULL
        self.places = NULL

    def __init__(self, object parser, object seen, object picture, Py_ssize_t most, long long hidden, long long dialog,
                 long long meta):
        """`seen` takes what is rare, at most so many of each; `picture` is the twin's class, the others bits of hints."""
        cdef Py_ssize_t i
        self.parser, self.seen, self.picture, self.most = parser, seen, picture, most
        self.metas, self.rels, self.pictures = seen.metas, seen.rels, seen.pictures
        self.hidden, self.dialog, self.meta = hidden, dialog, meta
        self.tags, self.names, self.texts, self.links, self.anchors = [], [], [], [], Nodes(parser)
        self.marked, self.code, self.dynamic, self.said = {}, set(), {}, 0
        self.open_links, self.spans, self.inline, self.cur, self.open_linked = [], [], 0, 0, 0
        for i in range(MOST_NUMBERS):
            self.numbers[i] = -1
        self.row_room, self.owner_room, self.place_room, self.known_room = 512, 256, 64, 512
        self.room = self.folded_room = 4096
        self.spelt_room = 4096
        self.rows = <Row *>_grown(NULL, self.row_room * sizeof(Row))
        self.known = <Known *>_grown(NULL, self.known_room * sizeof(Known))
        for i in range(<Py_ssize_t>self.known_room):
            self.known[i].number = 0
        self.spelt = <unsigned char *>_grown(NULL, self.spelt_room)
        self.parts = <unsigned char *>_grown(NULL, self.room)
        self.folded = <unsigned char *>_grown(NULL, self.folded_room)
        self.owners = <Py_ssize_t *>_grown(NULL, self.owner_room * sizeof(Py_ssize_t))
        self.linked = <Py_ssize_t *>_grown(NULL, self.owner_room * sizeof(Py_ssize_t))
        self.places = <long long *>_grown(NULL, self.place_room * sizeof(long long))
        self.row_count = self.spelt_length = self.length = 0
        self.tags.append("")
        self._add_row(0, 0, 0, self._named(self.parts, 0), False, False)

    def __dealloc__(self):
        PyMem_Free(self.rows)
        PyMem_Free(self.known)
        PyMem_Free(self.spelt)
        PyMem_Free(self.parts)
        PyMem_Free(self.folded)
        PyMem_Free(self.owners)
        PyMem_Free(self.linked)
        PyMem_Free(self.places)

    def walk(self, root, Py_ssize_t most_nodes):
        """The one pass over what is inside `root`. False where there are more than `most_nodes` nodes.

        Raises `UnreadError` where the tree holds what this walk does not know.
        """
        cdef uintptr_t start = root.mem_id
        cdef const CNode *top = <const CNode *>start
        cdef const CNode *node = top
        cdef Py_ssize_t depth = 0, count = 0
        cdef long long at, place
        self.places[0] = UNSET      # of what holds the root
        while True:
            count += 1
            if count > most_nodes:
                return False
            at = self.places[depth]
            place = SKIPPED
            if node.type == TEXT:
                self._text(<const Text *>node, at)
            elif node.type == ELEMENT:
                at = 0 if at == UNSET else at
                if at >= 0:
                    place = self._element(node, at)
            elif node.type == INSTRUCTION:
                place = self._instruction(node, 0 if at == UNSET else at)
            elif node.type != COMMENT and node.type != DOCTYPE:
                raise UnreadError(f"node of type {node.type}")
            if node.first_child is not NULL:
                depth += 1
                if depth >= self.place_room:
                    self.place_room *= 2
                    self.places = <long long *>_grown(self.places, self.place_room * sizeof(long long))
                self.places[depth] = place
                node = node.first_child
                continue
            while node is not top and node.next is NULL:
                node = node.parent
                depth -= 1
            if node is top:
                break
            node = node.next
        if self.length:
            self._flush()
        return True

    cdef int _text(self, const Text *text, long long at) except -1:
        cdef Py_ssize_t owner
        if _blank(text.data.data, text.data.length):
            if self.length:
                self._add(b" ", 1)
            return 0
        if at < 0:
            return 0
        owner = at & ((1 << OWNER_BITS) - 1)
        if owner != self.cur:
            if self.length:
                self._flush()
            self.cur = owner
        self._add(text.data.data, text.data.length)
        if at >> OWNER_BITS:
            link = ((at >> OWNER_BITS) - 1, _decoded(text.data.data, text.data.length))
            PyObject_GC_UnTrack(link)
            self.open_links.append(link)
            self.open_linked += self._letters(text.data.data, text.data.length)
        return 0

    cdef long long _element(self, const CNode *node, long long at) except -3:
        """What an element does; the place of what is inside of it."""
        cdef Py_ssize_t owner = at & ((1 << OWNER_BITS) - 1)
        cdef long long link = at - owner
        cdef uintptr_t number = node.local_name
        cdef int action, flags
        cdef str tag
        if number < MOST_NUMBERS:
            tag = tag_names[number]
            if tag is None:
                raise UnreadError(f"tag {number}")
            action, flags = tag_actions[number], tag_flags[number]
        else:
            tag = _tag(<const Element *>node)
            action, flags = actions.get(tag, BLOCK), _flags(tag)
        if action == BLOCK:
            if flags & HAS_DASH and self.rows[owner].flow:
                return at
            if self.length:
                self._flush()
            self.cur = self.row_count
            self._add_row(self._tag_number(number, tag), owner, self.rows[owner].depth + 1,
                          self._names(<const Element *>node), flags & IS_PRE != 0, flags & IS_FLOW != 0)
            self.rows[self.cur].bits = self.said
            return self.cur | link
        if action == INLINE:
            if flags & IS_SPAN:
                self._span(node)
            elif flags & IS_CODE:
                self.code.add(owner)
            return at
        if action == LINK:
            self.anchors.add(node)
            return owner | (<long long>self.anchors.count << OWNER_BITS)
        if action == SKIP:
            return SKIPPED
        if action == BREAK:
            if self.length:
                self._line_break()
            return UNSET
        return self._other(node, flags, action, at, owner)

    cdef long long _instruction(self, const CNode *node, long long at) except -3:
        """A processing instruction cuts the text like an element without a name."""
        if at < 0:
            return SKIPPED
        if self.length:
            self._flush()
        self.cur = self.row_count
        cdef Py_ssize_t owner = at & ((1 << OWNER_BITS) - 1)
        self._add_row(0, owner, self.rows[owner].depth + 1,
                      self._named(self.parts, 0), False, False)
        return self.cur | (at - owner)

    cdef long long _other(self, const CNode *node, int flags, int action, long long at, Py_ssize_t owner) except -3:
        """The rarer elements, as the twin's `other`."""
        cdef Py_ssize_t here = len(self.texts)
        if action == IMAGE:
            found = PyType_GenericAlloc(<PyTypeObject *>self.picture, 3)
            _put(found, 0, here + (self.length > 0))
            _put(found, 1, owner)
            _put(found, 2, self._node(node))
            self.pictures.append(found)
            return UNSET
        if action == META:
            self._meta(<const Element *>node)
            return SKIPPED
        if action == REL:
            self._rel(<const Element *>node)
            return SKIPPED
        if action == TIME:
            self.inline |= self.meta
            self.seen.time(_attributes(node), here, self._node(node))
            return at
        if action == VOID:
            if flags & IS_RULE and self.length:
                self._flush()
            return UNSET
        if action != SCRIPT or _is_json_ld(<const Element *>node):
            self.seen.headed(self._node(node), action)
        return SKIPPED

    cdef int _meta(self, const Element *element) except -1:
        """As the twin's `headed` at a meta tag."""
        cdef const Str *values[KEYS]
        cdef const Str *name
        if <Py_ssize_t>len(self.metas) >= self.most:
            return 0
        _read(element, values)
        name = values[<int>PROPERTY]
        if name is NULL:
            name = values[<int>NAME]
        if name is NULL:
            name = values[<int>ITEMPROP]
        if name is NULL:
            name = values[<int>HTTP_EQUIV]
        if name is not NULL:
            self.metas.append((_value(name).strip().lower(), _value(values[<int>CONTENT])))
        return 0

    cdef int _rel(self, const Element *element) except -1:
        """As the twin's `headed` at a link tag."""
        cdef const Str *values[KEYS]
        cdef str rel
        _read(element, values)
        if values[<int>HREF] is NULL:
            return 0
        rel = _value(values[<int>REL_] if values[<int>REL_] is not NULL else values[<int>ITEMPROP]).lower()
        if rel in ("stylesheet", "preload", "dns-prefetch", "preconnect") or <Py_ssize_t>len(self.rels) >= self.most:
            return 0
        href = _value(values[<int>HREF])
        self.rels.append((rel, href, _value(values[<int>TYPE])))
        if rel == "canonical" and self.seen.canonical is None:
            self.seen.canonical = href
        return 0

    cdef Node _node(self, const CNode *node):
        cdef Node made = Node.__new__(Node)
        made.node, made.parser = node, self.parser
        return made

    cdef int _span(self, const CNode *node) except -1:
        cdef Attr *attr = (<const Element *>node).first_attr
        cdef bint marked = False
        cdef int key
        while attr is not NULL:
            key = _key(attr)
            if key == CLASS and attr.value is not NULL and attr.value.length:
                self.spans.append(_decoded(attr.value.data, attr.value.length))
            elif key == ITEMPROP or key == PROPERTY:
                marked = True
            attr = attr.next
        if marked:
            self.seen.prop(self._node(node), _attributes(node), len(self.texts))
        return 0

    cdef Py_ssize_t _names(self, const Element *element) except -1:
        """The number of class, id and role of an element about to be kept; notes what its other attributes say."""
        cdef Attr *attr = element.first_attr
        cdef const Str *names = NULL
        cdef const Str *identity = NULL
        cdef const Str *role = NULL
        cdef bint marked = False, hidden = False
        cdef long long bits = 0
        cdef Py_ssize_t length = 0
        while attr is not NULL:
            key = _key(attr)
            if key == CLASS:
                names = attr.value
            elif key == ID:
                identity = attr.value
            elif key == ROLE:
                role = attr.value
            elif key == ITEMPROP or key == PROPERTY:
                marked = True
            elif key == HIDDEN:
                hidden = True
            elif key == ARIA_HIDDEN:
                hidden = hidden or _equals(attr.value, b"true", 4)
            elif key == STYLE:
                hidden = hidden or (_holds(attr.value, b"none", 4) and _holds(attr.value, b"display", 7))
            attr = attr.next
        if marked:
            self.seen.prop(self._node(&element.node), _attributes(&element.node), len(self.texts))
        if hidden:
            bits = self.hidden
        if _equals(role, b"dialog", 6) or _equals(role, b"alertdialog", 11):
            bits |= self.dialog
        self.said = bits
        if identity is NULL and role is NULL:
            if names is NULL or not names.length:
                return self._named(self.parts, 0)
            return self._named(names.data, names.length)
        length = self._joined(names, length, False)
        length = self._joined(identity, length, True)
        length = self._joined(role, length, True)
        return self._named(self.folded, length)

    cdef Py_ssize_t _joined(self, const Str *part, Py_ssize_t length, bint blank) except -1:
        """Write a part behind those that stand in `folded`."""
        if part is NULL or not part.length:
            return length
        self._room_to_fold(length + part.length + 1)
        if blank:
            self.folded[length] = 32
            length += 1
        memcpy(self.folded + length, part.data, part.length)
        return length + part.length

    cdef Py_ssize_t _named(self, const unsigned char *name, Py_ssize_t length) except -1:
        """The number of these names among the page's; equal ones have one."""
        cdef unsigned long long hashed = 1469598103934665603ULL, word
        cdef Py_ssize_t i = 0
        cdef size_t at
        cdef Known *slot
        while i + 8 <= length:
            memcpy(&word, name + i, 8)
            hashed = (hashed ^ word) * 1099511628211ULL
            hashed ^= hashed >> 29
            i += 8
        while i < length:
            hashed = (hashed ^ name[i]) * 1099511628211ULL
            i += 1
        hashed ^= hashed >> 32
        at = hashed & (self.known_room - 1)
        while self.known[at].number:
            slot = &self.known[at]
            if slot.hash == hashed and slot.length == length and memcmp(self.spelt + slot.at, name, length) == 0:
                return slot.number - 1
            at = (at + 1) & (self.known_room - 1)
        if self.spelt_length + length > self.spelt_room:
            self.spelt_room = 2 * (self.spelt_length + length)
            self.spelt = <unsigned char *>_grown(self.spelt, self.spelt_room)
        slot = &self.known[at]
        slot.hash, slot.at, slot.length, slot.number = hashed, self.spelt_length, length, len(self.names) + 1
        memcpy(self.spelt + self.spelt_length, name, length)
        self.spelt_length += length
        self.names.append(_decoded(name, length))
        if 2 * len(self.names) > <Py_ssize_t>self.known_room:
            self._more_known()
        return len(self.names) - 1

    cdef int _more_known(self) except -1:
        cdef Known *old = self.known
        cdef size_t room = self.known_room, i, at
        self.known = <Known *>_grown(NULL, 2 * room * sizeof(Known))
        self.known_room = 2 * room
        for i in range(2 * room):
            self.known[i].number = 0
        for i in range(room):
            if old[i].number:
                at = old[i].hash & (self.known_room - 1)
                while self.known[at].number:
                    at = (at + 1) & (self.known_room - 1)
                self.known[at] = old[i]
        PyMem_Free(old)
        return 0

    cdef Py_ssize_t _tag_number(self, uintptr_t number, str tag) except -1:
        """The place of a tag in `tags`."""
        if number >= MOST_NUMBERS:
            found = self.dynamic.get(tag)
            if found is None:
                found = self.dynamic[tag] = len(self.tags)
                self.tags.append(tag)
            return found
        if self.numbers[number] < 0:
            self.numbers[number] = len(self.tags)
            self.tags.append(tag)
        return self.numbers[number]

    cdef int _add_row(self, Py_ssize_t tag, Py_ssize_t parent, Py_ssize_t depth, Py_ssize_t names, bint pre,
                      bint flow) except -1:
        cdef Row *row
        if self.row_count == self.row_room:
            self.row_room *= 2
            self.rows = <Row *>_grown(self.rows, self.row_room * sizeof(Row))
        row = &self.rows[self.row_count]
        row.tag, row.parent, row.depth, row.first = tag, parent, depth, len(self.texts)
        row.names, row.bits, row.pre, row.flow = names, 0, pre, flow
        self.row_count += 1
        return 0

    cdef int _add(self, const unsigned char *text, Py_ssize_t length) except -1:
        if self.length + length > self.room:
            self.room = 2 * (self.length + length)
            self.parts = <unsigned char *>_grown(self.parts, self.room)
        memcpy(self.parts + self.length, text, length)
        self.length += length
        return 0

    cdef Py_ssize_t _letters(self, const unsigned char *text, Py_ssize_t length) except -1:
        """How many characters a text has with its white space folded."""
        cdef Py_ssize_t i, count = 0
        self._room_to_fold(length + 1)
        for i in range(_fold(text, length, self.folded)):
            count += self.folded[i] & 0xC0 != 0x80
        return count

    cdef int _room_to_fold(self, Py_ssize_t length) except -1:
        if length > self.folded_room:
            self.folded_room = 2 * length
            self.folded = <unsigned char *>_grown(self.folded, self.folded_room)
        return 0

    cdef int _line_break(self) except -1:
        """One break is a line, two in a row with nothing between are a new block."""
        cdef Py_ssize_t at = self.length
        while at > 0:
            at -= 1
            if self.parts[at] == 0:
                return self._flush()
            while at > 0 and self.parts[at] & 0xC0 == 0x80:
                at -= 1
            if not _space(self.parts + at, self.parts + self.length):
                break
        return self._add(b"\0", 1)

    cdef int _flush(self) except -1:
        """End the block: fold its white space; a block of nothing else is none."""
        cdef Py_ssize_t here = len(self.texts), linked = 0, length
        cdef str text
        if self.rows[self.cur].pre:
            text = self.seen.preformatted(_decoded(self.parts, self.length))
        else:
            self._room_to_fold(self.length + 1)
            length = _fold(self.parts, self.length, self.folded)
            text = _decoded(self.folded, length) if length else ""
        self.length = 0
        if text and not (self.rows[self.cur].pre and text.isspace()):
            if self.inline or self.spans:
                self.marked[here] = (self.inline, self.spans)
                self.spans = []
            if self.open_links:
                linked = self.open_linked
                links = tuple(self.open_links)
                PyObject_GC_UnTrack(links)
                self.links.append(links)
            else:
                self.links.append(())
            if here == self.owner_room:
                self.owner_room *= 2
                self.owners = <Py_ssize_t *>_grown(self.owners, self.owner_room * sizeof(Py_ssize_t))
                self.linked = <Py_ssize_t *>_grown(self.linked, self.owner_room * sizeof(Py_ssize_t))
            self.owners[here], self.linked[here] = self.cur, linked
            self.texts.append(text)
        if self.open_links:
            self.open_links = []
            self.open_linked = 0
        if self.spans:
            self.spans = []
        self.inline = 0
        return 0

    def columns(self, list masks):
        """Over the elements: tag (a place in `tags`), parent, depth, first, end, names (a place in `names`), hints.

        `masks` hold what each of the names hints at.
        """
        cdef Py_ssize_t count = self.row_count, e, parent, end
        if len(masks) != len(self.names):
            raise ValueError("a mask for each of the names is asked for")
        made = np.empty((7, count), dtype=np.int64)
        cdef long long[:, ::1] table = made
        for e in range(count):
            table[0, e], table[1, e], table[2, e] = self.rows[e].tag, self.rows[e].parent, self.rows[e].depth
            table[3, e] = table[4, e] = self.rows[e].first
            table[5, e] = self.rows[e].names
            table[6, e] = self.rows[e].bits | <long long>masks[self.rows[e].names]
        for e in range(<Py_ssize_t>len(self.texts)):
            table[4, self.owners[e]] = e + 1
        for e in range(count - 1, 0, -1):
            end, parent = table[4, e], table[1, e]
            if end > table[4, parent]:
                table[4, parent] = end
        return made

    def elements(self, object kind, list masks):
        """The elements as rows of the named tuple `kind`; `masks` hold what each of the names hints at."""
        cdef Py_ssize_t e
        cdef Row *row
        cdef list made = [None] * self.row_count
        if len(masks) != len(self.names):
            raise ValueError("a mask for each of the names is asked for")
        for e in range(self.row_count):
            row = &self.rows[e]
            element = PyType_GenericAlloc(<PyTypeObject *>kind, 6)
            _put(element, 0, self.tags[row.tag])
            _put(element, 1, row.parent)
            _put(element, 2, row.depth)
            _put(element, 3, row.first)
            _put(element, 4, self.names[row.names])
            mask = masks[row.names]
            _put(element, 5, row.bits | <long long>mask if row.bits else mask)
            PyObject_GC_UnTrack(element)    # it holds numbers and texts alone, in no circle: nothing to look for
            made[e] = element
        return made

    def blocks(self, object kind, list inline):
        """The blocks as rows of the named tuple `kind`; `inline` holds what the spans in each hint at."""
        cdef Py_ssize_t i, count = len(self.texts)
        cdef list made = [None] * count
        for i in range(count):
            block = PyType_GenericAlloc(<PyTypeObject *>kind, 5)
            _put(block, 0, self.texts[i])
            _put(block, 1, self.owners[i])
            _put(block, 2, self.linked[i])
            _put(block, 3, self.links[i])
            _put(block, 4, inline[i])
            PyObject_GC_UnTrack(block)
            made[i] = block
        return made


cdef str _tag(const Element *element):
    """The name of a tag that the parser has no number for."""
    cdef uintptr_t place = element.qualified_name if element.qualified_name else element.node.local_name
    if place < MOST_NUMBERS:
        raise UnreadError(f"tag {place}")
    return _name(place)


cdef bint _equals(const Str *held, const char *word, size_t length) noexcept:
    return held is not NULL and held.length == length and memcmp(held.data, word, length) == 0


cdef bint _holds(const Str *held, const char *word, size_t length) noexcept:
    cdef size_t i
    if held is NULL or held.length < length:
        return False
    for i in range(held.length - length + 1):
        if held.data[i] == <unsigned char>word[0] and memcmp(held.data + i, word, length) == 0:
            return True
    return False


cdef str _value(const Str *held):
    """The text of an attribute, empty where it is absent."""
    return "" if held is NULL else _decoded(held.data, held.length)


cdef void _read(const Element *element, const Str **values) noexcept:
    """Of each `Key` the value that an element has, NULL where none or an empty one."""
    cdef Attr *attr = element.first_attr
    cdef const Str *value
    cdef int key
    for key in range(KEYS):
        values[key] = NULL
    while attr is not NULL:
        value = attr.value
        values[_key(attr)] = value if value is not NULL and value.data is not NULL and value.length else NULL
        attr = attr.next


cdef bint _is_json_ld(const Element *element) noexcept:
    """Whether one of a script's attributes names JSON-LD; most scripts are not asked further."""
    cdef Attr *attr = element.first_attr
    while attr is not NULL:
        if _holds(attr.value, b"ld+json", 7):
            return True
        attr = attr.next
    return False


cdef Py_ssize_t _fold(const unsigned char *text, Py_ssize_t length, unsigned char *out) noexcept:
    """White space to single blanks, none at the ends; a null is the end of a line, empty lines go."""
    cdef const unsigned char *end = text + length
    cdef unsigned char *to = out
    cdef unsigned char gap = 0
    cdef int space
    cdef unsigned char c
    while text < end:
        c = text[0]
        if c == 0:
            gap = 10
            text += 1
            continue
        if c > 32 and c < 0xC2 or c > 0xE3:
            space = 0
        else:
            space = _space(text, end)
        if space:
            if not gap:
                gap = 32
            text += space
            continue
        if gap:
            if to != out:
                to[0] = gap
                to += 1
            gap = 0
        to[0] = c
        to += 1
        text += 1
    return to - out
