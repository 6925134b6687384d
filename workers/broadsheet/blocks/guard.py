"""A cheap look at a page before it is parsed: what would make the parser's cost grow with the square of the page.

The parser compares every attribute of a tag with those before it, and looks up the whole stack of open elements at
many a tag; 20,000 attributes or 20,000 nested elements cost half a second each. Pages that need this look are few:
the others are let through after counting their "<".
"""

import re

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import PageError, Reason

FEW_TAGS = 6_000
"""Pages with fewer "<" cannot nest deep enough to matter."""
MAX_TAGS = 400_000
"""The largest of 2,500 real pages has 60,000; a page with more is refused without looking closer."""
MAX_DEPTH = 6_000
"""Open elements at once. Real pages stay under 500; this many cost the parser 0.05 s."""
MAX_ATTRIBUTES = 6_000
"""Attributes of one tag, or of all html and body tags: 0.1 s. Real tags have under 100."""
LONG_TAG = 4 * MAX_ATTRIBUTES
"""Characters of the shortest tag that could hold more attributes: a name and a blank or more each."""

_IMPLIED = re.compile(
    r"(?:p|li|d[dt]|t[rdh]|tbody|thead|tfoot|option|optgroup|r[bpt]|rtc|br|hr|img|input|meta|link|source|wbr|col|area|"
    r"base|embed|param|track|html|head|body)$",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"<(?:path|polygon|polyline|circle|ellipse|rect|line|use|stop|image|g|text|tspan)\b[^<>]*/>")
"""Drawings of thousands of shapes close them in the tag, which only counts inside svg."""
_ATTRIBUTE = re.compile(r"[\s/][^\s/=>]")
_ROOT = re.compile(r"<(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])[\s/][^>]*")
_LONG = re.compile(f"<[a-zA-Z][^>]{{{LONG_TAG},}}")


def check(text: str) -> None:
    """Raise `PageError` (too-large) for a page that the parser could not read in bounded time."""
    tags = text.count("<")
    if tags * 2 < MAX_ATTRIBUTES and len(text) < LONG_TAG:
        return
    if tags > MAX_TAGS:
        raise PageError(Reason.TOO_LARGE, f"the page has more than {MAX_TAGS} tags")
    _check_attributes(text)
    if tags > FEW_TAGS and _depth(text) > MAX_DEPTH:
        raise PageError(Reason.TOO_LARGE, f"more than {MAX_DEPTH} elements are nested in each other")


def _check_attributes(text: str) -> None:
    """Attributes are parted by white space or a slash, so a tag with many of them is long.

    html and body tags that come again give their attributes to the first: theirs count together.
    """
    for found in _LONG.finditer(text):
        if len(_ATTRIBUTE.findall(found.group())) > MAX_ATTRIBUTES and _distinct(found.group()):
            raise PageError(Reason.TOO_LARGE, f"a tag has more than {MAX_ATTRIBUTES} attributes")
    roots = _ROOT.findall(text)
    if len(roots) > 4 and sum(len(_ATTRIBUTE.findall(tag)) for tag in roots) > MAX_ATTRIBUTES:
        raise PageError(Reason.TOO_LARGE, f"html and body tags have more than {MAX_ATTRIBUTES} attributes")


def _distinct(tag: str) -> bool:
    """Whether the names differ: quoted values of a long text are no attributes."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", tag)
    return len(set(re.findall(r"[\s/]([^\s/=>]+)", bare))) > MAX_ATTRIBUTES


def _depth(text: str) -> int:
    """An upper bound of how deep elements nest: for each name its longest climb of opened over closed, summed."""
    if "<svg" in text:
        text = _SHAPE.sub("", text)
    opened: dict[str, list[int]] = {}
    for at, (slash, name) in enumerate(re.findall(r"<(/?)([a-zA-Z][^\s/>]{0,20})", text)):
        opened.setdefault(name.lower(), []).append(-at - 1 if slash else at + 1)
    total = 0
    for name, steps in opened.items():
        if len(steps) > MAX_DEPTH // 16 and not _IMPLIED.match(name):
            total += _climb(np.sign(np.array(steps, dtype=np.int64)))
    return total


def _climb(steps: NDArray[np.int64]) -> int:
    """The most that are open at once, where a close without an open closes nothing."""
    run = np.concatenate([[0], np.cumsum(steps)])
    return int((run - np.minimum.accumulate(run)).max())
