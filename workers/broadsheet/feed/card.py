"""What people see of an article in a list: few fields, each safe to show. Made from the record as it came."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from broadsheet.feed.entry import Entry, mapping, objects, safe_url, text, texts

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


def card(entry: Entry) -> Card:
    """The card of an entry that holds an article."""
    record = read(entry)
    site = mapping(record.get("site"))
    minutes = record.get("reading_minutes")
    return Card(
        id=entry.id,
        headline=one_line(text(record.get("headline"))),
        teaser=teaser(record),
        language=entry.language,
        site=text(site.get("name")) or entry.site,
        section=one_line(entry.section),
        byline=byline(record),
        url=safe_url(record.get("url")),
        published_at=moment(record.get("published_at")) or day(record.get("published_at")),
        arrived_at=arrived(entry),
        minutes=minutes if isinstance(minutes, int) else 0,
    )


def card_json(entry: Entry) -> bytes:
    """The card as JSON, for the page's script."""
    return orjson.dumps(asdict(card(entry)))


def read(entry: Entry) -> dict[str, Any]:
    """The record of an entry that holds an article."""
    record: dict[str, Any] = orjson.loads(entry.value or b"{}")
    return record


def one_line(value: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(value.split())


def teaser(record: dict[str, Any]) -> str:
    """The summary, else the first lines of the body; cut at a word."""
    whole = one_line(text(record.get("summary")) or text(record.get("body_text")))
    if len(whole) <= TEASER_CHARS:
        return whole
    cut = whole[:TEASER_CHARS]
    return (cut[: cut.rfind(" ")] if " " in cut[TEASER_CHARS // 2 :] else cut) + "…"


def byline(record: dict[str, Any]) -> str:
    """The authors' names, else the byline as printed."""
    names = [one_line(text(author.get("name"))) for author in objects(record.get("authors"))]
    return ", ".join(name for name in names if name) or one_line(text(record.get("byline")))


def keywords(record: dict[str, Any]) -> list[str]:
    """Section and keywords, each once."""
    section = one_line(text(record.get("section")))
    return list(dict.fromkeys([section, *texts(record.get("keywords"))] if section else texts(record.get("keywords"))))


def moment(value: Any) -> str | None:
    """The value if it is a point in time with its offset, as RFC 3339 has it. A day alone is none."""
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return when.isoformat() if when.tzinfo is not None else None


def day(value: Any) -> str | None:
    """The value if it is a day, YYYY-MM-DD."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date().isoformat()
    except (TypeError, ValueError):
        return None


def arrived(entry: Entry) -> str:
    """When the record came onto Kafka, in UTC to the second."""
    # producers may send any 64-bit time; years beyond datetime's are shown as the epoch
    seconds = entry.at // 1000 if 0 <= entry.at < 253_402_300_800_000 else 0
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
