# A block's own numbers, in the order of `html.body.features_text.TEXT_NAMES`.
cdef enum:
    WORDS, CHARS, LINKED, LINES, COMMAS, STOPS, ENDS_STOP, REPEATS, IN_TITLE, IN_DESCRIPTION, IS_TITLE, WORDING, NAMING
    TEXTS
