"""The window as Atom (RFC 4287)."""

import re
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from broadsheet.feed.body import body_html
from broadsheet.feed.card import arrived, byline, card, keywords, moment, one_line, read
from broadsheet.feed.entry import Entry, text
from broadsheet.feed.links import Links

CONTENT_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All that XML 1.0 (section 2.2, Char) does not let stand in a document, however written."""

ET.register_namespace("", ATOM)


def atom(title: str, links: Links, entries: Iterable[Entry]) -> bytes:
    """The feed of the entries, in their order. A window without entries was last updated at the epoch."""
    listed = list(entries)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", title)
    _add(feed, "id", _urn(links.itself))
    _add(feed, "updated", max(map(arrived, listed), default="1970-01-01T00:00:00Z"))
    _add(feed, "link", rel="self", type=CONTENT_TYPE, href=links.itself)
    _add(feed, "link", rel="alternate", type="text/html", href=links.home)
    _add(feed, "generator", "Broadsheet")
    for entry in listed:
        _entry(feed, entry, links)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ET.Element, entry: Entry, links: Links) -> None:
    record, short = read(entry), card(entry)
    element = ET.SubElement(feed, f"{{{ATOM}}}entry")
    if entry.language:
        element.set(_LANG, clean(entry.language))
    _add(element, "title", short.headline or short.teaser[:80] or entry.id)
    _add(element, "id", _urn(f"article:{entry.id}"))
    _add(element, "updated", moment(record.get("modified_at")) or arrived(entry))
    if published := moment(record.get("published_at")):
        _add(element, "published", published)
    # RFC 4287 4.1.2: each entry has an author, or its feed has one
    _add(ET.SubElement(element, f"{{{ATOM}}}author"), "name", byline(record) or short.site or "unknown")
    _add(element, "link", rel="alternate", type="text/html", href=short.url or links.article(entry.id))
    _add(element, "link", rel="related", type="application/json", href=links.article(entry.id))
    for keyword in keywords(record):
        _add(element, "category", term=keyword)
    if summary := one_line(text(record.get("summary"))):
        _add(element, "summary", summary)
    _add(element, "content", str(body_html(record)), type="html")


def _add(parent: ET.Element, name: str, words: str | None = None, **attributes: str) -> None:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: clean(value) for key, value in attributes.items()})
    if words is not None:
        element.text = clean(words)


def clean(words: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return _ILLEGAL.sub("", words)


def _urn(name: str) -> str:
    """The same name gives the same id, on every server and after every restart."""
    return uuid5(NAMESPACE_URL, f"broadsheet:{name}").urn
