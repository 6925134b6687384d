# cython: language_level=3, boundscheck=False, wraparound=False
"""What a page's head says: read wherever its elements stand, as browsers do."""

from broadsheet.native.attributes cimport CONTENT, HREF, HTTP_EQUIV, ITEMPROP, KEYS, NAME, PROPERTY, REL_, TYPE
from broadsheet.native.attributes cimport names_json_ld, read
from broadsheet.native.lexbor cimport Document, Span, attributes_of, decoded, lxb_dom_node_t, node_of
from broadsheet.native.tags cimport BASE, META, REL, TITLE


cdef inline int _first(const Span *values, int key, int other) noexcept:
    """`key` where it has a value."""
    return key if values[key].length else other


cdef class Heads:
    """Meta tags and links are kept here, at most so many of each; the rest is handed to `seen`, which is Python."""

    def __cinit__(self, Document document not None, object seen, Py_ssize_t most):
        self.document, self.seen, self.most = document, seen, most
        self.metas, self.rels = seen.metas, seen.rels

    cdef int add(self, lxb_dom_node_t *node, int action) except -1:
        """What belongs to the head, wherever it stands."""
        if action == META:
            self._meta(node)
        elif action == REL:
            self._rel(node)
        elif action == TITLE:
            self.seen.titled(node_of(self.document, node))
        elif action == BASE:
            self.seen.based(attributes_of(node))
        elif names_json_ld(node):
            self.seen.scripted(attributes_of(node), node_of(self.document, node))
        return 0

    cdef int _meta(self, lxb_dom_node_t *element) except -1:
        cdef Span[KEYS] values
        cdef int key
        if <Py_ssize_t>len(self.metas) >= self.most:
            return 0
        read(element, values)
        key = _first(values, PROPERTY, _first(values, NAME, _first(values, ITEMPROP, HTTP_EQUIV)))
        if values[key].length:
            self.metas.append((decoded(values[key]).strip().lower(), decoded(values[<int>CONTENT])))
        return 0

    cdef int _rel(self, lxb_dom_node_t *element) except -1:
        cdef Span[KEYS] values
        cdef str rel
        read(element, values)
        if not values[<int>HREF].length:
            return 0
        rel = decoded(values[_first(values, REL_, ITEMPROP)]).lower()
        if rel in ("stylesheet", "preload", "dns-prefetch", "preconnect") or <Py_ssize_t>len(self.rels) >= self.most:
            return 0
        href = decoded(values[<int>HREF])
        self.rels.append((rel, href, decoded(values[<int>TYPE])))
        if rel == "canonical" and self.seen.canonical is None:
            self.seen.canonical = href
        return 0
