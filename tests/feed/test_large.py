"""Articles of megabytes: every answer but the record itself stays small, and says that it was cut."""

from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from aiohttp import ClientSession

from broadsheet.feed.cut import BLOCKS, BODY_CHARS, ITEMS, REST_CHARS, cut
from broadsheet.feed.entry import Entry
from broadsheet.feed.links import ARTICLE_CHARS
from broadsheet.feed.position import encode
from broadsheet.feed.reading import read_entry
from broadsheet.feed.window import Filter, Window
from tests.feed.conftest import Produce, Serve
from tests.feed.records import record
from tests.feed.sse import listen

MOST_BYTES = 2_200_000
"""Of an answer that lists articles."""
PARAGRAPH = "The ferry left at seven & nobody was <left> behind. " * 20


def large(article_id: str, size: int, **fields: Any) -> bytes:
    paragraphs = [PARAGRAPH] * (size // (2 * len(PARAGRAPH)))
    blocks = [{"type": "paragraph", "text": text} for text in paragraphs]
    return record(article_id, body_text="\n\n".join(paragraphs), blocks=blocks, **fields)


@pytest.mark.kafka
async def test_large_articles_give_small_answers(serve: Serve, produce: Produce, http: ClientSession) -> None:
    for n in range(60):
        await produce(f"a{n}", large(f"a{n}", 500_000), n % 2)
    value = large("last", 3_000_000)
    await produce("last", value, 0)
    async with serve() as address:
        identity = {"Accept-Encoding": "identity"}
        answers = {}
        for path in ("/", "/feed.json", "/feed.json?limit=500", "/feed.atom", "/articles/last"):
            accept = {"Accept": "text/html"} if path in ("/", "/articles/last") else {}
            async with http.get(address + path, headers={**identity, **accept}) as answer:
                answers[path] = await answer.read()
                assert answer.status == 200
                assert len(answers[path]) == answer.content_length
                assert len(answers[path]) < MOST_BYTES, path
        items = orjson.loads(answers["/feed.json"])["items"]
        assert len(items) == 50
        assert len(ET.fromstring(answers["/feed.atom"]).findall("{http://www.w3.org/2005/Atom}entry")) == 50
        assert items[0]["id"] == "last"
        assert items[0]["_broadsheet"]["cut"] is True
        assert len(items[0]["content_text"]) == ARTICLE_CHARS
        assert items[0]["content_html"].endswith("<p>[…]</p>")
        assert "<p>[…]</p>" in answers["/articles/last"].decode()
        async with http.get(f"{address}/articles/last", headers=identity) as answer:
            assert await answer.read() == value, "the record itself is whole"
        async with http.head(f"{address}/articles/last", headers=identity) as answer:
            assert (answer.content_length, await answer.read()) == (len(value), b"")


@pytest.mark.kafka
@pytest.mark.parametrize(
    "limit", ["00000000199999", "00000000199999999999999999999", "9" * 5_000, "٣", "-1", "1e3", ""]
)
async def test_a_number_that_is_none_is_refused_whatever_its_length(
    serve: Serve, http: ClientSession, limit: str
) -> None:
    async with serve() as address, http.get(f"{address}/feed.json", params={"limit": limit}) as answer:
        assert answer.status == 400
        assert answer.content_type == "application/problem+json"


@pytest.mark.kafka
async def test_a_larger_number_is_taken_as_the_most(serve: Serve, produce: Produce, http: ClientSession) -> None:
    await produce("a", record("a"), 0)
    async with serve() as address, http.get(f"{address}/feed.json?limit=199999") as answer:
        assert answer.status == 200


@pytest.mark.kafka
async def test_partitions_that_there_are_not_are_dropped_from_a_position(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    await produce("a", record("a"), 0)
    said = encode({0: 0, 1: 0, **dict.fromkeys(range(2, 3_000), 7)})
    async with serve() as address:
        listener = await listen(http, address, said)
        assert await listener.take(1) == ["a"]
        assert listener.last_id == "0:1,1:0"


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "x" * 1_000_000, "summary": " " * 1_000_000, "byline": "y\n" * 500_000},
        {"authors": [{"name": "x" * 1_000, "url": None}] * 5_000},
        {"keywords": ["x" * 1_000] * 5_000},
        {"images": [{"url": "https://i.example/" + "x" * 5_000, "caption": "c", "credit": None, "alt": None}] * 2_000},
        {"body_text": "z" * 3_000_000, "blocks": []},
        {"blocks": [{"type": "paragraph", "text": "z"}] * 100_000, "body_text": "z\n\n" * 100_000},
        {"section": "s" * 1_000_000, "language": {"code": "l" * 1_000_000, "confidence": 1.0}},
        {"metadata": {"x": "y" * 1_000_000}},
    ],
)
def test_whatever_is_large_in_a_record_what_is_shown_of_it_is_not(fields: dict[str, Any]) -> None:
    entry = read_entry(0, 0, 0, b"x", orjson.dumps({**orjson.loads(record("x")), **fields}))
    assert entry.short is not None
    assert len(entry.short) < 2 * (BODY_CHARS + REST_CHARS) + 100 * BLOCKS
    assert len(entry.card) < 10_000
    assert len(entry.language + entry.site + entry.section) < 1_000


def test_an_address_is_whole_or_left_out() -> None:
    shown = orjson.loads(cut({"url": "https://a.example/" + "x" * 5_000, "images": [{"url": "https://a.example/b"}]}))
    assert (shown["url"], shown["images"]) == (None, [{"url": "https://a.example/b"}])


def test_nesting_and_lists_are_cut() -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep, deep]
    shown = orjson.loads(cut({"keywords": deep, "authors": [{}] * 1_000}))
    assert len(orjson.dumps(shown["keywords"])) < 100
    assert len(shown["authors"]) == ITEMS


def test_streams_that_send_the_same_record_share_it() -> None:
    window = Window(None, 10, 10_000_000)
    window.put([Entry(0, 0, 0, "a", b"x" * 1_000_000)])
    window.position[0] = 1
    (one,), (other,) = window.after({0: 0}, 9, 1), window.after({0: 0}, 9, 1)
    assert one is other
    (place,) = window.newest(Filter(), 1)
    assert window.whole(place) is one
