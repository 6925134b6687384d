"""What people see of an article in a list: few fields, each safe to show. Made from the record as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from broadsheet.feed.entry import Entry
from broadsheet.feed.fields import mapping, objects, safe_url, text, texts

ONE_LINE_CHARS = 1_000
"""Of a headline, a name, a summary: real ones are far shorter."""
TIME_CHARS = 64
"""Longer than any time: the rest of a longer text makes it none."""
AUTHORS = KEYWORDS = 40
"""Of one article, shown."""
TEASER_CHARS = 280
"""About three lines on a wide screen."""


@dataclass(frozen=True, slots=True)
class Card:
    """An article in short. Texts are plain and may be empty; `url` is http(s) or None; times are RFC 3339."""

    id: str
    headline: str
    teaser: str
    language: str
    site: str
    section: str
    byline: str
    url: str | None
    published_at: str | None
    arrived_at: str
    minutes: int


def make_card(entry: Entry, record: Mapping[str, Any]) -> Card:
    """The card of a record, when it comes in."""
    site = mapping(record.get("site"))
    minutes = record.get("reading_minutes")
    return Card(
        id=entry.id,
        headline=one_line(text(record.get("headline"))),
        teaser=teaser(record),
        language=entry.language,
        site=one_line(text(site.get("name"))) or entry.site,
        section=one_line(entry.section),
        byline=byline(record),
        url=safe_url(record.get("url")),
        published_at=moment(record.get("published_at")) or day(record.get("published_at")),
        arrived_at=arrived(entry.at),
        minutes=minutes if isinstance(minutes, int) else 0,
    )


def read_card(card: bytes) -> Card:
    """The card from its JSON."""
    return Card(**orjson.loads(card))


def read(entry: Entry) -> dict[str, Any]:
    """What is shown of the record of an entry that holds an article."""
    record: dict[str, Any] = orjson.loads(entry.shown)
    return record


def one_line(value: str) -> str:
    """The text with each run of white space as one space; the first `ONE_LINE_CHARS` of it."""
    return " ".join(value[:ONE_LINE_CHARS].split())


def teaser(record: Mapping[str, Any]) -> str:
    """The summary, else the first lines of the body; cut at a word."""
    whole = one_line(text(record.get("summary")) or text(record.get("body_text")))
    if len(whole) <= TEASER_CHARS:
        return whole
    cut = whole[:TEASER_CHARS]
    return (cut[: cut.rfind(" ")] if " " in cut[TEASER_CHARS // 2 :] else cut) + "…"


def byline(record: Mapping[str, Any]) -> str:
    """The authors' names, else the byline as printed."""
    names = [one_line(text(author.get("name"))) for author in objects(record.get("authors"))[:AUTHORS]]
    return one_line(", ".join(name for name in names if name) or text(record.get("byline")))


def keywords(record: dict[str, Any]) -> list[str]:
    """Section and keywords, each once."""
    section = one_line(text(record.get("section")))
    named = [one_line(keyword) for keyword in texts(record.get("keywords"))[:KEYWORDS]]
    return list(dict.fromkeys(word for word in (section, *named) if word))


def moment(value: Any) -> str | None:
    """The value if it is a point in time with its offset, as RFC 3339 has it. A day alone is none."""
    try:
        when = datetime.fromisoformat(text(value)[:TIME_CHARS])
    except ValueError:
        return None
    return when.isoformat() if when.tzinfo is not None else None


def day(value: Any) -> str | None:
    """The value if it is a day, YYYY-MM-DD."""
    try:
        return datetime.strptime(text(value)[:TIME_CHARS], "%Y-%m-%d").date().isoformat()
    except ValueError:
        return None


def arrived(at: int) -> str:
    """A record's Kafka time, which is when it came, in UTC to the second."""
    # producers may send any 64-bit time; years beyond datetime's are shown as the epoch
    seconds = at // 1000 if 0 <= at < 253_402_300_800_000 else 0
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
