"""What the first looks of `broadsheet.native.fields` answer with.

What begins with `may_` or ends with `_signs` rules out: a no is sure, a yes is for the patterns to confirm.
"""

LED, ALONE = 1, 2
"""Signs of a byline: a name behind a lead word ("By"), or a lead word and no more."""
BY_CAPITALS, BY_SCRIPT = 1, 2
"""What gives a name the form of a person's."""


def may_open(text: str, pairs: frozenset[str], firsts: frozenset[str]) -> bool:
    """Whether a text begins with one of `pairs` of small letters, or beyond ASCII with one of `firsts`."""
    pair = text[:2].lower()
    return pair in pairs or (not pair.isascii() and pair[:1] in firsts)
