"""What the server answers over HTTP: feeds that others can read, one article in two forms, errors, conditions."""

import asyncio
import gzip
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import orjson
import pytest
from aiohttp import ClientSession

from tests.feed.conftest import Produce, Serve
from tests.feed.records import record
from tests.feed.sse import DEADLINE

pytestmark = pytest.mark.kafka
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NASTY = 'A <script>alert("x")</script> & <b>bold</b> \x00\x0b\x1f\ufffe\ud83d\ude00 ظهر'.encode(
    "utf-16", "surrogatepass"
).decode("utf-16")


async def get(http: ClientSession, address: str, **headers: str) -> tuple[int, Any, bytes]:
    said = {"Accept-Encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with http.get(address, headers=said) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_the_json_feed_has_the_form_of_1_1(serve: Serve, produce: Produce, http: ClientSession) -> None:
    await produce(
        "a", record("a", images=[{"url": "https://i.example/x.jpg", "caption": "c", "credit": None, "alt": None}]), 0
    )
    await produce("b", record("b", url="javascript:alert(1)", published_at="2026-03-01", headline=NASTY), 0)
    await produce("c", record("c", url=None, published_at=None, headline=None, language=None, authors=[]), 0)
    async with serve(title="The Wire") as address:
        status, headers, body = await get(http, f"{address}/feed.json")
        assert (status, headers["Content-Type"]) == (200, "application/feed+json")
    feed = orjson.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["feed_url"], feed["home_page_url"]) == (
        "The Wire",
        f"{address}/feed.json",
        f"{address}/",
    )
    assert [item["id"] for item in feed["items"]] == ["c", "b", "a"]
    for item in feed["items"]:
        assert isinstance(item["content_text"], str)
        assert item["url"].startswith("http")
        assert all(author["name"] for author in item.get("authors", []))
        for name in ("date_published", "date_modified"):
            assert name not in item or datetime.fromisoformat(item[name]).tzinfo
        assert None not in item.values()
    c, b, a = feed["items"]
    assert a["url"] == "https://harbour-post.example/news/a"
    assert a["content_html"] == "<p>The ferry left at seven.</p>\n<p>Nobody was left behind on the quay.</p>"
    assert (a["date_published"], a["image"]) == ("2026-03-02T06:30:00+01:00", "https://i.example/x.jpg")
    assert (a["language"], a["tags"], a["authors"]) == ("en", ["Local", "ferry"], [{"name": "Ada Quill"}])
    assert b["url"] == f"{address}/articles/b"
    assert "date_published" not in b
    assert b["_broadsheet"]["published_at"] == "2026-03-01"
    assert "title" not in c


async def test_the_atom_feed_is_read_by_a_feed_reader(serve: Serve, produce: Produce, http: ClientSession) -> None:
    blocks = [
        {"type": "heading", "text": "Why <i>now</i>", "level": 2},
        {"type": "list-item", "text": "one"},
        {"type": "list-item", "text": "two & three"},
        {"type": "quote", "text": "“So be it”"},
    ]
    await produce("a", record("a", headline=NASTY, byline="x\x07y", authors=[], blocks=blocks), 0)
    await produce("b", record("b", modified_at="2026-03-02T09:00:00Z", url="data:text/html,x"), 0)
    async with serve(title="The & Wire") as address:
        status, headers, body = await get(http, f"{address}/feed.atom?language=en")
    assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    ET.fromstring(body)
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.title == "The & Wire"
    assert [link.href for link in feed.feed.links] == [f"{address}/feed.atom?language=en", f"{address}/"]
    b, a = feed.entries
    assert ET.fromstring(body)[6][0].text == "Ferry b leaves on time"
    assert ET.fromstring(body)[7][0].text == 'A <script>alert("x")</script> & <b>bold</b>  😀 ظهر'
    assert a.author == "xy"
    assert a.content[0].type == "text/html"
    assert "<h2>Why &lt;i&gt;now&lt;/i&gt;</h2>" in a.content[0].value
    assert "<ul><li>one</li><li>two &amp; three</li></ul>" in a.content[0].value
    assert (b.updated, b.published) == ("2026-03-02T09:00:00+00:00", "2026-03-02T06:30:00+01:00")
    assert b.link == f"{address}/articles/b"
    assert len({entry.id for entry in feed.entries} | {feed.feed.id}) == 3


async def test_an_article_is_json_or_a_page(serve: Serve, produce: Produce, http: ClientSession) -> None:
    odd = "a/b ?#%ü"
    value = record(odd, headline=NASTY.replace("\x00", ""))
    await produce(odd, value, 0)
    async with serve() as address:
        there = f"{address}/articles/a%2Fb%20%3F%23%25%C3%BC"
        status, headers, body = await get(http, there)
        assert (status, headers["Content-Type"], body) == (200, "application/json", value)
        status, headers, body = await get(http, there, Accept=BROWSER)
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert b"&lt;script&gt;" in body
        assert b"<script" not in body
        assert headers["ETag"] != (await get(http, there))[1]["ETag"]
        for accept, kind in (
            ("application/json, text/html;q=0.5", "application/json"),
            ("text/html;q=0, */*", "application/json"),
            ("text/html", "text/html; charset=utf-8"),
        ):
            assert (await get(http, there, Accept=accept))[1]["Content-Type"] == kind, accept
        assert (await get(http, there + "?format=json", Accept=BROWSER))[1]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/articles/none", 404), ("/nothing", 404), ("/static/..%2Fpage.py", 404), ("/static/none.css", 404)),
        *(("/feed.json?limit=0", 400), ("/feed.json?limit=x", 400), ("/feed.atom?limit=99999999999999", 400)),
        *(("/stream?view=raw", 400), ("/stream?after=nowhere", 400)),
    ],
)
async def test_errors_are_problems_for_programs_and_pages_for_people(
    serve: Serve, http: ClientSession, path: str, status: int
) -> None:
    async with serve() as address:
        got, headers, body = await get(http, address + path)
        assert (got, headers["Content-Type"]) == (status, "application/problem+json")
        problem = orjson.loads(body)
        assert problem["status"] == status
        assert problem["title"]
        got, headers, body = await get(http, address + path, Accept=BROWSER)
        assert (got, headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert "Content-Security-Policy" in headers
        async with http.post(address + "/feed.json") as posted:
            assert (posted.status, posted.headers["Allow"]) == (405, "GET,HEAD")


async def test_what_has_not_changed_is_not_sent_again(serve: Serve, produce: Produce, http: ClientSession) -> None:
    await produce("a", record("a"), 0)
    async with serve() as address:
        for path in ("/", "/feed.json", "/feed.atom", "/articles/a", "/static/feed.css"):
            _, headers, _ = await get(http, address + path)
            assert (await get(http, address + path, If_None_Match=headers["ETag"]))[0] == 304, path
            assert (await get(http, address + path, If_None_Match="*"))[0] == 304
            assert (await get(http, address + path, If_None_Match='"other"'))[0] == 200
        modified = await _last_modified(http, f"{address}/feed.json")
        assert (await get(http, f"{address}/feed.json", If_Modified_Since=modified))[0] == 304
        tag = (await get(http, f"{address}/feed.json"))[1]["ETag"]
        await produce("b", record("b"), 0)
        deadline = asyncio.get_running_loop().time() + DEADLINE
        while (await get(http, f"{address}/articles/b"))[0] != 200:
            assert asyncio.get_running_loop().time() < deadline
        assert (await get(http, f"{address}/feed.json", If_None_Match=tag))[0] == 200
        assert (await get(http, f"{address}/feed.json", If_Modified_Since=modified))[0] == 200


async def _last_modified(http: ClientSession, address: str) -> str:
    """It is said only once its second is over: a later change within that second would go unseen."""
    deadline = asyncio.get_running_loop().time() + DEADLINE
    while "Last-Modified" not in (headers := (await get(http, address))[1]):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)
    modified: str = headers["Last-Modified"]
    return modified


async def test_answers_are_compressed_and_head_has_no_body(serve: Serve, produce: Produce, http: ClientSession) -> None:
    await produce("a", record("a", body_text="tide " * 1_000), 0)
    async with serve() as address:
        for path in ("/", "/feed.json", "/feed.atom", "/articles/a"):
            _, headers, plain = await get(http, address + path, Accept_Encoding="identity")
            assert "Content-Encoding" not in headers
            _, headers, packed = await get(http, address + path, Accept_Encoding="deflate, gzip")
            assert headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(packed) == plain
            assert "Accept-Encoding" in headers["Vary"]
            assert "Content-Encoding" not in (await get(http, address + path, Accept_Encoding="gzip;q=0"))[1]
            async with http.head(address + path) as answer:
                assert (answer.status, await answer.read()) == (200, b"")
        async with http.head(f"{address}/stream") as answer:
            assert (answer.status, answer.content_type) == (200, "text/event-stream")


async def test_every_answer_carries_the_security_headers(serve: Serve, http: ClientSession) -> None:
    async with serve() as address:
        for path in ("/", "/stream", "/feed.json", "/feed.atom", "/articles/x", "/live", "/static/feed.js", "/none"):
            async with http.get(address + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_lists_are_filtered_and_limited(serve: Serve, produce: Produce, http: ClientSession) -> None:
    for n in range(6):
        code = "sv" if n % 2 else "en"
        await produce(f"a{n}", record(f"a{n}", language={"code": code, "confidence": 1.0}), 0)
    async with serve(public_url="https://news.example/wire/") as address:
        _, _, body = await get(http, f"{address}/feed.json?language=sv&limit=2")
        feed = orjson.loads(body)
        assert [item["id"] for item in feed["items"]] == ["a5", "a3"]
        assert feed["feed_url"] == "https://news.example/wire/feed.json?language=sv&limit=2"
        _, _, body = await get(http, f'{address}/?site="><script>&language=sv')
        assert b"<script>" not in body
        assert b"No articles yet" in body


async def test_only_the_newest_are_kept_wherever_they_stand(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    await produce("old", record("old"), 1, timestamp_ms=1_000)
    for n in range(30):
        await produce(f"a{n}", record(f"a{n}"), 0, timestamp_ms=2_000 + n)
    async with serve(window=10) as address:
        feed = orjson.loads((await get(http, f"{address}/feed.json"))[2])
        ready = orjson.loads((await get(http, f"{address}/ready"))[2])
    assert [item["id"] for item in feed["items"]] == [f"a{n}" for n in range(29, 19, -1)]
    assert ready == {"status": "ok", "kafka": "connected", "articles": 10}
