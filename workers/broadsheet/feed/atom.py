"""The window as Atom (RFC 4287)."""

import re
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from broadsheet.feed.body import body_html
from broadsheet.feed.card import arrived, keywords, moment, one_line, read, read_card
from broadsheet.feed.entry import Entry
from broadsheet.feed.fields import text
from broadsheet.feed.links import ARTICLE_CHARS, Links

CONTENT_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
_END = b"</feed>"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All that XML 1.0 (section 2.2, Char) does not let stand in a document, however written."""


def atom(title: str, links: Links, updated: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The feed of the entries, in their order: its pieces, an entry each between a head and an end.

    `updated` is when the newest of them arrived.
    """
    feed = ET.Element("feed", xmlns=ATOM)
    _add(feed, "title", title)
    _add(feed, "id", _urn(links.itself))
    _add(feed, "updated", updated)
    _add(feed, "link", rel="self", type=CONTENT_TYPE, href=links.itself)
    _add(feed, "link", rel="alternate", type="text/html", href=links.home)
    _add(feed, "generator", "Broadsheet")
    head: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    yield head.removesuffix(_END)
    for entry in entries:
        yield ET.tostring(_entry(entry, links), encoding="unicode").encode()
    yield _END


def _entry(entry: Entry, links: Links) -> ET.Element:
    record, short = read(entry), read_card(entry.card)
    element = ET.Element("entry")
    if entry.language:
        element.set("xml:lang", clean(entry.language))
    _add(element, "title", short.headline or short.teaser[:80] or entry.id)
    _add(element, "id", _urn(f"article:{entry.id}"))
    _add(element, "updated", moment(record.get("modified_at")) or arrived(entry.at))
    if published := moment(record.get("published_at")):
        _add(element, "published", published)
    # RFC 4287 4.1.2: each entry has an author, or its feed has one
    _add(_add(element, "author"), "name", short.byline or short.site or "unknown")
    _add(element, "link", rel="alternate", type="text/html", href=short.url or links.article(entry.id))
    _add(element, "link", rel="related", type="application/json", href=links.article(entry.id))
    for keyword in keywords(record):
        _add(element, "category", term=keyword)
    if summary := one_line(text(record.get("summary"))):
        _add(element, "summary", summary)
    _add(element, "content", str(body_html(record, ARTICLE_CHARS)), type="html")
    return element


def _add(parent: ET.Element, name: str, words: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if words is not None:
        element.text = clean(words)
    return element


def clean(words: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return _ILLEGAL.sub("", words)


def _urn(name: str) -> str:
    """The same name gives the same id, on every server and after every restart."""
    return uuid5(NAMESPACE_URL, f"broadsheet:{name}").urn
