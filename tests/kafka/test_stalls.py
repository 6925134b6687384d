"""An open transaction of somebody else's: the doctor names it, and a worker says that its pages wait."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from broadsheet.runtime.settings import Settings
from broadsheet.runtime.watch import checks, waits
from tests.fleet import CHEAP, Fleet, cheap_page, publish, until

pytestmark = pytest.mark.kafka
Make = Callable[..., Settings]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


@asynccontextmanager
async def open_transaction(made: Settings, topic: str) -> AsyncIterator[str]:
    """A record that is sent and neither committed nor aborted meanwhile; the transactional id."""
    name = f"forgotten-{topic}"
    async with AIOKafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, transactional_id=name) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, cheap_page("held").value, partition=1)
        yield name
        await producer.abort_transaction()


@pytest.mark.parametrize("kind", ["articles", "pages"])
async def test_the_doctor_names_who_holds_readers_back(settings: Make, kind: str) -> None:
    made = settings()
    topic = getattr(made.topics, kind)
    async with open_transaction(made, topic) as name:
        (found,) = [one for one in await asyncio.to_thread(checks.delivery, made) if not one.well]
        assert found.text.startswith(
            f"topic {topic}: an open transaction holds its readers at offset 0 of partition 1, "
        )
        assert "1 offsets wait behind it" in found.text
        assert f"transactional id '{name}'" in found.text
        assert "kafka-transactions.sh" in found.remedy
    assert [one for one in await asyncio.to_thread(checks.delivery, made) if not one.well] == []


@pytest.mark.long
async def test_a_worker_whose_pages_are_held_back_says_so_and_lives(fleet: Fleet, settings: Make) -> None:
    made = settings(worker={"page_work": CHEAP, "stuck_after": waits.HELD_SECONDS / 2})
    worker = fleet.worker(made)
    await asyncio.to_thread(worker.started)
    async with open_transaction(made, made.topics.pages):
        publish(made, [cheap_page(f"p{n}", articles=1) for n in range(20)])
        told = "pages wait behind an open transaction"
        await asyncio.to_thread(until, lambda: told in worker.log.read_text(), told)
        assert worker.metric("broadsheet_behind_offsets") >= 1, "the lag is counted to the end, not to where it is held"
        assert f'"{made.topics.pages}/1"' in worker.log.read_text()
        assert worker.ask("/live")[0] == 200, "a restart would not mend it"
    await asyncio.to_thread(
        until, lambda: worker.metric("broadsheet_pages_total") == 20, "all pages, once they are let go"
    )
    assert worker.stop() == 0
