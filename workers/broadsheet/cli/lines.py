"""A Kafka record as a person or a program reads it on a terminal: by the topic that it stands on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.text import Text

from broadsheet.cli.terminal import printable, shortened
from broadsheet.records import RecordError, read_article, read_dead, read_outcome
from broadsheet.runtime.settings import TopicSettings

BODY_CHARS = 240
"""About three lines on a terminal of 80 columns."""
DETAIL_CHARS = 160


class LineError(ValueError):
    """A record that does not hold what its topic promises; one plain line."""


Shown = Callable[[Any], Text]
"""How a record is shown to people. Raises LineError."""
Said = Callable[[Any], bytes]
"""How a record is said to programs: one JSON object on one line. Raises LineError."""


def forms(topics: TopicSettings, topic: str) -> tuple[Shown, Said]:
    """How the records of a topic are shown and said."""
    known: dict[str, tuple[Shown, Said]] = {
        topics.articles: (_article, _article_json),
        topics.outcomes: (_outcome, lambda record: _json(record, read_outcome)),
        topics.dead: (_dead, _dead_json),
    }
    return known.get(topic, (_any, _any_json))


def _read(record: Any, reader: Callable[[bytes], Any]) -> Any:
    try:
        return reader(record.value or b"")
    except RecordError as error:
        raise LineError(str(error)) from None


def _json(record: Any, reader: Callable[[bytes], Any]) -> bytes:
    return orjson.dumps(_read(record, reader))


def _article(record: Any) -> Text:
    if record.value is None:
        return Text(f"– withdrawn: {_words(record.key)}", "yellow")
    article = _read(record, read_article)
    site, language = article["site"], article["language"] or {}
    about = (
        article["published_at"] or f"came {_moment(record.timestamp)}",
        site["name"] or site["domain"],
        language.get("code"),
        article["section"],
    )
    lines = (
        Text(printable(article["headline"] or "without a headline"), "bold"),
        Text(printable(" · ".join(part for part in about if part)), "cyan"),
        Text(shortened(article["body_text"], BODY_CHARS)),
        Text(printable(article["url"] or ""), "dim"),
        Text(),
    )
    return Text("\n").join(line for line in lines if line.plain or line is lines[-1])


def _article_json(record: Any) -> bytes:
    if record.value is None:
        return orjson.dumps({"withdrawn": _words(record.key)})
    return _json(record, read_article)


def _outcome(record: Any) -> Text:
    outcome = _read(record, read_outcome)
    where = printable(outcome["page"]["url"] or "a page without URL")
    if outcome["result"] == "articles":
        count = len(outcome["articles"])
        return Text(f"✓ {count} article{'s' if count != 1 else ''}: {where}", "green")
    if outcome["result"] == "none":
        return Text(f"○ no article ({outcome['reason']}): {where}", "yellow")
    return Text(f"✗ dead letter ({outcome['reason']}): {where}", "red")


def _dead(record: Any) -> Text:
    letter = _letter(record)
    origin = letter["origin"] or "unknown origin"
    detail = shortened(letter["detail"], DETAIL_CHARS)
    where = printable(letter["key"] or "a page without URL")
    return Text(f"✗ {letter['reason']}: {where} ({origin}, {letter['bytes']} bytes): {detail}", "red")


def _dead_json(record: Any) -> bytes:
    return orjson.dumps(_letter(record))


def _letter(record: Any) -> dict[str, Any]:
    try:
        letter = read_dead((name, value or b"") for name, value in record.headers)
    except RecordError as error:
        raise LineError(str(error)) from None
    return {
        "reason": letter.reason.value,
        "detail": letter.detail,
        "origin": "/".join(map(str, letter.origin)) if letter.origin else None,
        "at": letter.at,
        "attempts": letter.attempts,
        "key": _words(record.key) or None,
        "bytes": len(record.value or b""),
        "offset": f"{record.topic}/{record.partition}/{record.offset}",
    }


def _any(record: Any) -> Text:
    size = f"{len(record.value)} bytes" if record.value is not None else "no value"
    start = shortened(_words((record.value or b"")[:400]), 80)
    return Text(f"{record.partition}/{record.offset} {printable(_words(record.key))} ({size}) {start}")


def _any_json(record: Any) -> bytes:
    return orjson.dumps(
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "at": _moment(record.timestamp),
            "key": _words(record.key) if record.key is not None else None,
            "value": _words(record.value) if record.value is not None else None,
            "headers": [[name, _words(value)] for name, value in record.headers],
        }
    )


def _words(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _moment(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return str(milliseconds)
