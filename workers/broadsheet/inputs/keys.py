"""The key a page goes under on Kafka: its URL, so that the scrapes of one page stay in order."""

from typing import Any

import orjson

from broadsheet.values import RawPage

_URL_FIELDS = ("url", "response_url", "subject")  # an envelope's, scrapy-cluster's, a CloudEvent's


def page_key(raw: RawPage) -> bytes | None:
    """The key that came with the page, or the URL its envelope names; None where neither is there."""
    if raw.key is not None or not raw.value.lstrip().startswith(b"{"):
        return raw.key
    try:
        envelope = orjson.loads(raw.value)
    except orjson.JSONDecodeError:
        return None
    return next((found for field in _URL_FIELDS if (found := _text(envelope.get(field)))), None)


def _text(value: Any) -> bytes | None:
    return value.encode("utf-8", "replace") if isinstance(value, str) and value else None
