"""When a broker is ready: the admin client sees all brokers of the cluster, and none is fenced."""

import socket
import time
from collections.abc import Callable, Sequence

from broadsheet.runtime.local_kafka.broker import Broker
from broadsheet.runtime.local_kafka.config import LOOPBACK
from broadsheet.runtime.local_kafka.errors import LocalKafkaError

READY_TIMEOUT = 120.0
"""Seconds. A start takes 2-7 s, on a machine at load 16 up to 24 s."""
POLL = 0.1
ANSWER_TIMEOUT = 10_000
"""Milliseconds for one question to the broker."""


def wait_ready(brokers: Sequence[Broker], timeout: float = READY_TIMEOUT) -> None:
    """Return when all brokers take part. Raises LocalKafkaError where one ends meanwhile or the time is over."""
    deadline = time.monotonic() + timeout
    for broker in brokers:
        _poll(lambda port=broker.node.port: _is_listening(port), brokers, deadline)  # type: ignore[misc]
    _poll(lambda: unfenced_brokers(brokers[0].address) >= len(brokers), brokers, deadline)


def _poll(reached: Callable[[], bool], brokers: Sequence[Broker], deadline: float) -> None:
    while not reached():
        for broker in brokers:
            broker.check_running()
        if time.monotonic() > deadline:
            raise LocalKafkaError(f"the local broker did not get ready in time; log: {brokers[0].log}")
        time.sleep(POLL)


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def unfenced_brokers(bootstrap_servers: str) -> int:
    """How many brokers of the cluster take part; 0 where none answers."""
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap_servers, bootstrap_timeout_ms=ANSWER_TIMEOUT, request_timeout_ms=ANSWER_TIMEOUT
        )
    except KafkaError:
        return 0
    try:
        return sum(not broker.get("is_fenced") for broker in admin.describe_cluster()["brokers"])
    except KafkaError:
        return 0
    finally:
        admin.close()
