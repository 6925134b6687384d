"""The window as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from collections.abc import Iterable
from typing import Any

import orjson

from broadsheet.feed.body import body_html
from broadsheet.feed.card import arrived, card, keywords, moment, one_line, read
from broadsheet.feed.entry import Entry, mapping, objects, safe_url, text
from broadsheet.feed.links import Links

CONTENT_TYPE = "application/feed+json"


def json_feed(title: str, links: Links, entries: Iterable[Entry]) -> bytes:
    """The feed of the entries, in their order."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": links.home,
        "feed_url": links.itself,
        "items": [_item(entry, links) for entry in entries],
    }
    return orjson.dumps(feed)


def _item(entry: Entry, links: Links) -> dict[str, Any]:
    record, short = read(entry), card(entry)
    item = {
        "id": entry.id,
        "url": short.url or links.article(entry.id),
        "title": short.headline,
        "content_text": text(record.get("body_text")),
        "content_html": str(body_html(record)),
        "summary": one_line(text(record.get("summary"))),
        "image": _image(record),
        "date_published": moment(record.get("published_at")),
        "date_modified": moment(record.get("modified_at")),
        "authors": _authors(record),
        "tags": keywords(record),
        "language": entry.language,
        # what JSON Feed has no word for: a date without a time must not pass for a moment
        "_broadsheet": {
            "site": {"domain": entry.site, "name": text(mapping(record.get("site")).get("name"))},
            "published_at": short.published_at,
            "arrived_at": arrived(entry),
            "record_url": links.article(entry.id),
        },
    }
    return {name: value for name, value in item.items() if value or name in ("id", "content_text")}


def _image(record: dict[str, Any]) -> str | None:
    addresses = (safe_url(image.get("url")) for image in objects(record.get("images")))
    return next((address for address in addresses if address), None)


def _authors(record: dict[str, Any]) -> list[dict[str, str]]:
    authors = []
    for author in objects(record.get("authors")):
        name, url = one_line(text(author.get("name"))), safe_url(author.get("url"))
        if name:
            authors.append({"name": name, "url": url} if url else {"name": name})
    return authors
