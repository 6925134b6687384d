"""What a cluster must be for the guarantees that a worker gives: looked at by `broadsheet doctor`, never changed."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError
from kafka.admin import ConfigResource

from broadsheet.runtime.delivery.producers import producer
from broadsheet.runtime.delivery.transactions import transactional_id
from broadsheet.runtime.kafka.topics import admin, shapes
from broadsheet.runtime.settings import Settings
from broadsheet.runtime.watch.stalls import Stall, stalls

ANSWER_SECONDS = 20.0
"""For a transactional producer's first answer; a cluster's first transaction makes its own topic."""

HOUR = 3_600_000
"""In milliseconds."""

PROVEN = (4, 0)
"""The oldest Kafka on which exactly-once may be trusted; all tests ran on 4.1."""

INTERNAL = {"__consumer_offsets": "positions", "__transaction_state": "transactions"}
"""Topics of the cluster's own that a worker rests on, and what they hold."""


class Check(NamedTuple):
    """One thing looked at: well or not, and what to set where it is not."""

    well: bool
    text: str
    remedy: str = ""


def delivery(settings: Settings) -> list[Check]:
    """What the chosen delivery rests on, of brokers and topics. Raises TopicError where the broker cannot be asked."""
    exactly_once = settings.worker.delivery == "exactly-once"
    found = [asyncio.run(_transactional_id(settings))] if exactly_once else []  # first: it may make the topic of these
    with admin(settings.kafka) as client:
        brokers = client.describe_cluster()["brokers"]
        version = client.get_broker_version_data(brokers[0]["broker_id"]).broker_version
        broker = _config(client, ConfigResource("BROKER", str(brokers[0]["broker_id"])), "broker")
        there = {topic["name"]: topic for topic in client.describe_topics(_names(settings)) if not topic["error_code"]}
        held = stalls(client, {name: len(there[name]["partitions"]) for name in there if name not in INTERNAL})
        configs = {name: _config(client, ConfigResource("TOPIC", name), "topic") for name in there}
    told = {name: config for name, config in configs.items() if config}
    found += _of_topics({name: config for name, config in told.items() if name not in INTERNAL}, len(brokers))
    found += _of_stalls(held)
    found += _of_internal(
        {name: (_replicas(there[name]), told[name]) for name in INTERNAL if name in told}, len(brokers)
    )
    if broker and len(told) == len(there):
        found += _of_group(settings, broker)
        found += _of_memory(settings, told, broker)
    else:
        found.append(Check(True, "not looked at: some settings of brokers or topics (no right to DescribeConfigs)"))
    if exactly_once:
        found += _of_transactions(settings, broker)
        found += _of_version(version)
    return found


def _names(settings: Settings) -> list[str]:
    return [*(shape.name for shape in shapes(settings)), *INTERNAL]


def _replicas(topic: Mapping[str, Any]) -> int:
    return min(len(partition["replica_nodes"]) for partition in topic["partitions"])


def _config(client: Any, resource: ConfigResource, kind: str) -> dict[str, str]:
    """What the broker tells: nothing without the right to ask, and of some clusters that others run, a part."""
    entries: Mapping[str, Any] = client.describe_configs([resource], config_filter="all")[kind][resource.name]
    return {name: entry["value"] for name, entry in entries.items() if entry["value"] is not None}


def _of_group(settings: Settings, broker: Mapping[str, str]) -> Iterator[Check]:
    wanted = int(settings.kafka.session_timeout * 1000)
    least, most = (int(broker.get(f"group.{bound}.session.timeout.ms", wanted)) for bound in ("min", "max"))
    if not least <= wanted <= most:
        yield Check(
            False,
            f"group: the brokers allow sessions of {least} to {most} ms, setting kafka.session_timeout says {wanted}",
            "set kafka.session_timeout within these bounds",
        )


def _of_topics(topics: Mapping[str, Mapping[str, str]], brokers: int) -> Iterator[Check]:
    """A record that is acknowledged must outlive a broker, where there are several."""
    ill = False
    for name, config in topics.items():
        if brokers >= 3 and int(config["min.insync.replicas"]) < 2:
            ill = True
            yield Check(
                False,
                f"topic {name}: min.insync.replicas is {config['min.insync.replicas']}, a broker that dies may take "
                "acknowledged records with it",
                "set min.insync.replicas=2 (with a replication factor of 3)",
            )
        if config.get("unclean.leader.election.enable") == "true":
            ill = True
            yield Check(
                False,
                f"topic {name}: unclean.leader.election.enable is true, which may drop acknowledged records",
                "set it to false",
            )
        if config.get("message.timestamp.type") == "CreateTime":
            ill = True
            yield Check(
                False,
                f"topic {name}: message.timestamp.type is CreateTime, a sender's wrong clock may have records refused "
                "or dropped for their age",
                "set message.timestamp.type=LogAppendTime",
            )
    if topics and not ill:
        yield Check(True, "durability: acknowledged records are kept as well as this cluster can")


def _of_stalls(held: list[Stall]) -> Iterator[Check]:
    for topic, partition, offset, waiting, by in held:
        yield Check(
            False,
            f"topic {topic}: an open transaction holds its readers at offset {offset} of partition {partition}, "
            f"{waiting} offsets wait behind it ({by or 'the brokers do not tell whose it is'})",
            "end its producer or let it commit; after its transaction.timeout.ms the brokers abort it; one that hangs "
            "beyond that is ended by kafka-transactions.sh abort",
        )


def _of_internal(topics: Mapping[str, tuple[int, Mapping[str, str]]], brokers: int) -> Iterator[Check]:
    """Positions and transactions must outlive a broker as well, where there are several."""
    for name, (replicas, config) in topics.items():
        in_sync = int(config["min.insync.replicas"])
        if brokers >= 3 and (replicas < 3 or in_sync < 2):
            yield Check(
                False,
                f"topic {name}: {replicas} replicas, min.insync.replicas {in_sync}: a broker that dies may take "
                f"acknowledged {INTERNAL[name]} with it",
                "give it 3 replicas (kafka-reassign-partitions) and set min.insync.replicas=2",
            )


def _of_memory(
    settings: Settings, topics: Mapping[str, Mapping[str, str]], broker: Mapping[str, str]
) -> Iterator[Check]:
    """Positions must be remembered for as long as there are pages: brokers forget those of a group that is empty."""
    names = settings.topics
    remembered = int(broker.get("offsets.retention.minutes", 0)) * 60_000
    for name in (names.pages, *names.more_pages, names.dead):
        kept = int(topics.get(name, {}).get("retention.ms", 0))
        if remembered and (kept < 0 or kept > remembered):
            yield Check(
                False,
                f"topic {name}: it keeps records {_hours(kept)}, the brokers forget {remembered / HOUR:g} hours after "
                "the last worker has left what of it was done, and it would be done again",
                "set the brokers' offsets.retention.minutes above the topic's retention.ms",
            )


def _hours(milliseconds: int) -> str:
    return "for ever" if milliseconds < 0 else f"for {milliseconds / HOUR:g} hours"


def _of_transactions(settings: Settings, broker: Mapping[str, str]) -> Iterator[Check]:
    wanted = int(settings.kafka.transaction_timeout * 1000)
    most = int(broker.get("transaction.max.timeout.ms", wanted))
    if wanted > most:
        yield Check(
            False,
            f"transactions: the brokers allow {most} ms, setting kafka.transaction_timeout says {wanted}",
            f"set kafka.transaction_timeout to at most {most / 1000:g}, or transaction.max.timeout.ms higher",
        )
    yield Check(True, "readers: set isolation.level=read_committed, or they see what was aborted too")


def _of_version(version: tuple[int, ...]) -> Iterator[Check]:
    if version < PROVEN:
        yield Check(
            False,
            f"brokers: Kafka {'.'.join(map(str, version))}; exactly-once was never tried below "
            f"{'.'.join(map(str, PROVEN))}, where a group's coordinator may tell a position of a moment before",
            "use newer brokers, or set worker.delivery to at-least-once",
        )


async def _transactional_id(settings: Settings) -> Check:
    """Whether this user may use transactions at all: ask for a producer's id, write nothing."""
    start = transactional_id(settings.kafka.group)
    asked = f"{start}doctor"
    asking = producer(settings.kafka, transactional_id=asked, transaction_timeout_ms=1_000)
    try:
        await asyncio.wait_for(asking.start(), ANSWER_SECONDS)
    except (KafkaError, TimeoutError) as error:
        return Check(
            False,
            f"transactions: refused ({' '.join(str(error).split()) or type(error).__name__})",
            f"give this user Write and Describe on transactional ids that start with {start}, "
            "or set worker.delivery to at-least-once",
        )
    finally:
        await asking.stop()
    return Check(True, f"transactions: the cluster gives them (tried with the id {asked})")
