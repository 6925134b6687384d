"""The broker goes away and comes back under a worker: nothing is lost, nothing comes twice."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from faust.types import TP

from broadsheet.runtime.delivery.protocol import Output
from broadsheet.runtime.delivery.transactions import TransactionalPublisher
from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalKafka
from broadsheet.runtime.settings import KafkaSettings, Settings, TopicSettings, WebSettings, WorkerSettings
from tests.brokers import require_local
from tests.fleet import CHEAP, Fleet, cheap_page, lag, publish, read, until

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalKafka]:
    require_local()
    with LocalKafka(tmp_path / "kafka") as kafka:
        yield kafka


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


def made_for(broker: LocalKafka, **worker: object) -> Settings:
    made = Settings(
        kafka=KafkaSettings(bootstrap_servers=broker.bootstrap_servers, session_timeout=6.0),
        topics=TopicSettings(partitions=2),
        worker=WorkerSettings.model_validate({"page_work": CHEAP, "delivery": "exactly-once", **worker}),
        web=WebSettings(port=0),
    )
    topics.create(made)
    return made


def test_a_broker_killed_and_restarted(broker: LocalKafka, fleet: Fleet) -> None:
    made = made_for(broker)
    pages = [cheap_page(f"p{n}", articles=1, sleep=0.005) for n in range(400)]
    worker = fleet.worker(made).started()
    publish(made, pages)
    worker.wait_for_pages(50)
    broker.kill()
    broker.restart()
    until(lambda: _progress(fleet, made), "every page acknowledged")
    assert Counter(record.key for record in read(made, made.topics.outcomes)) == Counter(page.key for page in pages)


def _progress(fleet: Fleet, made: Settings) -> bool:
    """Whether all is done; a worker that gave up is started again, as whoever runs workers would."""
    if not fleet.workers[-1].is_running():
        fleet.worker(made).start()
    return lag(made) == 0


def test_a_broker_that_stays_away(broker: LocalKafka, fleet: Fleet) -> None:
    """The worker ends by itself, with one line that says on what it was stuck."""
    made = made_for(broker, stuck_after=5.0)
    worker = fleet.worker(made).started()
    publish(made, [cheap_page(f"p{n}", articles=1, sleep=0.01) for n in range(400)])
    worker.wait_for_pages(20)
    broker.kill()
    assert worker.wait() == 70
    assert sum('"worker failed"' in line for line in worker.log.read_text().splitlines()) == 1
    assert worker.process is not None
    assert worker.process.returncode != -signal.SIGKILL


class Halting(TransactionalPublisher):
    """Its broker stands still from the step named on."""

    def __init__(self, tp: TP, kafka: KafkaSettings, broker: LocalKafka, step: str) -> None:
        super().__init__(tp, kafka)
        self.broker, self.step = broker, step

    async def reached(self, step: str) -> None:
        """Stop the broker, if it is time."""
        if step == self.step:
            os.kill(self.broker.pid, signal.SIGSTOP)


@pytest.mark.parametrize("step", ["begun", "sent", "positioned"])
async def test_a_producer_given_up_without_its_broker_leaves_nothing_behind(broker: LocalKafka, step: str) -> None:
    """Neither a connection nor a task that would try on for ever; and the next one takes over."""
    made = made_for(broker)
    place, port = TP(made.topics.pages, 0), int(broker.bootstrap_servers.rpartition(":")[2])
    before = asyncio.all_tasks()
    publisher = Halting(place, made.kafka, broker, step)
    await publisher.start()
    publishing = asyncio.create_task(publisher.publish([Output(made.topics.articles, b"k", b"first")], 1))
    try:
        await asyncio.sleep(1)
        assert not publishing.done()
        publishing.cancel()
        await publisher.stop()
        assert asyncio.all_tasks() - before <= {publishing}
        assert not [one for one in psutil.Process().net_connections("tcp") if one.raddr and one.raddr.port == port]
    finally:
        os.kill(broker.pid, signal.SIGCONT)

    successor = TransactionalPublisher(place, made.kafka)
    await successor.start()
    await successor.publish([Output(made.topics.articles, b"k", b"second")], 1)
    await successor.stop()
    values = [record.value for record in await asyncio.to_thread(read, made, made.topics.articles)]
    assert values in ([b"second"], [b"first", b"second"]) if step == "positioned" else values == [b"second"]
