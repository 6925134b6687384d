"""What stands above a Markdown document: front matter between rows of dashes, or a reader service's labelled head.

Front matter of crawlers is YAML in name only (headlines with a colon, quotes that do not end), so it is read line by
line: what is not `key: value`, or a list below a key, is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from broadsheet.dump.told import Told

MOST_LINES = 200
MOST_ENDS = 200_000
"""Of a text with more line ends no front matter is read."""
LONGEST_VALUE = 1_000
MOST_VALUES = 100

_PAIR = re.compile(r"([A-Za-z_][\w: -]{0,38}?)[ \t]{0,4}[:=](?:[ \t]{1,20}(\S.*)|[ \t]*)$")
_FRONT = re.compile(
    r"^(?:---|\+\+\+)[ \t]*\n"
    r"(?:[A-Za-z_][^\n]{0,4000}\n|[ \t][^\n]{0,4000}\n|-[ \t][^\n]{0,4000}\n|[\])}],?\n){1,200}?"
    r"(?:---|\+\+\+|\.\.\.)[ \t]*$"
    r"|^Title: [^\n]{0,1000}\n\n?URL Source: [^\n]{0,3000}\n"
    r"(?:\n?[A-Z][\w ]{0,40}:[^\n]{0,1000}\n){0,8}?\n?Markdown Content:[ \t]*$",
    re.MULTILINE,
)
"""Front matter of YAML or TOML; the head that a reader service writes above its Markdown."""
_LETTERS = re.compile(r"[^\r\n]")
_ITEM = re.compile(r"[ \t]{0,12}-[ \t]{1,8}(?:name:[ \t]{0,8})?(\S.*)$")

FIELDS: Mapping[str, str] = {
    name: field
    for field, names in {
        "headline": "title headline og:title og_title",
        "authors": "author authors byline creator",
        "published": "date published published_at published_time publishedtime publisheddate pubdate datepublished",
        "modified": "modified updated modified_at datemodified lastmod",
        "keywords": "tags keywords categories",
        "summary": "description summary excerpt abstract",
        "url": "url source sourceurl source_url link canonical canonical_url permalink url_source",
        "site": "site sitename site_name hostname publisher og:site_name og_site_name",
        "language": "lang language locale",
        "section": "section category",
    }.items()
    for name in names.split()
}
"""The keys that are understood, folded as `_folded` does, and the field of the story that each tells."""


class FrontMatter(NamedTuple):
    """What stands above a document: where it ends in the text, in characters, and what it tells."""

    end: int
    told: Told


def take_front_matter(text: str) -> tuple[str, list[FrontMatter]]:
    """The text with blanks in place of all front matter in it, of the same length; and what that tells, in order.

    A dump of several documents has one above each. Linear in the text.
    """
    if text.count("\n") > MOST_ENDS:
        return text, []
    pieces: list[str] = []
    found: list[FrontMatter] = []
    at = 0
    for match in _FRONT.finditer(text):
        told = read_front_matter(match[0].splitlines())
        if told:
            pieces += text[at : match.start()], _LETTERS.sub(" ", match[0])
            at = match.end()
            found.append(FrontMatter(at, told))
    return "".join([*pieces, text[at:]]), found


def read_front_matter(lines: Sequence[str]) -> Told:
    """The fields that the lines of front matter tell, each with its values; the first that tells a field stands."""
    told: dict[str, list[str]] = {}
    field: str | None = None
    for line in lines[:MOST_LINES]:
        pair, item = _PAIR.match(line[:LONGEST_VALUE]), _ITEM.match(line[:LONGEST_VALUE])
        if item and field and len(told[field]) < MOST_VALUES:
            told[field].append(_bare(item[1]))
        elif pair:
            field = FIELDS.get(_folded(pair[1]))
            field = field if field and not told.get(field) else None
            if field:
                told[field] = _values(pair[2] or "")
    return {field: tuple(filter(None, values)) for field, values in told.items() if any(values)}


def _values(text: str) -> list[str]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [_bare(value) for value in text[1:-1].split(",")[:MOST_VALUES]]
    return [_bare(text)]


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0] else text


def _folded(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")
