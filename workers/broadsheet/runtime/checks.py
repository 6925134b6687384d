"""What a cluster must be for the guarantees that a worker gives: looked at by `broadsheet doctor`, never changed."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError
from kafka.admin import ConfigResource

from broadsheet.runtime.producers import producer
from broadsheet.runtime.settings import Settings
from broadsheet.runtime.topics import admin, shapes

ANSWER_SECONDS = 20.0
"""For a transactional producer's first answer; a cluster's first transaction makes its own topic."""


class Check(NamedTuple):
    """One thing looked at: well or not, and what to set where it is not."""

    well: bool
    text: str
    remedy: str = ""


def delivery(settings: Settings) -> list[Check]:
    """What the chosen delivery rests on, of brokers and topics. Raises TopicError where the broker cannot be asked."""
    with admin(settings.kafka) as client:
        brokers = client.describe_cluster()["brokers"]
        config = _config(client, ConfigResource("BROKER", str(brokers[0]["broker_id"])), "broker")
        there = set(client.list_topics())
        topics = {
            shape.name: _config(client, ConfigResource("TOPIC", shape.name), "topic")
            for shape in shapes(settings)
            if shape.name in there
        }
    found = [*_of_topics({name: found for name, found in topics.items() if found}, len(brokers))]
    if config and all(topics.values()):
        found += _of_group(settings, config)
    else:
        found.append(Check(True, "not looked at: some settings of brokers or topics (no right to DescribeConfigs)"))
    if settings.worker.delivery == "exactly-once":
        found += _of_transactions(settings, config, len(brokers)) if config else []
        found.append(asyncio.run(_transactional_id(settings)))
    return found


def _config(client: Any, resource: ConfigResource, kind: str) -> dict[str, str]:
    entries: Mapping[str, Any] = client.describe_configs([resource], config_filter="all")[kind][resource.name]
    return {name: entry["value"] for name, entry in entries.items()}


def _of_group(settings: Settings, broker: Mapping[str, str]) -> Iterator[Check]:
    wanted = int(settings.kafka.session_timeout * 1000)
    least, most = (int(broker[f"group.{bound}.session.timeout.ms"]) for bound in ("min", "max"))
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


def _of_transactions(settings: Settings, broker: Mapping[str, str], brokers: int) -> Iterator[Check]:
    wanted, most = int(settings.kafka.transaction_timeout * 1000), int(broker["transaction.max.timeout.ms"])
    if wanted > most:
        yield Check(
            False,
            f"transactions: the brokers allow {most} ms, setting kafka.transaction_timeout says {wanted}",
            f"set kafka.transaction_timeout to at most {most / 1000:g}, or transaction.max.timeout.ms higher",
        )
    replicas = int(broker["transaction.state.log.replication.factor"])
    if brokers >= 3 and replicas < 3:
        yield Check(
            False,
            f"transactions: their log has {replicas} replicas on {brokers} brokers",
            "set transaction.state.log.replication.factor=3 and transaction.state.log.min.isr=2",
        )
    yield Check(True, "readers: set isolation.level=read_committed, or they see what was aborted too")


async def _transactional_id(settings: Settings) -> Check:
    """Whether this user may use transactions at all: ask for a producer's id, write nothing."""
    asked = f"{settings.kafka.group}-doctor"
    asking = producer(settings.kafka, transactional_id=asked, transaction_timeout_ms=1_000)
    try:
        await asyncio.wait_for(asking.start(), ANSWER_SECONDS)
    except (KafkaError, TimeoutError) as error:
        return Check(
            False,
            f"transactions: refused ({' '.join(str(error).split()) or type(error).__name__})",
            f"give this user Write and Describe on transactional ids that start with {settings.kafka.group}-, "
            "or set worker.delivery to at-least-once",
        )
    finally:
        await asking.stop()
    return Check(True, f"transactions: the cluster gives them (tried with the id {asked})")
