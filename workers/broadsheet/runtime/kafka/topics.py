"""The topics: their shape, made by `create` and held by `check`.

A worker starts only where `check` has nothing to say: a missing topic or one that drops pages by itself (compaction)
would lose pages without a word.
"""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError as AIOKafkaError
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from kafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)

from broadsheet.runtime.kafka.connection import (
    ConnectionSettingsError,
    aiokafka_arguments,
    kafka_python_arguments,
    reasons,
)
from broadsheet.runtime.settings import KafkaSettings, Settings

DEAD_LETTER_ROOM = 64 * 1024
"""Bytes that the `dead-*` headers may add to a page that was as large as its topic allows."""

ANSWER_SECONDS = 10
"""How long a broker may take to answer before it counts as not reachable."""


class TopicError(Exception):
    """The broker cannot be asked, or a topic cannot be made; the text is one plain line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a topic must be. Sizes in bytes; `keeps_all`: it may not be compacted, each record counts."""

    name: str
    partitions: int
    replication_factor: int
    max_message_bytes: int
    keeps_all: bool = True

    def configs(self) -> dict[str, str]:
        """The topic's settings where we create it.

        Records' times are the broker's: a sender whose clock is wrong would else be refused (Kafka 4: more than an hour
        ahead), or have its records dropped at once for their age.
        """
        return {
            "max.message.bytes": str(self.max_message_bytes),
            "cleanup.policy": "delete",
            "message.timestamp.type": "LogAppendTime",
        }


def shapes(settings: Settings) -> tuple[Shape, ...]:
    """All topics of a worker: pages in; articles, outcomes and dead letters out."""
    names, largest = settings.topics, settings.kafka.max_message_bytes
    common = (names.partitions, names.replication_factor)
    return (
        *(Shape(name, *common, largest) for name in (names.pages, *names.more_pages)),
        Shape(names.articles, *common, largest, keeps_all=False),
        Shape(names.outcomes, *common, largest),
        Shape(names.dead, *common, largest + DEAD_LETTER_ROOM),
    )


def create(settings: Settings) -> list[str]:
    """Make the topics that are missing; those that are there stay as they are. Returns the names of the new ones.

    Raises TopicError.
    """
    with admin(settings.kafka) as client:
        there = set(client.list_topics())
        missing = [shape for shape in shapes(settings) if shape.name not in there]
        for shape in missing:
            _create(client, shape)
        if missing:
            client.wait_for_topics([shape.name for shape in missing])
    return [shape.name for shape in missing]


def check(settings: Settings) -> list[str]:
    """What is wrong with the topics, a plain line each; empty when all is well. Raises TopicError."""
    wanted = shapes(settings)
    with admin(settings.kafka) as client:
        described = {topic["name"]: topic for topic in client.describe_topics([shape.name for shape in wanted])}
        found = {name: topic for name, topic in described.items() if not topic["error_code"]}
        configs = _configs(client, [shape.name for shape in wanted if shape.name in found])
    return [line for shape in wanted for line in _complaints(shape, described.get(shape.name), configs)]


@contextmanager
def admin(kafka: KafkaSettings) -> Iterator[KafkaAdminClient]:
    """A connected admin client. Whatever goes wrong with the broker is a TopicError."""
    try:
        with reasons("kafka") as said:
            client = KafkaAdminClient(
                **kafka_python_arguments(kafka),
                request_timeout_ms=ANSWER_SECONDS * 1000,
                bootstrap_timeout_ms=ANSWER_SECONDS * 1000,
            )
    except ConnectionSettingsError as error:
        raise TopicError(str(error)) from None
    except (KafkaError, OSError, ValueError) as error:
        raise TopicError(_unreachable(kafka, error, said)) from None
    try:
        with reasons("kafka"):
            yield client
    except KafkaError as error:
        raise TopicError(f"Kafka at {kafka.bootstrap_servers}: {_first_line(error)}") from None
    finally:
        client.close()


def _unreachable(kafka: KafkaSettings, error: Exception, said: list[str]) -> str:
    with ThreadPoolExecutor(1) as elsewhere:  # our caller may run in a loop
        told = elsewhere.submit(asyncio.run, _reason(kafka)).result()
    why = told or (said[-1] if said else str(error) or type(error).__name__)
    return f"cannot reach Kafka at {kafka.bootstrap_servers}: {' '.join(why.split())}"


async def _reason(kafka: KafkaSettings) -> str | None:
    """Why the brokers turn us away: aiokafka's log tells, where the admin client only waits in vain."""
    client = AIOKafkaClient(**aiokafka_arguments(kafka))
    with reasons("aiokafka") as said:
        try:
            await asyncio.wait_for(client.bootstrap(), ANSWER_SECONDS)
        except (AIOKafkaError, OSError) as error:
            return said[-1] if said else str(error)
        finally:
            await client.close()
    return None


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _create(client: KafkaAdminClient, shape: Shape) -> None:
    options = {
        "num_partitions": shape.partitions,
        "replication_factor": shape.replication_factor,
        "configs": shape.configs(),
    }
    try:
        client.create_topics({shape.name: options})
    except TopicAlreadyExistsError:
        return  # someone was faster: `check` tells whether theirs will do
    except KafkaError as error:
        raise TopicError(f"cannot create topic {shape.name}: {_first_line(error)}") from None


def _configs(client: KafkaAdminClient, names: list[str]) -> Mapping[str, Mapping[str, Any]]:
    if not names:
        return {}
    resources = [ConfigResource("TOPIC", name) for name in names]
    configs: Mapping[str, Mapping[str, Any]] = client.describe_configs(resources, config_filter="all")["topic"]
    return configs


def _absent(name: str, error_code: int) -> str:
    if error_code == TopicAuthorizationFailedError.errno:
        return f"no right to see topic {name}: ask the cluster's keeper for Describe on it"
    if error_code == UnknownTopicOrPartitionError.errno:
        return f"topic {name} is missing: make it with `broadsheet topics create`"
    return f"topic {name} is not described by the brokers: {for_code(error_code).__name__}"


def _complaints(shape: Shape, topic: Any, configs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if topic is None or topic["error_code"]:
        yield _absent(shape.name, topic["error_code"] if topic else UnknownTopicOrPartitionError.errno)
        return
    partitions = len(topic["partitions"])
    if partitions < shape.partitions:
        yield f"topic {shape.name} has {partitions} partitions, settings say topics.partitions {shape.partitions}"
    replicas = min(len(partition["replica_nodes"]) for partition in topic["partitions"])
    if replicas < shape.replication_factor:
        yield (
            f"topic {shape.name} has {replicas} replicas, "
            f"settings say topics.replication_factor {shape.replication_factor}"
        )
    if not configs[shape.name]:
        return  # without the right to DescribeConfigs; `broadsheet doctor` says so
    yield from _config_complaints(
        shape, {name: entry["value"] for name, entry in configs[shape.name].items()}, replicas
    )


def _config_complaints(shape: Shape, config: Mapping[str, str], replicas: int) -> Iterator[str]:
    largest = int(config["max.message.bytes"])
    if largest < shape.max_message_bytes:
        yield (
            f"topic {shape.name} has max.message.bytes {largest}, "
            f"it must be at least {shape.max_message_bytes} (setting kafka.max_message_bytes)"
        )
    if shape.keeps_all and "compact" in config["cleanup.policy"]:
        policy = config["cleanup.policy"]
        yield f"topic {shape.name} has cleanup.policy {policy}, which drops records: it must be delete"
    if int(config["min.insync.replicas"]) > replicas:
        yield (
            f"topic {shape.name} has min.insync.replicas {config['min.insync.replicas']} "
            f"but {replicas} replicas: nothing can be written to it"
        )
