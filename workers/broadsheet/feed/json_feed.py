"""The window as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from broadsheet.feed.body import body_html
from broadsheet.feed.card import AUTHORS, arrived, keywords, moment, one_line, read, read_card
from broadsheet.feed.cut import is_cut
from broadsheet.feed.entry import Entry
from broadsheet.feed.fields import mapping, objects, safe_url, text
from broadsheet.feed.links import ARTICLE_CHARS, Links

CONTENT_TYPE = "application/feed+json"


def json_feed(title: str, links: Links, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The feed of the entries, in their order: its pieces, an entry each between a head and an end."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": links.home,
        "feed_url": links.itself,
    }
    yield orjson.dumps(head)[:-1] + b',"items":['
    for number, entry in enumerate(entries):
        yield (b"," if number else b"") + orjson.dumps(_item(entry, links))
    yield b"]}"


def _item(entry: Entry, links: Links) -> dict[str, Any]:
    record, short = read(entry), read_card(entry.card)
    item = {
        "id": entry.id,
        "url": short.url or links.article(entry.id),
        "title": short.headline,
        "content_text": text(record.get("body_text"))[:ARTICLE_CHARS],
        "content_html": str(body_html(record, ARTICLE_CHARS)),
        "summary": one_line(text(record.get("summary"))),
        "image": _image(record),
        "date_published": moment(record.get("published_at")),
        "date_modified": moment(record.get("modified_at")),
        "authors": _authors(record),
        "tags": keywords(record),
        "language": entry.language,
        # what JSON Feed has no word for: a date without a time must not pass for a moment
        "_broadsheet": {
            "site": {"domain": entry.site, "name": one_line(text(mapping(record.get("site")).get("name")))},
            "published_at": short.published_at,
            "arrived_at": arrived(entry.at),
            "record_url": links.article(entry.id),
            "cut": is_cut(record, ARTICLE_CHARS),
        },
    }
    return {name: value for name, value in item.items() if value or name in ("id", "content_text")}


def _image(record: dict[str, Any]) -> str | None:
    addresses = (safe_url(image.get("url")) for image in objects(record.get("images")))
    return next((address for address in addresses if address), None)


def _authors(record: dict[str, Any]) -> list[dict[str, str]]:
    authors = []
    for author in objects(record.get("authors"))[:AUTHORS]:
        name, url = one_line(text(author.get("name"))), safe_url(author.get("url"))
        if name:
            authors.append({"name": name, "url": url} if url else {"name": name})
    return authors
