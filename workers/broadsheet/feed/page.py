"""The pages for people: the newest articles, and one article. All that was scraped is escaped by the templates."""

from collections.abc import Mapping
from typing import Any

from broadsheet.feed.body import body_html
from broadsheet.feed.card import keywords, one_line, read, read_card
from broadsheet.feed.entry import Entry
from broadsheet.feed.fields import mapping, objects, safe_url, text
from broadsheet.feed.position import encode
from broadsheet.feed.window import Filter, Window
from broadsheet.rendering import templates

LISTED = 60
"""Articles on the page when it is opened."""
IMAGES = 40
"""Of one article."""
CHOICES = 40
"""Values that a filter offers: the most frequent ones."""

_TEMPLATES = templates("broadsheet.feed")


def front_page(title: str, window: Window, wanted: Filter, query: str) -> str:
    """The newest articles; `query` is the filter as it stood in the address, for the feeds' links."""
    given = wanted.given()
    return _TEMPLATES.get_template("front.html").render(
        title=title,
        root="./",
        cards=[read_card(card) for card in window.cards(wanted, LISTED)],
        position=encode(window.position),
        choices={name: _choices(window, name, given.get(name)) for name in ("language", "site", "section")},
        given=given,
        query=f"?{query}" if query else "",
    )


def article_page(title: str, entry: Entry) -> str:
    """One article in full."""
    record = read(entry)
    return _TEMPLATES.get_template("article.html").render(
        title=title,
        root="../",
        card=read_card(entry.card),
        subheadline=one_line(text(record.get("subheadline"))),
        body=body_html(record),
        images=_images(record),
        keywords=keywords(record),
        facts=_facts(entry, record),
    )


def error_page(title: str, root: str, status: int, what: str) -> str:
    """What went wrong, for people. `root` is the server's own first address."""
    return _TEMPLATES.get_template("error.html").render(title=title, root=root, status=status, what=what)


def _choices(window: Window, name: str, chosen: str | None) -> list[tuple[str, int]]:
    offered = window.choices(name, CHOICES)
    if chosen and chosen not in dict(offered):
        offered.append((chosen, 0))
    return offered


def _images(record: Mapping[str, Any]) -> list[dict[str, str | None]]:
    named = map(_image, objects(record.get("images"))[:IMAGES])
    return [image for image in named if image["caption"] or image["credit"]]


def _image(image: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "caption": one_line(text(image.get("caption")) or text(image.get("alt"))),
        "credit": one_line(text(image.get("credit"))),
        "url": safe_url(image.get("url")),
    }


def _facts(entry: Entry, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where the record came from, for whoever checks it."""
    page = mapping(record.get("page"))
    facts = [
        ("Scraped page", text(page.get("url"))),
        ("Fetched", text(page.get("fetched_at"))),
        ("Scraper", text(page.get("source"))),
        ("Words", str(record.get("word_count", ""))),
        ("Id", entry.id),
        ("Kafka", f"partition {entry.partition}, offset {entry.offset}"),
    ]
    return [(name, value) for name, value in facts if value]
