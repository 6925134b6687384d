"""What a local broker is told: its properties, its JVM's options, the files of a formatted data folder.

All paths are relative to the data folder, which is the broker's working directory: no name needs escaping.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

LOOPBACK = "127.0.0.1"

JVM_OPTIONS = (
    # Measured (start of a single node on two cores): C1 and the serial collector take 3.8 CPU seconds instead of 6.7.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xms64m",
    "-Xmx512m",
    "-Dlog4j2.configurationFile=log4j2.yaml",
)

SMALL = {
    # Half the memory of the defaults (measured: 195 MB resident instead of 333); the cleaner's buffer alone is 128 MB.
    "log.cleaner.dedupe.buffer.size": "2097152",
    "log.cleaner.io.buffer.size": "65536",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "background.threads": "2",
    "log.index.size.max.bytes": "1048576",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.num.partitions": "1",
}

SWIFT = {
    # A group of one machine need not wait for members that may still come.
    "group.initial.rebalance.delay.ms": "0",
    # A broker that was killed may come back, and be replaced, only when its session is over: 9 s by default.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
}

SWIFT_FAILOVER = {
    # Several brokers: notice a dead one in seconds, but take none that is merely starved of CPU for dead.
    "broker.session.timeout.ms": "6000",
    "broker.heartbeat.interval.ms": "1000",
    "controller.quorum.election.timeout.ms": "1000",
    "controller.quorum.fetch.timeout.ms": "2000",
}

CLUSTER_REPLICAS = 3


@dataclass(frozen=True, slots=True)
class Node:
    """One broker (and controller) of a cluster: its number from 1, and its two ports on loopback."""

    id: int
    port: int
    controller_port: int


def server_properties(node: Node, nodes: Sequence[Node]) -> str:
    """The `server.properties` of one node among all nodes of its cluster."""
    voters = ",".join(f"{other.id}@{LOOPBACK}:{other.controller_port}" for other in nodes)
    replicas = min(len(nodes), CLUSTER_REPLICAS)
    in_sync = max(1, replicas - 1)
    properties = {
        "process.roles": "broker,controller",
        "node.id": str(node.id),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": "log",
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(replicas),
        "min.insync.replicas": str(in_sync),
        "offsets.topic.replication.factor": str(replicas),
        "transaction.state.log.replication.factor": str(replicas),
        "transaction.state.log.min.isr": str(in_sync),
        "share.coordinator.state.topic.replication.factor": str(replicas),
        "share.coordinator.state.topic.min.isr": str(in_sync),
        **SMALL,
        **SWIFT,
        **(SWIFT_FAILOVER if len(nodes) > 1 else {}),
    }
    return "".join(f"{name}={value}\n" for name, value in properties.items())


def meta_properties(cluster_id: str, node_id: int) -> str:
    """The `meta.properties` of a formatted folder of this node."""
    return f"version=1\ncluster.id={cluster_id}\nnode.id={node_id}\ndirectory.id={new_id()}\n"


def new_id() -> str:
    """A new id of Kafka's form: 16 random bytes in URL-safe base64 without padding, and no leading dash."""
    while (text := urlsafe_b64encode(uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        pass
    return text
