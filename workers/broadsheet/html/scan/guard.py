"""A cheap look at a page before it is parsed: what would make the parser's cost grow with the square of the page.

The parser compares every attribute of a tag with those before it, and looks up the whole stack of open elements at
many a tag; 20,000 attributes or 20,000 nested elements cost half a second each. Pages that need this look are few:
the others are let through after counting their "<".
"""

import re

from broadsheet.errors import PageError, Reason
from broadsheet.native.guard import attributes, most_open, tags_and_options

FEW_TAGS = 6_000
"""Pages with fewer "<" cannot nest deep enough to matter."""
MAX_TAGS = 400_000
"""The largest of 2,500 real pages has 60,000; a page with more is refused without looking closer."""
MAX_LOOKS = 100_000_000
"""Open elements at once times tags: so often the parser may look at an open element, in 0.25 s. Real pages stay under
a third of it."""
MAX_ATTRIBUTES = 6_000
"""Attributes of one tag, or of all html and body tags: 0.1 s. Real tags have under 100."""
FEW_BYTES = 2 * MAX_ATTRIBUTES
"""Bytes of the shortest page that could hold more: an attribute takes two."""
MAX_SQUARES = 100_000_000
"""Of the attributes of a tag, summed over the page's tags: so often the parser compares two of them, in 0.2 s. Real
pages stay under a hundredth of it."""
MAX_ALL_ATTRIBUTES = 1_000_000
"""Attributes of all tags: 230 MB in the parser. Real pages have under 200,000."""
MAX_OPTIONS = 8_000
"""The parser's cost of a list to choose from grows with the square of its length: 0.6 s. The longest of 2,600 real
pages has 1,900."""

_ENDING = frozenset(b"p li dd dt br hr img meta embed head body".split())
"""These end a drawing or a formula that they stand in, and nest in themselves nowhere."""
_IMPLIED = _ENDING | frozenset(
    b"""tr td th tbody thead tfoot input link source wbr col area base param track
    html""".split()
)
"""These nest in themselves only inside a drawing or a formula, where every name does that does not end it."""
# A tag after its name, as the parser reads it: the quotes that part attributes, and those that are part of one.
_TO_END = rb"""(?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|))?|=)*+(?:>|\Z)"""
_RAW = rb"script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext"
_PIECES = re.compile(
    rb"<!--.*?(?:--!?>|\Z)|<(%s)(?=[\s/>])%s.*?(?:</\1(?=[\s/>])|\Z)|(<svg(?=[\s/>])%s)|</?[a-z][^\s/>]*+%s|<[!?/][^>]*+"
    % (_RAW, _TO_END, _TO_END, _TO_END),
    re.IGNORECASE | re.DOTALL,
)
"""Comments, raw texts, drawings' starts (the second group), other tags."""
_DRAWN_NAMES = (
    rb"path|poly(?:gon|line)|circle|ellipse|rect|line|use|stop|image|g|text|tspan|defs|symbol|marker|mask|pattern|"
    rb"clippath|(?:linear|radial)gradient|filter|fe[a-z]+|animate[a-z]*"
)
_DRAWN = re.compile(
    rb"(?:[^<]++|<!--.*?-->|</?(?:%s)(?=[\s/>])%s|<(title|desc|style)>[^<]*+</\1>)*+" % (_DRAWN_NAMES, _TO_END),
    re.IGNORECASE | re.DOTALL,
)
"""What surely belongs to the drawing that has begun: no name that ends one, or that holds HTML again."""


def check(data: bytes) -> None:
    """Raise `PageError` (too-large) for a page in UTF-8 that the parser could not read in bounded time."""
    tags, options = tags_and_options(data)
    if tags * 2 < MAX_ATTRIBUTES and len(data) < FEW_BYTES:
        return
    if tags > MAX_TAGS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_TAGS} tags")
    if options > MAX_OPTIONS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_OPTIONS} options to choose from")
    _check_attributes(data)
    if tags > FEW_TAGS:
        _check_depth(data, tags)


def _check_attributes(data: bytes) -> None:
    """html and body tags that come again give their attributes to the first: theirs count together."""
    squares, total, most, rooted = attributes(data)
    if most > MAX_ATTRIBUTES:
        raise PageError(Reason.TOO_LARGE, f"a tag has more than {MAX_ATTRIBUTES} attributes")
    if rooted > MAX_ATTRIBUTES:
        raise PageError(Reason.TOO_LARGE, f"html and body tags have more than {MAX_ATTRIBUTES} attributes")
    if squares > MAX_SQUARES or total > MAX_ALL_ATTRIBUTES:
        raise PageError(Reason.TOO_LARGE, f"the page's tags have {total} attributes, up to {most} each")


def _check_depth(data: bytes, tags: int) -> None:
    """Shapes closed in their tag are closed only inside a drawing; whether they are is looked at where it matters."""
    most = MAX_LOOKS // tags
    if _depth(data) <= most:
        return
    if b"<svg" not in data or _depth(_without_drawings(data)) > most:
        raise PageError(Reason.TOO_LARGE, f"more than {most} elements are nested in each other, with {tags} tags")


def _depth(data: bytes) -> int:
    """An upper bound of how deep elements nest: for each name the most that are open at once, summed."""
    most = most_open(data)
    flat = _ENDING if b"svg" in most or b"math" in most else _IMPLIED
    return sum([count for name, count in most.items() if name not in flat])


def _without_drawings(data: bytes) -> bytes:
    """The page without the shapes inside drawings, where a tag may close itself. In doubt a shape stays."""
    kept: list[bytes] = []
    at = start = 0
    while found := _PIECES.search(data, at):
        at = found.end()
        if found[2] and not found[2].endswith(b"/>"):
            kept.append(data[start:at])
            drawn = _DRAWN.match(data, at)
            at = start = drawn.end() if drawn else at
    return b"".join([*kept, data[start:]])
