"""The stream: every record once and in order, across cut connections, restarts, and windows that moved on."""

import asyncio

import orjson
import pytest
from aiohttp import ClientSession
from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient
from kafka.admin import NewPartitions

from broadsheet.runtime.settings import TopicSettings
from tests.feed.conftest import Produce, Serve
from tests.feed.records import record
from tests.feed.sse import DEADLINE, ENDED, listen

pytestmark = pytest.mark.kafka


async def test_an_article_is_streamed_as_its_record_when_it_is_produced(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    async with serve() as address:
        listener = await listen(http, address)
        assert await listener.position() == "0:0,1:0"
        value = record("a")
        await produce("a", value, 1)
        assert await listener.next() == ("article", orjson.loads(value))
        assert listener.last_id == "0:0,1:1"


async def test_a_cut_stream_resumes_without_loss_or_repetition(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    async with serve() as address:
        first = await listen(http, address)
        await first.position()
        for n in range(6):
            await produce(f"a{n}", record(f"a{n}"), n % 2)
        before = await first.take(4)
        first.cut()
        for n in range(6, 10):
            await produce(f"a{n}", record(f"a{n}"), n % 2)
        second = await listen(http, address, first.last_id)
        after = await second.take(6)
        await produce("last", record("last"))
        assert await second.take(1) == ["last"]
    assert sorted(before + after) == [f"a{n}" for n in range(10)]


async def test_a_stream_resumes_across_a_restart_of_the_server(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    async with serve() as address:
        first = await listen(http, address)
        await first.position()
        for n in range(4):
            await produce(f"a{n}", record(f"a{n}"), n % 2)
        before = await first.take(3)
    await produce("a4", record("a4"), 0)
    async with serve() as address:
        second = await listen(http, address, first.last_id)
        after = await second.take(2)
        await produce("last", record("last"))
        assert await second.take(1) == ["last"]
    assert sorted(before + after) == [f"a{n}" for n in range(5)]


async def test_what_the_window_no_longer_holds_comes_from_kafka(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    ids = [f"a{n:02}" for n in range(40)]
    for n, article_id in enumerate(ids):
        await produce(article_id, record(article_id), n % 2)
    async with serve(window=5) as address:
        listener = await listen(http, address, "0:3,1:2")
        seen = await listener.take(35)
        await produce("last", record("last"))
        assert await listener.take(1) == ["last"]
        metrics = await (await http.get(f"{address}/metrics")).text()
    assert sorted(seen) == sorted(ids[6::2] + ids[5::2])
    assert [i for i in seen if int(i[1:]) % 2] == ids[5::2], "a partition keeps its order"
    assert "broadsheet_feed_replays_total 1.0" in metrics


async def test_a_replaced_article_is_streamed_in_both_versions_and_a_withdrawal_by_its_id(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    async with serve() as address:
        live = await listen(http, address)
        start = await live.position()
        await produce("a", record("a", headline="One"), 0)
        await produce("a", record("a", headline="Two"), 0)
        await produce("a", None, 0)
        for listener in (live, await listen(http, address, start)):
            headlines = [(await listener.next())[1]["headline"] for _ in range(2)]
            assert headlines == ["One", "Two"]
            assert await listener.next() == ("withdrawn", {"id": "a"})


async def test_only_committed_records_are_shown(
    serve: Serve, kafka: str, fresh_topics: TopicSettings, http: ClientSession
) -> None:
    async with serve() as address:
        listener = await listen(http, address)
        await listener.position()
        async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=fresh_topics.articles) as producer:
            await producer.begin_transaction()
            await producer.send_and_wait(fresh_topics.articles, record("aborted"), b"aborted", partition=0)
            await producer.abort_transaction()
            async with producer.transaction():
                await producer.send_and_wait(fresh_topics.articles, record("good"), b"good", partition=0)
        assert await listener.take(1) == ["good"]
        assert listener.last_id == "0:3,1:0"  # aborted, its marker, good
        assert (await http.get(f"{address}/articles/aborted")).status == 404
    async with serve() as address:
        assert (await http.get(f"{address}/articles/good")).status == 200
        assert (await http.get(f"{address}/articles/aborted")).status == 404


async def test_an_open_transaction_holds_back_what_follows_it_and_nothing_else(
    serve: Serve, produce: Produce, kafka: str, fresh_topics: TopicSettings, http: ClientSession
) -> None:
    await produce("before", record("before"), 0)
    async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=fresh_topics.articles) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(fresh_topics.articles, record("open"), b"open", partition=0)
        async with serve() as address:
            listener = await listen(http, address, "0:0,1:0")
            assert await listener.take(1) == ["before"]
            await produce("other", record("other"), 1)
            assert await listener.take(1) == ["other"]
            assert (await http.get(f"{address}/articles/open")).status == 404
            await producer.commit_transaction()
            assert await listener.take(1) == ["open"]


async def test_foreign_records_are_skipped_and_counted(serve: Serve, produce: Produce, http: ClientSession) -> None:
    foreign: list[tuple[str | None, bytes | None]] = [
        *((None, value) for value in (b"", b"\xff\x00", b"{", b"[]", b"null", b'{"schema":"other/1"}')),
        *((None, value) for value in (b'{"schema":"article/1","id":7}', b'{"schema":"article/1","id":""}')),
        ("\n", None),
    ]
    async with serve() as address:
        listener = await listen(http, address)
        await listener.position()
        for key, value in foreign:
            await produce(key, value, 0)
        await produce(
            "pretty", b'{\n "schema": "article/1",\r\n "id": "pretty", "headline": 5, "blocks": {"x": 1}\n}', 0
        )
        assert await listener.take(1) == ["pretty"]
        metrics = await (await http.get(f"{address}/metrics")).text()
        assert f'broadsheet_feed_records_total{{kind="unreadable"}} {len(foreign)}.0' in metrics
        for path in ("/", "/feed.json", "/feed.atom", "/articles/pretty", "/stream?view=card&after=0:0"):
            response = await http.get(address + path, headers={"Accept": "text/html"})
            assert response.status == 200, path
            response.close()


async def test_a_new_partition_is_noticed_and_read_from_its_start(
    serve: Serve, produce: Produce, http: ClientSession, kafka: str, fresh_topics: TopicSettings
) -> None:
    async with serve() as address:
        listener = await listen(http, address)
        await listener.position()
        admin = KafkaAdminClient(bootstrap_servers=kafka)
        admin.create_partitions({fresh_topics.articles: NewPartitions(3)})
        admin.close()
        async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
            await _until_partitions(producer, fresh_topics.articles, 3)
            await producer.send_and_wait(fresh_topics.articles, record("new"), b"new", partition=2)
        assert await listener.take(1) == ["new"]
        assert listener.last_id == "0:0,1:0,2:1"


async def _until_partitions(producer: AIOKafkaProducer, topic: str, count: int) -> None:
    deadline = asyncio.get_running_loop().time() + DEADLINE
    while len(await producer.partitions_for(topic)) < count:
        assert asyncio.get_running_loop().time() < deadline
        await producer.client.force_metadata_update()
        await asyncio.sleep(0.1)


async def test_records_that_kafka_deleted_are_told_as_a_gap(
    serve: Serve, produce: Produce, http: ClientSession, kafka: str, fresh_topics: TopicSettings
) -> None:
    for n in range(10):
        await produce(f"a{n}", record(f"a{n}"), 0)
    from kafka import TopicPartition

    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.delete_records({TopicPartition(fresh_topics.articles, 0): 6})
    admin.close()
    async with serve() as address:
        listener = await listen(http, address, "0:2,1:0")
        assert await listener.next() == ("gap", {"partition": 0, "from": 2, "to": 6})
        assert await listener.take(4) == ["a6", "a7", "a8", "a9"]


async def test_a_position_behind_the_logs_end_is_a_gap_too(serve: Serve, produce: Produce, http: ClientSession) -> None:
    await produce("a", record("a"), 0)
    async with serve() as address:
        listener = await listen(http, address, "0:900,1:0")
        assert await listener.next() == ("gap", {"partition": 0, "from": 900, "to": 0})
        assert await listener.take(1) == ["a"]


@pytest.mark.parametrize("last_id", ["x", "0:1,0:2", "0:-1", "0:1,", "1" * 40_000, "0:٣"])
async def test_a_position_that_is_none_is_refused(serve: Serve, http: ClientSession, last_id: str) -> None:
    async with serve() as address:
        response = await http.get(f"{address}/stream", params={"after": last_id})
        assert response.status == 400
        assert response.content_type == "application/problem+json"


async def test_a_filtered_stream_gives_only_its_articles_and_keeps_its_position(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    async with serve(heartbeat=0.2) as address:
        listener = await listen(http, address, query="?language=sv&view=card")
        await listener.position()
        await produce("en", record("en"), 0)
        await produce("sv", record("sv", language={"code": "sv", "confidence": 1.0}), 0)
        await produce("en2", record("en2"), 0)
        name, card = await listener.next()
        assert (name, card["id"], card["language"]) == ("article", "sv", "sv")
        assert "body_text" not in card
        await listener.position("0:3,1:0")  # a heartbeat says that what was passed over is behind


async def test_a_reader_that_stands_still_is_dropped_and_may_resume(
    serve: Serve, produce: Produce, http: ClientSession
) -> None:
    body = "The tide came in again. " * 40_000
    async with serve(send_timeout=1.0) as address:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\n")
        count = 30
        for n in range(count):
            await produce(f"a{n}", record(f"a{n}", body_text=body), 0)
        deadline = asyncio.get_running_loop().time() + DEADLINE
        while "broadsheet_feed_streams_dropped_total 1.0" not in await (await http.get(f"{address}/metrics")).text():
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.1)
        writer.close()
        async with ClientSession(read_bufsize=4 * len(body)) as patient:
            listener = await listen(patient, address, "0:0,1:0")
            assert await listener.take(count) == [f"a{n}" for n in range(count)]


async def test_streams_are_limited(serve: Serve, http: ClientSession) -> None:
    async with serve(clients=1) as address:
        first = await listen(http, address)
        await first.position()
        refused = await http.get(f"{address}/stream")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "10")


async def test_a_server_that_stops_ends_its_streams(serve: Serve, http: ClientSession) -> None:
    async with serve() as address:
        listener = await listen(http, address)
        await listener.position()
    assert await listener.next() == ENDED
