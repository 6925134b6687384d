"""`broadsheet feed` as a process: what it says when it cannot start, and how it leaves; and a broker that goes away."""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession
from aiokafka import AIOKafkaProducer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broadsheet.feed.server import serving
from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalKafka
from broadsheet.runtime.settings import FeedSettings, KafkaSettings, Settings, TopicSettings
from tests.feed.conftest import Produce
from tests.feed.records import record
from tests.feed.sse import DEADLINE, listen

COMMAND = [sys.executable, "-c", "from broadsheet.cli import main; main()", "--bootstrap-servers"]


async def start(servers: str, *arguments: str, topic: str = "articles", **kafka: str) -> asyncio.subprocess.Process:
    given = {f"BROADSHEET_KAFKA__{name.upper()}": value for name, value in kafka.items()}
    environment = {**os.environ, "BROADSHEET_TOPICS__ARTICLES": topic, **given}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *COMMAND, servers, "feed", *arguments, env=environment, stdout=pipe, stderr=pipe
    )


async def refusal(servers: str, *arguments: str, topic: str = "articles", **kafka: str) -> tuple[int | None, str]:
    """How the command ends that cannot start: its exit code and all it says."""
    process = await start(servers, *arguments, topic=topic, **kafka)
    out, said = await asyncio.wait_for(process.communicate(), 60)
    assert out == b""
    return process.returncode, said.decode()


async def test_a_broker_that_is_not_there_is_one_line() -> None:
    code, said = await refusal("127.0.0.1:1")
    assert code == 1
    assert said.count("\n") == 1
    assert said.startswith("Error: cannot reach Kafka at 127.0.0.1:1: ")


async def test_why_tls_fails_is_said(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        code, said = await refusal(f"127.0.0.1:{port}", security_protocol="SSL")
    assert code == 1
    assert said.count("\n") == 1
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert "bootstrap" not in said


def self_signed(folder: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    form = serialization.Encoding.PEM
    path = folder / "broker.pem"
    path.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(form)
        + key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.mark.kafka
async def test_a_topic_or_a_port_that_cannot_be_had_is_one_line(kafka: str, fresh_topics: TopicSettings) -> None:
    code, said = await refusal(kafka, topic="no-such-topic")
    assert (code, said.splitlines()[-1]) == (
        1,
        "Error: topic no-such-topic is missing: make it with `broadsheet topics create`",
    )
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    code, said = await refusal(kafka, "--port", str(port), topic=fresh_topics.articles)
    assert code == 1
    assert said.splitlines()[-1] == f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use"
    assert "Traceback" not in said
    taken.close()


@pytest.mark.kafka
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_its_address_and_leaves_when_told(
    kafka: str, fresh_topics: TopicSettings, produce: Produce, number: int
) -> None:
    await produce("a", record("a"))
    process = await start(kafka, "--port", "0", topic=fresh_topics.articles)
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    address = line.split(" at ")[1].strip().rstrip("/")
    assert line.startswith(f"Serving {fresh_topics.articles} at http://127.0.0.1:")
    async with ClientSession() as http:
        listener = await listen(http, address, "0:0,1:0")
        assert await listener.take(1) == ["a"]
        process.send_signal(number)
        assert await listener.next() == ("ended", None)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said
    assert b"Traceback" not in said


@pytest.mark.kafka
async def test_without_its_broker_the_window_is_served_on_and_then_followed_again(
    tmp_path: Path, settings: Callable[..., Settings]
) -> None:
    async with AsyncExitStack() as stack:
        with LocalKafka(tmp_path, cache=settings().cache) as broker:
            servers = broker.bootstrap_servers
            mine = Settings(
                kafka=KafkaSettings(bootstrap_servers=servers),
                topics=TopicSettings(partitions=2),
                feed=FeedSettings(port=0),
            )
            topics.create(mine)
            await _produce(mine, "before")
            address, _ = await stack.enter_async_context(serving(mine))
            http = await stack.enter_async_context(ClientSession())
            listener = await listen(http, address)
            await listener.position()
        await _until(http, address, lambda ready: ready["kafka"] == "away")
        assert (await http.get(f"{address}/articles/before")).status == 200
        assert (await http.get(f"{address}/live")).status == 200
        with LocalKafka(tmp_path, int(servers.rpartition(":")[2]), cache=settings().cache):
            await _until(http, address, lambda ready: ready["kafka"] == "connected")
            await _produce(mine, "after")
            assert await listener.take(1) == ["after"]


async def _produce(mine: Settings, article_id: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=mine.kafka.bootstrap_servers) as producer:
        await producer.send_and_wait(mine.topics.articles, record(article_id), article_id.encode())


async def _until(http: ClientSession, address: str, holds: Callable[[Any], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + 2 * DEADLINE
    while not holds(orjson.loads(await (await http.get(f"{address}/ready")).read())):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.1)
