"""Ports on loopback that nobody else is likely to take while a broker is down."""

import contextlib
import random
import socket
from collections.abc import Container

from broadsheet.runtime.local_kafka.config import LOOPBACK
from broadsheet.runtime.local_kafka.errors import LocalKafkaError

FIRST, LAST = 20_000, 32_000
"""Below the range from which systems give ports to clients (Linux: from 32768). A client that tries again and again to
reach a broker that is being restarted would else, sooner or later, be given that very port and connect to itself."""
TRIES = 200


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of loopback now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the broker does: a port in TIME_WAIT is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(taken: Container[int] = ()) -> int:
    """A free port of loopback that is none of those taken."""
    for _ in range(TRIES):
        port = random.randint(FIRST, LAST)  # noqa: S311 (no secret)
        if port not in taken and is_free(port):
            return port
    raise LocalKafkaError(f"no free port found between {FIRST} and {LAST}")


def free_ports(count: int) -> tuple[int, ...]:
    """So many different free ports."""
    ports: list[int] = []
    for _ in range(count):
        ports.append(free_port(taken=ports))
    return tuple(ports)
