"""A message as Faust hands it over, read as a RawPage."""

from typing import Any

from broadsheet.errors import Reason
from broadsheet.runtime.delivery.protocol import size_of
from broadsheet.values import Origin, RawPage


class Withheld(bytes):
    """The value of a message that could not be taken from the broker: empty, and it says why. Its key and headers are
    not known either."""

    reason: Reason
    detail: str

    def __new__(cls, reason: Reason, detail: str) -> "Withheld":
        """`detail` is one plain line."""
        made = super().__new__(cls)
        made.reason, made.detail = reason, detail
        return made


def raw_page(message: Any) -> RawPage:
    """A message of Faust's as a RawPage. A message without a value is an empty page."""
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    origin = Origin(message.topic, message.partition, message.offset)
    value = b"" if message.value is None else message.value
    return RawPage(value, message.key, tuple((name, content or b"") for name, content in headers), origin)


def message_size(message: Any) -> int:
    """Bytes of its value, its key and its headers."""
    raw = raw_page(message)
    return size_of(raw.key, raw.value, raw.headers)
