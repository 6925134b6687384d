"""A cheap look at a page before it is parsed: what would make the parser's cost grow with the square of the page.

The parser compares every attribute of a tag with those before it, and looks up the whole stack of open elements at
many a tag; 20,000 attributes or 20,000 nested elements cost half a second each. Pages that need this look are few:
the others are let through after counting their "<".
"""

import re
from collections.abc import Iterator
from itertools import islice

from broadsheet.errors import PageError, Reason
from broadsheet.native.guard import most_open, tags_and_roots

FEW_TAGS = 6_000
"""Pages with fewer "<" cannot nest deep enough to matter."""
MAX_TAGS = 400_000
"""The largest of 2,500 real pages has 60,000; a page with more is refused without looking closer."""
MAX_LOOKS = 100_000_000
"""Open elements at once times tags: so often the parser may look at an open element, in 0.25 s. Real pages stay under
a third of it."""
MAX_ATTRIBUTES = 6_000
"""Attributes of one tag, or of all html and body tags: 0.1 s. Real tags have under 100."""
LONG_TAG = 4 * MAX_ATTRIBUTES
"""Bytes of the shortest tag that could hold more attributes: a name and a blank or more each."""

_ENDING = frozenset(b"p li dd dt br hr img meta embed head body".split())
"""These end a drawing or a formula that they stand in, and nest in themselves nowhere."""
_IMPLIED = _ENDING | frozenset(
    b"""tr td th tbody thead tfoot option optgroup rb rp rt rtc input link source wbr col area base param track
    html""".split()
)
"""These nest in themselves only inside a drawing or a formula, where every name does that does not end it."""
_ATTRIBUTE = re.compile(rb"[\s/][^\s/=>]")
_ROOT = re.compile(rb"<(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])[\s/][^>]*")
_OPENING = re.compile(rb"<[a-zA-Z]")

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
    tags, roots = tags_and_roots(data)
    if tags * 2 < MAX_ATTRIBUTES and len(data) < LONG_TAG:
        return
    if tags > MAX_TAGS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_TAGS} tags")
    _check_attributes(data, roots)
    if tags > FEW_TAGS:
        _check_depth(data, tags)


def _check_attributes(data: bytes, roots: int) -> None:
    """Attributes are parted by white space or a slash, so a tag with many of them is long.

    html and body tags that come again give their attributes to the first: theirs count together.
    """
    for tag in _long_tags(data):
        if _count(tag) > MAX_ATTRIBUTES and _distinct(tag):
            raise PageError(Reason.TOO_LARGE, f"a tag has more than {MAX_ATTRIBUTES} attributes")
    if roots > 4 and sum(map(_count, _ROOT.findall(data))) > MAX_ATTRIBUTES:
        raise PageError(Reason.TOO_LARGE, f"html and body tags have more than {MAX_ATTRIBUTES} attributes")


def _count(tag: bytes) -> int:
    """How many attributes a tag has, counted up to what is too many."""
    return sum(1 for _ in islice(_ATTRIBUTE.finditer(tag), MAX_ATTRIBUTES + 1))


def _long_tags(data: bytes) -> Iterator[bytes]:
    """What may be a tag of `LONG_TAG` bytes: between two ">" so far apart that some stretch of half that has none."""
    half, done = LONG_TAG // 2, 0
    for at in range(0, len(data), half):
        if at < done or data.find(b">", at, at + half) >= 0:
            continue
        start, end = data.rfind(b">", 0, at) + 1, data.find(b">", at)
        done = end = len(data) if end < 0 else end
        last = max(start, end - LONG_TAG + 1)  # a tag that starts later is shorter
        first = data.find(b"<", start, last)
        tag = _OPENING.search(data, first, last) if first >= 0 else None
        if tag:
            yield data[tag.start() : end]


def _distinct(tag: bytes) -> bool:
    """Whether the names differ: quoted values of a long text are no attributes."""
    bare = re.sub(rb"\"[^\"]*\"|'[^']*'", b"", tag)
    names: set[bytes] = set()
    for name in re.finditer(rb"[\s/]([^\s/=>]+)", bare):
        names.add(name[1])
        if len(names) > MAX_ATTRIBUTES:
            return True
    return False


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
