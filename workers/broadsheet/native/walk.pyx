# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The one walk over a parsed page: no Python object a node, but for what is kept.

What is rare (times, properties, JSON-LD, the title) is handed to Python.
"""

from cpython.mem cimport PyMem_Free
from libc.string cimport memcpy

from broadsheet.native.attributes cimport (
    ARIA_HIDDEN, CLASS, HIDDEN, ID, ITEMPROP, PROPERTY, ROLE, STYLE, equals, hiding_class, hiding_style, holds,
    kept_class, key_of,
)
from broadsheet.native.heads cimport Heads
from broadsheet.native.lexbor cimport (
    COMMENT, DOCTYPE, ELEMENT, INSTRUCTION, TEXT, Document, Nodes, Span, attributes_of, decoded, lexbor, lxb_dom_attr_t,
    lxb_dom_node_t, node_of, text_of, value_of,
)
from broadsheet.native.memory cimport grown
from broadsheet.native.named cimport named
from broadsheet.native.rows cimport Rows
from broadsheet.native.spaces cimport blank, fold, space
from broadsheet.native.tags cimport (
    BLOCK, BREAK, HAS_DASH, IMAGE, INLINE, IS_CODE, IS_FLOW, IS_PIECE, IS_PRE, IS_RULE, IS_SPAN, LINK, NAMELESS, SKIP, TIME, VOID,
    Tag, tag_of,
)

cdef enum:
    # A place tells for what is inside of an element its owner and, above `OWNER_BITS`, the link around it.
    OWNER_BITS = 21
    OWNER = (1 << OWNER_BITS) - 1
    SKIPPED = -1
    UNSET = -2                      # of an element in which a text is not read and an element belongs to the root


cdef class Walk:
    """One walk; afterwards it holds what was found."""

    cdef Document document
    cdef object seen
    cdef type picture
    cdef Heads heads
    cdef list pictures
    cdef Rows rows
    cdef readonly list texts
    cdef list links
    cdef readonly Nodes anchors
    cdef readonly dict marked
    cdef readonly set code
    cdef unsigned char *parts       # of the open block
    cdef Py_ssize_t length, room
    cdef unsigned char *folded
    cdef Py_ssize_t folded_room
    cdef Py_ssize_t *owners         # of the blocks
    cdef Py_ssize_t *linked
    cdef Py_ssize_t owner_room
    cdef long long *places
    cdef Py_ssize_t place_room
    cdef list open_links, spans
    cdef long long inline           # of the open block's spans
    cdef Py_ssize_t cur, open_linked
    cdef long long hidden, dialog, meta, unseen
    cdef lxb_dom_node_t *last       # around the open block's last text

    def __init__(self, Document document not None, object seen, type picture not None, Py_ssize_t most,
                 long long hidden, long long dialog, long long meta, long long unseen):
        """`seen` takes what is rare, at most so many of each; `picture` is a named tuple, the others bits of hints."""
        self.document, self.seen, self.picture, self.pictures = document, seen, picture, seen.pictures
        self.heads = Heads(document, seen, most)
        self.hidden, self.dialog, self.meta, self.unseen = hidden, dialog, meta, unseen
        self.last = NULL
        self.rows, self.anchors = Rows(), Nodes(document)
        self.texts, self.links, self.marked, self.code = [], [], {}, set()
        self.open_links, self.spans, self.inline, self.cur, self.open_linked = [], [], 0, 0, 0

    def __dealloc__(self):
        PyMem_Free(self.parts)
        PyMem_Free(self.folded)
        PyMem_Free(self.owners)
        PyMem_Free(self.linked)
        PyMem_Free(self.places)

    @property
    def tags(self):
        return self.rows.tags

    @property
    def names(self):
        return self.rows.names.texts

    def walk(self, Py_ssize_t most_nodes):
        """The one pass. False where there are more than `most_nodes` nodes."""
        cdef lxb_dom_node_t *top = self.document.root()
        cdef lxb_dom_node_t *node = top
        cdef lxb_dom_node_t *other
        cdef Py_ssize_t depth = 0, count = 0
        if top is NULL:
            return True
        self._room_for_depth(0)
        self.places[0] = UNSET
        while True:
            count += 1
            if count > most_nodes:
                return False
            self._room_for_depth(depth + 1)
            self.places[depth + 1] = self._visit(node, self.places[depth])
            other = lexbor.first_child(node)
            if other is not NULL:
                node, depth = other, depth + 1
                continue
            while node is not top:
                other = lexbor.next(node)
                if other is not NULL:
                    break
                node, depth = lexbor.parent(node), depth - 1
            if node is top:
                break
            node = other
        if self.length:
            self._flush()
        return True

    cdef int _room_for_depth(self, Py_ssize_t depth) except -1:
        if depth >= self.place_room:
            self.place_room = 2 * depth + 64
            self.places = <long long *>grown(self.places, self.place_room * sizeof(long long))
        return 0

    cdef long long _visit(self, lxb_dom_node_t *node, long long at) except -3:
        """What a node does where it stands; the place of what is inside of it."""
        cdef int kind = lexbor.type(node)
        if kind == TEXT:
            self._text(node, at)
        elif kind == ELEMENT:
            at = 0 if at == UNSET else at
            if at >= 0:
                return self._element(node, at)
        elif kind == INSTRUCTION:
            return self._instruction(0 if at == UNSET else at)
        return SKIPPED

    cdef int _text(self, lxb_dom_node_t *node, long long at) except -1:
        cdef Py_ssize_t owner = at & OWNER
        cdef Span text
        cdef lxb_dom_node_t *other
        if at < 0 and not self.length:
            return 0
        text = text_of(node)
        if blank(text):
            return self._add(b" ", 1) if self.length else 0
        if at < 0:
            return 0
        if owner != self.cur:
            if self.length:
                self._flush()
            self.cur = owner
        other = lexbor.parent(node)
        if other is not self.last:
            if self.length and self._run_together(text) and self._pieces(other, self.last):
                self._add(b" ", 1)
            self.last = other
        self._add(text.data, text.length)
        if at >> OWNER_BITS:
            self.open_links.append(((at >> OWNER_BITS) - 1, decoded(text)))
            self.open_linked += self._letters(text)
        return 0

    cdef bint _run_together(self, Span text) noexcept:
        """Whether a text that follows would run together with the open block's last: a sentence with the next one's
        capital, a word in small letters with a capital or a figure; single letters are parts of one word.
        """
        cdef unsigned char before = self.parts[self.length - 1], after = text.data[0]
        if self.length < 2 or self.parts[self.length - 2] <= 32:
            return False
        if 48 <= after <= 57:
            return 97 <= before <= 122
        if text.length < 2:
            return False
        if before == 46 or before == 33 or before == 63:
            return 65 <= after <= 90
        return 97 <= before <= 122 and 65 <= after <= 90

    cdef bint _pieces(self, lxb_dom_node_t *one, lxb_dom_node_t *other):
        """Whether these are elements of running text side by side."""
        if one is NULL or other is NULL or lexbor.parent(one) is not lexbor.parent(other):
            return False
        return (<Tag>tag_of(one)).flags & (<Tag>tag_of(other)).flags & IS_PIECE != 0

    cdef long long _element(self, lxb_dom_node_t *node, long long at) except -3:
        cdef Tag tag = tag_of(node)
        cdef Py_ssize_t owner = at & OWNER
        if tag.action == BLOCK:
            if tag.flags & HAS_DASH and self.rows.rows[owner].flags & IS_FLOW:
                return at
            if self.length:
                self._flush()
            self.cur = self._row(tag, node, owner)
            return self.cur | (at - owner)
        if tag.action == INLINE:
            if tag.flags & IS_SPAN:
                if self._span(node):
                    return SKIPPED
            elif tag.flags & IS_CODE:
                self.code.add(owner)
            return at
        if tag.action == LINK:
            self.anchors.add(node)
            return owner | (<long long>self.anchors.count << OWNER_BITS)
        if tag.action == SKIP:
            return SKIPPED
        if tag.action == BREAK:
            if self.length:
                self._line_break()
            return UNSET
        return self._rare(node, tag, at)

    cdef long long _instruction(self, long long at) except -3:
        """A processing instruction cuts the text like an element without a name."""
        cdef Py_ssize_t owner = at & OWNER
        if at < 0:
            return SKIPPED
        if self.length:
            self._flush()
        self.cur = self.rows.add(NAMELESS, owner, len(self.texts), self.rows.names.number(b"", 0), 0)
        return self.cur | (at - owner)

    cdef long long _rare(self, lxb_dom_node_t *node, Tag tag, long long at) except -3:
        cdef Py_ssize_t here = len(self.texts)
        if tag.action == IMAGE:
            row = here + (self.length > 0), at & OWNER, node_of(self.document, node)
            self.pictures.append(named(self.picture, row))
            return UNSET
        if tag.action == TIME:
            self.inline |= self.meta
            self.seen.time(attributes_of(node), here, node_of(self.document, node))
            return at
        if tag.action == VOID:
            if tag.flags & IS_RULE and self.length:
                self._flush()
            return UNSET
        self.heads.add(node, tag.action)
        return SKIPPED

    cdef bint _span(self, lxb_dom_node_t *node) except -1:
        """A span's names count for the block around it: bylines and dates are often marked so. True where it is hidden:
        for screen readers alone, or a tooltip.
        """
        cdef lxb_dom_attr_t *attribute = lexbor.first_attribute(node)
        cdef bint marked = False, unseen = False
        cdef int key
        cdef Span value, names = Span(NULL, 0)
        while attribute is not NULL:
            key = key_of(attribute)
            if key == CLASS:
                names = value_of(attribute)
                unseen = unseen or hiding_class(names)
            elif key == ITEMPROP or key == PROPERTY:
                marked = True
            elif key == STYLE:
                unseen = unseen or hiding_style(value_of(attribute))
            elif key == HIDDEN or key == ROLE and equals(value_of(attribute), b"tooltip", 7):
                unseen = True
            attribute = lexbor.next_attribute(attribute)
        if unseen and not kept_class(names):
            return True
        if names.length:
            self.spans.append(decoded(names))
        if marked:
            self._property(node)
        return False

    cdef int _property(self, lxb_dom_node_t *node) except -1:
        self.seen.prop(node_of(self.document, node), attributes_of(node), len(self.texts))
        return 0

    cdef Py_ssize_t _row(self, Tag tag, lxb_dom_node_t *node, Py_ssize_t owner) except -1:
        """Add a block-level element: its class, id and role, and what its other attributes say."""
        cdef lxb_dom_attr_t *attribute = lexbor.first_attribute(node)
        cdef bint marked = False, hidden = False, unseen = False
        cdef long long bits = 0
        cdef Span names = Span(NULL, 0), identity = Span(NULL, 0), role = Span(NULL, 0), style
        cdef int key
        while attribute is not NULL:
            key = key_of(attribute)
            if key == CLASS:
                names = value_of(attribute)
            elif key == ID:
                identity = value_of(attribute)
            elif key == ROLE:
                role = value_of(attribute)
            elif key == ITEMPROP or key == PROPERTY:
                marked = True
            elif key == HIDDEN:
                hidden = unseen = True
            elif key == ARIA_HIDDEN:
                hidden = hidden or equals(value_of(attribute), b"true", 4)
            elif key == STYLE:
                style = value_of(attribute)
                hidden = hidden or holds(style, b"none", 4) and holds(style, b"display", 7)
                unseen = unseen or hiding_style(style)
            attribute = lexbor.next_attribute(attribute)
        if marked:
            self._property(node)
        if hidden:
            bits = self.hidden
        if (unseen or equals(role, b"tooltip", 7) or hiding_class(names)) and not kept_class(names):
            bits |= self.unseen
        if equals(role, b"dialog", 6) or equals(role, b"alertdialog", 11):
            bits |= self.dialog
        return self.rows.add(tag, owner, len(self.texts), self._names(names, identity, role), bits)

    cdef Py_ssize_t _names(self, Span names, Span identity, Span role) except -1:
        """The number of these among the page's names, joined by blanks."""
        cdef Py_ssize_t length
        if not identity.length and not role.length:
            return self.rows.names.number(names.data, names.length)
        self._room_to_fold(names.length + identity.length + role.length + 2)
        length = self._joined(names, 0)
        if identity.length:
            self.folded[length] = 32
            length = self._joined(identity, length + 1)
        if role.length:
            self.folded[length] = 32
            length = self._joined(role, length + 1)
        return self.rows.names.number(self.folded, length)

    cdef Py_ssize_t _joined(self, Span part, Py_ssize_t length) noexcept:
        if part.length:
            memcpy(self.folded + length, part.data, part.length)
        return length + part.length

    cdef int _add(self, const unsigned char *text, Py_ssize_t length) except -1:
        if self.length + length > self.room:
            self.room = 2 * (self.length + length) + 4096
            self.parts = <unsigned char *>grown(self.parts, self.room)
        memcpy(self.parts + self.length, text, length)
        self.length += length
        return 0

    cdef Py_ssize_t _letters(self, Span text) except -1:
        """How many characters a text has with its white space folded."""
        cdef Py_ssize_t i, count = 0
        self._room_to_fold(text.length + 1)
        for i in range(fold(text.data, text.length, self.folded)):
            count += self.folded[i] & 0xC0 != 0x80
        return count

    cdef int _room_to_fold(self, Py_ssize_t length) except -1:
        if length > self.folded_room:
            self.folded_room = 2 * length + 4096
            self.folded = <unsigned char *>grown(self.folded, self.folded_room)
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
            if not space(self.parts + at, self.parts + self.length):
                break
        return self._add(b"\0", 1)

    cdef int _flush(self) except -1:
        """End the block: fold its white space; a block of nothing else is none."""
        cdef bint kept = self.rows.rows[self.cur].flags & IS_PRE != 0
        cdef str text = self._preformatted() if kept else self._running()
        self.length = 0
        if text and not (kept and text.isspace()):
            self._block(text)
        if self.open_links:
            self.open_links, self.open_linked = [], 0
        if self.spans:
            self.spans = []
        self.inline = 0
        return 0

    cdef str _preformatted(self):
        """The text of a `pre`: its lines without the blanks at their ends."""
        raw = decoded(Span(self.parts, self.length))
        return "\n".join([line.rstrip() for line in raw.replace("\0", "\n").split("\n")]).strip("\n")

    cdef str _running(self):
        cdef Span text
        self._room_to_fold(self.length + 1)
        text.data, text.length = self.folded, fold(self.parts, self.length, self.folded)
        return decoded(text)

    cdef int _block(self, str text) except -1:
        cdef Py_ssize_t here = len(self.texts)
        if self.inline or self.spans:
            self.marked[here] = (self.inline, self.spans)
            self.spans = []
        if here == self.owner_room:
            self.owner_room = 2 * here + 256
            self.owners = <Py_ssize_t *>grown(self.owners, self.owner_room * sizeof(Py_ssize_t))
            self.linked = <Py_ssize_t *>grown(self.linked, self.owner_room * sizeof(Py_ssize_t))
        self.owners[here], self.linked[here] = self.cur, self.open_linked
        self.links.append(tuple(self.open_links) if self.open_links else ())
        self.texts.append(text)
        return 0

    def columns(self, list masks not None):
        """Over the elements: tag (a place in `tags`), parent, depth, first, end, names (a place in `names`), hints.

        `masks` hold what each of the names hints at.
        """
        if len(masks) != len(self.names):
            raise ValueError("a mask for each of the names is asked for")
        return self.rows.columns(masks, self.owners, len(self.texts))

    def elements(self, type kind not None, list masks not None):
        """The elements as rows of the named tuple `kind`; `masks` hold what each of the names hints at."""
        if len(masks) != len(self.names):
            raise ValueError("a mask for each of the names is asked for")
        return self.rows.tuples(kind, masks)

    def blocks(self, type kind not None, list inline not None):
        """The blocks as rows of the named tuple `kind`; `inline` holds what the spans in each hint at."""
        cdef Py_ssize_t i
        cdef list made = []
        if len(inline) != len(self.texts):
            raise ValueError("hints of each block are asked for")
        for i in range(<Py_ssize_t>len(self.texts)):
            made.append(named(kind, (self.texts[i], self.owners[i], self.linked[i], self.links[i], inline[i])))
        return made
