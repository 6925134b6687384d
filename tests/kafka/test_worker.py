"""Real workers on a real broker: pages become articles, nothing is lost, bad pages are told, and each is told once."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from broadsheet.errors import Reason
from broadsheet.records import read_dead
from broadsheet.runtime.kafka.topics import create
from broadsheet.runtime.settings import Settings
from broadsheet.samples import samples
from broadsheet.values import RawPage
from tests.contract.holding import headers_record, valid
from tests.faults.run import settings_for
from tests.fleet import CHEAP, Fleet, at_rest, cheap_page, lag, publish, read, until

pytestmark = pytest.mark.kafka
DELIVERIES = pytest.mark.parametrize("delivery", ["exactly-once", "at-least-once"])
Make = Callable[..., Settings]
CONNECTIONS = 10
"""Of a worker beside those of its partitions: its consumer's, its health server's."""


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


@pytest.fixture
def cheap(settings: Make) -> Make:
    """Settings with page work that costs nothing, and a group that notices a dead worker soon."""

    def make(delivery: str = "exactly-once", **worker: Any) -> Settings:
        return settings(worker={"page_work": CHEAP, "delivery": delivery, **worker}, kafka={"session_timeout": 6.0})

    return make


def keys(made: Settings, topic: str) -> Counter[str]:
    return Counter((record.key or b"").decode() for record in read(made, topic))


def test_sample_pages_become_what_they_should(fleet: Fleet, settings: Make) -> None:
    made = settings(worker={"delivery": "exactly-once"})
    trace = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    sent = publish(made, [replace(sample.raw, headers=(*sample.raw.headers, trace)) for sample in samples()])
    worker = fleet.worker(made).started()
    at_rest(made)

    outcomes = [valid("outcome", record.value) for record in read(made, made.topics.outcomes)]
    articles = [valid("article", record.value) for record in read(made, made.topics.articles)]
    letters = read(made, made.topics.dead)
    assert len(outcomes) == sent
    assert Counter(outcome["result"] for outcome in outcomes) == Counter(sample.result for sample in samples())
    assert sorted(article["headline"] for article in articles) == sorted(
        headline for sample in samples() for headline in sample.headlines
    )
    assert sorted(article["id"] for article in articles) == sorted(
        i for outcome in outcomes for i in outcome["articles"]
    )
    assert {record.key.decode() for record in read(made, made.topics.articles)} == {one["id"] for one in articles}
    assert {tuple(record.headers) for record in read(made, made.topics.articles)} == {(trace,)}
    dead = [sample for sample in samples() if sample.result == "dead"]
    assert [letter.value for letter in letters] == [sample.raw.value for sample in dead]
    for letter in letters:
        valid("dead-letter", headers_record(letter.headers))
    assert worker.metric("broadsheet_pages_total") == sent
    assert worker.metric("broadsheet_articles_total") == len(articles)
    assert worker.ask("/live") == (200, "ok\n")
    assert worker.stop() == 0


def test_every_fault_of_a_page_is_a_dead_letter(fleet: Fleet, cheap: Make, tmp_path: Path) -> None:
    made = cheap(page_timeout=1.0, child_memory=100_000_000)
    made = made.model_copy(update={"kafka": made.kafka.model_copy(update={"max_message_bytes": 1_000_000})})
    asked: dict[str, dict[str, Any]] = {
        "undecodable": {"dead": "undecodable"},
        "timeout": {"sleep": 30},
        "crashed": {"die": True},
        "out-of-memory": {"memory": 1_000_000_000},
        "internal-error": {"raise": "a fault of ours"},
        "too-large": {"articles": 1, "pad": "x" * 1_000_000},
    }
    good = [cheap_page(f"good-{n}", articles=1) for n in range(20)]
    once = cheap_page("survives", articles=1, die_once=str(tmp_path / "died"))
    publish(made, [*good[:10], *(cheap_page(name, **page) for name, page in asked.items()), once, *good[10:]])
    worker = fleet.worker(made).started()
    at_rest(made)

    letters = {record.key.decode(): read_dead(record.headers) for record in read(made, made.topics.dead)}
    assert {name: letter.reason.value for name, letter in letters.items()} == {name: name for name in asked}
    assert all(letter.attempts == 1 for letter in letters.values())
    assert set(keys(made, made.topics.articles)) == {f"good-{n}#0" for n in range(20)} | {"survives#0"}
    assert keys(made, made.topics.outcomes).total() == 27
    assert worker.stop() == 0


@DELIVERIES
def test_killed_in_the_middle_nothing_is_lost(fleet: Fleet, cheap: Make, delivery: str) -> None:
    made = cheap(delivery)
    first = fleet.worker(made).started()
    publish(made, [cheap_page(f"p{n}", articles=1) for n in range(2_000)])
    until(lambda: first.metric("broadsheet_pages_total") > 300, "some pages done")
    children = first.children()
    first.send(signal.SIGKILL)
    first.wait()
    assert lag(made) > 0
    until(lambda: not any(child.is_running() for child in children), "no child outlives its worker")
    fleet.worker(made).started()
    at_rest(made)

    articles, outcomes = keys(made, made.topics.articles), keys(made, made.topics.outcomes)
    assert set(articles) == {f"p{n}#0" for n in range(2_000)}
    assert set(outcomes) == {f"p{n}" for n in range(2_000)}
    if delivery == "exactly-once":
        assert set(articles.values()) == {1}
        assert set(outcomes.values()) == {1}


@DELIVERIES
def test_sigterm_drains(fleet: Fleet, cheap: Make, delivery: str) -> None:
    made = cheap(delivery)
    first = fleet.worker(made).started()
    publish(made, [cheap_page(f"p{n}", articles=1, sleep=0.005) for n in range(600)])
    until(lambda: first.metric("broadsheet_pages_total") > 50, "some pages done")
    assert first.stop() == 0
    assert 0 < lag(made) < 550
    second = fleet.worker(made).started()
    at_rest(made)
    assert second.stop() == 0
    assert keys(made, made.topics.articles) == Counter(f"p{n}#0" for n in range(600))
    assert keys(made, made.topics.outcomes) == Counter(f"p{n}" for n in range(600))


@pytest.mark.parametrize("publisher", ["LateTransactions", "LateAcknowledgements"])
def test_first_start_while_another_joins(fleet: Fleet, kafka: str, publisher: str) -> None:
    """Nothing is committed yet, and records arrive while the flow stands still.

    Faust alone throws them away and goes on behind them. The publishers take their time to start, so that there is such
    a time at each assignment.
    """
    delivery = "exactly-once" if publisher == "LateTransactions" else "at-least-once"
    made = settings_for(kafka, partitions=8, delivery=delivery, publisher=f"tests.faults.publishers:{publisher}")
    create(made)
    first = fleet.worker(made).started()
    with closing(KafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=0)) as producer:
        producer.partitions_for(made.topics.pages)
        fleet.worker(made).start()
        until(lambda: first.ask("/ready")[0] == 503, "the first worker giving its partitions back", poll=0.002)
        sent = 400
        for n in range(sent):
            page = cheap_page(f"p{n}", articles=1)
            producer.send(made.topics.pages, page.value, key=page.key)
        producer.flush()
    at_rest(made)
    assert set(keys(made, made.topics.outcomes)) == {f"p{n}" for n in range(sent)}
    if delivery == "exactly-once":
        assert keys(made, made.topics.articles) == Counter(f"p{n}#0" for n in range(sent))


def test_two_workers_share_the_partitions(fleet: Fleet, cheap: Make) -> None:
    made = cheap()
    workers = [fleet.worker(made).start() for _ in range(2)]
    until(
        lambda: all(worker.is_ready() and worker.metric("broadsheet_partitions") == 1 for worker in workers),
        "a partition each",
    )
    publish(made, [cheap_page(f"p{n}", articles=n % 3) for n in range(300)])
    at_rest(made)
    assert all(worker.metric("broadsheet_pages_total") > 0 for worker in workers)
    assert keys(made, made.topics.articles) == Counter(f"p{n}#{i}" for n in range(300) for i in range(n % 3))
    assert keys(made, made.topics.outcomes) == Counter(f"p{n}" for n in range(300))


def test_a_slow_page_holds_up_its_own_partition_only(fleet: Fleet, cheap: Make, tmp_path: Path) -> None:
    """Nor does it hold up the page that its child was given to have at hand, whosever that is."""
    made = cheap(window_pages=10, page_timeout=300)  # it is let go, not ended, however slow the machine
    now = tmp_path / "now"
    slow = cheap_page("slow", articles=1, until=str(now))
    publish(made, [slow])
    partition = read(made, made.topics.pages)[0].partition
    publish(made, [cheap_page(f"p{n}", articles=1) for n in range(400)])
    publish(made, [RawPage(cheap_page(f"s{n}", articles=1).value, slow.key) for n in range(8)])
    worker = fleet.worker(made).started()
    pages = [record for record in read(made, made.topics.pages) if record.partition != partition]
    assert len(pages) > 100
    until(
        lambda: {record.key for record in pages} <= {record.key for record in read(made, made.topics.outcomes)},
        "the other partition's pages",
    )
    assert "slow" not in keys(made, made.topics.outcomes)
    now.touch()
    at_rest(made)
    assert worker.stop() == 0
    assert keys(made, made.topics.outcomes).total() == 409


def test_the_order_of_a_key_is_kept(fleet: Fleet, cheap: Make) -> None:
    made = cheap()
    fleet.worker(made).started()
    pages = [
        RawPage(cheap_page(f"k{n % 5}-{n}", articles=1, sleep=(n % 7) / 500).value, b"k%d" % (n % 5))
        for n in range(200)
    ]
    publish(made, pages)
    at_rest(made)
    outcomes = read(made, made.topics.outcomes)
    for key in {record.key for record in outcomes}:
        numbers = [int(record.value.split(b'"')[3].split(b"-")[1]) for record in outcomes if record.key == key]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"topics": {"dead": "nowhere"}}, "topic nowhere is missing"),
        ({"topics": {"partitions": 3}}, "has 2 partitions"),
        ({"kafka": {"bootstrap_servers": "127.0.0.1:1"}}, "cannot reach Kafka at 127.0.0.1:1"),
        ({"kafka": {"security_protocol": "SASL_SSL"}}, "kafka.security_protocol"),
    ],
)
def test_refuses_to_start_with_plain_lines(fleet: Fleet, settings: Make, change: dict[str, Any], says: str) -> None:
    worker = fleet.worker(settings(**change)).start()
    assert worker.wait() == 1
    lines = worker.tail().splitlines()
    assert any(says in line for line in lines)
    assert all(line.startswith("Error: ") for line in lines)


def test_reads_only_what_a_scraper_committed(fleet: Fleet, cheap: Make) -> None:
    """Pages of an aborted transaction upstream are no pages; its markers leave gaps that are none of ours."""
    made = cheap()
    worker = fleet.worker(made).started()
    producer = KafkaProducer(bootstrap_servers=made.kafka.bootstrap_servers, transactional_id=made.topics.pages)
    producer.init_transactions()
    for round_, commit in enumerate([True, False, True, False]):
        producer.begin_transaction()
        for n in range(10):
            page = cheap_page(f"r{round_}-{n}", articles=1)
            producer.send(made.topics.pages, page.value, key=page.key)
        producer.commit_transaction() if commit else producer.abort_transaction()
    producer.close()
    until(lambda: worker.metric("broadsheet_pages_total") == 20, "the pages that were committed")
    assert worker.stop() == 0
    assert keys(made, made.topics.outcomes) == Counter(f"r{r}-{n}" for r in (0, 2) for n in range(10))


def test_pages_that_are_deleted_unread_are_told(fleet: Fleet, kafka: str) -> None:
    """By retention, say. Nobody can do them; nobody shall be left to wonder where they are, either."""
    made = settings_for(kafka, partitions=1)
    create(made)
    publish(made, [cheap_page(f"p{n}", articles=1) for n in range(20)])
    first = fleet.worker(made).started()
    at_rest(made)
    assert first.stop() == 0
    publish(made, [cheap_page(f"q{n}", articles=1) for n in range(20)])
    with KafkaAdminClient(bootstrap_servers=kafka) as admin:
        admin.delete_records({TopicPartition(made.topics.pages, 0): 30})
    second = fleet.worker(made).started()
    at_rest(made)
    assert second.stop() == 0
    (told,) = [line for line in second.log.read_text().splitlines() if "pages deleted unread" in line]
    assert ('"first": 20' in told, '"next": 30' in told) == (True, True), told
    assert keys(made, made.topics.outcomes) == Counter(
        [*(f"p{n}" for n in range(20)), *(f"q{n}" for n in range(10, 20))]
    )


def test_reason_table_is_complete() -> None:
    from broadsheet.runtime.pages.fates import FATES

    assert set(FATES) == set(Reason)


def test_two_topics_in(fleet: Fleet, cheap: Make) -> None:
    """Both hold pages at the same offsets, a worker dies in the middle of both, and each page is done once."""
    made = cheap()
    both = made.model_copy(
        update={"topics": made.topics.model_copy(update={"more_pages": (f"{made.topics.pages}.more",)})}
    )
    create(both)
    more = made.model_copy(update={"topics": made.topics.model_copy(update={"pages": both.topics.more_pages[0]})})
    first = fleet.worker(both).started()
    publish(made, [cheap_page(f"p{n}", articles=1, sleep=0.005) for n in range(300)])
    publish(more, [cheap_page(f"m{n}", articles=1, sleep=0.005) for n in range(300)])
    first.wait_for_pages(100)
    first.send(signal.SIGKILL)
    first.wait()
    assert lag(made) + lag(more) > 0
    second = fleet.worker(both).started()
    at_rest(made)
    at_rest(more)
    assert second.stop() == 0
    names = [f"{topic}{n}" for topic in "pm" for n in range(300)]
    assert keys(made, made.topics.outcomes) == Counter(names)
    assert keys(made, made.topics.articles) == Counter(f"{name}#0" for name in names)


@pytest.mark.parametrize("partitions", [1, 3, 100])
def test_any_number_of_partitions(fleet: Fleet, kafka: str, partitions: int) -> None:
    """Each costs a producer, which is two connections to a broker."""
    made = settings_for(kafka, partitions=partitions)
    create(made)
    worker = fleet.worker(made).started()
    assert worker.metric("broadsheet_partitions") == partitions
    publish(made, [cheap_page(f"p{n}", articles=1) for n in range(500)])
    at_rest(made)
    assert len(psutil.Process(worker.pid).net_connections("tcp")) <= 2 * partitions + CONNECTIONS
    assert worker.stop() == 0
    assert keys(made, made.topics.articles) == Counter(f"p{n}#0" for n in range(500))
    assert keys(made, made.topics.outcomes) == Counter(f"p{n}" for n in range(500))


def test_a_stop_ends_a_worker_that_is_still_starting(fleet: Fleet, kafka: str) -> None:
    made = settings_for(kafka, publisher="tests.faults.publishers:LateTransactions")
    create(made)
    worker = fleet.worker(made).start()
    until(lambda: len(worker.children()) > 1, "its children, which it starts before it joins the group")
    assert worker.stop() == 0
