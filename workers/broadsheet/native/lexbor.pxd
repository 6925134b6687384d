# What lexbor's nodes hold, as laid out in the lexbor that selectolax 1.0.2 is built with; only what the walk reads.
from libc.stdint cimport uintptr_t


cdef struct Str:
    unsigned char *data
    size_t length


cdef struct Node:
    void *events
    uintptr_t local_name            # of an element its tag: a small number, or where the name stands
    uintptr_t prefix
    uintptr_t ns
    void *document
    Node *next
    Node *prev
    Node *parent
    Node *first_child
    Node *last_child
    void *user
    unsigned int type


cdef struct Text:
    Node node
    Str data


cdef struct Attr:
    Node node
    uintptr_t upper_name
    uintptr_t qualified_name
    Str *value
    void *owner
    Attr *next
    Attr *prev


cdef struct Element:
    Node node
    uintptr_t upper_name
    uintptr_t qualified_name
    Str *is_value
    Attr *first_attr
    Attr *last_attr
    Attr *attr_id
    Attr *attr_class


cdef union Spelling:
    unsigned char *far
    unsigned char[17] near


cdef struct Named:
    Spelling name                   # `near` up to 16 characters
    size_t length


cdef enum:
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    INSTRUCTION = 7                 # <?...?>
    COMMENT = 8
    DOCTYPE = 10
