"""A message as Faust hands it over, read as a RawPage."""

from typing import Any

from broadsheet.runtime.delivery import size_of
from broadsheet.values import Origin, RawPage


def raw_page(message: Any) -> RawPage:
    """A message of Faust's as a RawPage. A message without a value is an empty page."""
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    origin = Origin(message.topic, message.partition, message.offset)
    return RawPage(message.value or b"", message.key, tuple((name, value or b"") for name, value in headers), origin)


def message_size(message: Any) -> int:
    """Bytes of its value, its key and its headers."""
    raw = raw_page(message)
    return size_of(raw.key, raw.value, raw.headers)
