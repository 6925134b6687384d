"""Events as CloudEvents' own SDK puts them on Kafka, in both modes, are read to the page that was put into them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from broadsheet.decode import decode
from broadsheet.options import Limits
from broadsheet.values import ContentType, RawPage

URL = "https://harbourpost.example/ferry"
HTML = "<html><body><h1>Ferry back</h1><p>Der Fährmann fährt wieder.</p></body></html>"
NOW = datetime(2026, 3, 2, 7, 15, 30, tzinfo=UTC)
ATTRIBUTES = {"id": "post-118", "source": "/spiders/coast", "type": "page.fetched", "subject": URL, "time": NOW}


def raw_page(message: KafkaMessage) -> RawPage:
    return RawPage(message.value, None, tuple(message.headers.items()))


@pytest.mark.parametrize("mode", [to_binary_event, to_structured_event], ids=["binary", "structured"])
@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("text/html; charset=utf-8", HTML),
        ("text/html", HTML.encode()),
        ("text/html; charset=windows-1252", HTML.encode("windows-1252")),
        ("application/json", {"url": URL, "body": HTML}),
    ],
    ids=["text", "bytes", "legacy", "envelope"],
)
def test_event_of_the_sdk(mode: Callable[..., KafkaMessage], content_type: str, data: Any) -> None:
    event = CloudEvent({**ATTRIBUTES, "datacontenttype": content_type}, data)
    page = decode(raw_page(mode(event)), Limits())
    assert (page.url, page.text, page.content_type) == (URL, HTML, ContentType.HTML)
    assert (page.page_id, page.source, page.fetched_at) == ("post-118", "/spiders/coast", NOW)
