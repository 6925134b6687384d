"""A feed server on this test's topics, and a producer for them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from aiokafka import AIOKafkaProducer

from broadsheet.feed.server import serving
from broadsheet.runtime.settings import Settings, TopicSettings

Serve = Callable[..., AbstractAsyncContextManager[str]]
Produce = Callable[..., Awaitable[Any]]


@pytest.fixture
def serve(settings: Callable[..., Settings]) -> Serve:
    """Runs a server for as long as the context lasts: `async with serve(window=10) as address`."""

    @asynccontextmanager
    async def served(**feed: Any) -> AsyncIterator[str]:
        async with serving(settings(feed={"port": 0, **feed})) as (address, following):
            yield address
            assert not following.done(), following

    return served


@pytest.fixture
async def produce(kafka: str, fresh_topics: TopicSettings) -> AsyncIterator[Produce]:
    """Puts a record on the articles topic and waits for it: `await produce(key, value, partition)`."""
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=8_000_000) as producer:

        async def send(key: str | None, value: bytes | None, partition: int | None = None, **more: Any) -> Any:
            name = key.encode() if key is not None else None
            return await producer.send_and_wait(fresh_topics.articles, value, name, partition, **more)

        yield send


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    """A client that decompresses nothing by itself."""
    async with ClientSession(auto_decompress=False) as session:
        yield session
