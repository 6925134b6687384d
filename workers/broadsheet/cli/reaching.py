"""Whether Kafka is where it should be: told within seconds, before a client begins its own long attempts."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

_SECONDS = 3.0

_ANSWER_SECONDS = 5.0
"""For the first answer; a broker gives it in milliseconds, on a busy machine in tenths of a second."""

_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)
"""The request that any broker answers first: its length, ApiVersions, version 0, number 1, no client's name."""

_WORD_SECONDS = 2.5
"""A person waits for so long without a word."""

START_ONE = "`broadsheet kafka` runs one here; else set kafka.bootstrap_servers"


def reached(settings: Any) -> Any:
    """The settings, once the brokers that they name are known to answer, and to be where they say they are.

    Raises a ClickException that says in one line what is not there, and where.
    """
    from broadsheet.runtime.kafka.reach import UnreachableError, reach

    servers = settings.kafka.bootstrap_servers
    with _a_word(f"waiting for Kafka at {servers} …"):
        if problem := nothing_listens(servers):
            raise click.ClickException(f"cannot reach Kafka at {servers}: {problem}; {START_ONE}")
        if not settings.kafka.security_protocol.endswith("SSL") and (problem := no_kafka(servers)):
            remedy = "set kafka.bootstrap_servers, or kafka.security_protocol for TLS"
            raise click.ClickException(f"cannot reach Kafka at {servers}: {problem}; {remedy}")
        try:
            reach(settings.kafka)
        except UnreachableError as error:
            raise click.ClickException(str(error)) from None
    return settings


@contextmanager
def _a_word(text: str) -> Iterator[None]:
    """Says what is waited for where it lasts."""
    timer = threading.Timer(_WORD_SECONDS, click.echo, [text], {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def nothing_listens(bootstrap_servers: str) -> str | None:
    """None if one of the servers takes a connection; else one plain line that names each and why it does not."""
    problems = []
    for server in bootstrap_servers.split(","):
        problem = _problem(server.strip())
        if problem is None:
            return None
        problems.append(problem)
    return "; ".join(problems)


def _problem(server: str) -> str | None:
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        return f"{server!r} is not HOST:PORT"
    try:
        socket.create_connection((host.strip("[]"), int(port)), _SECONDS).close()
    except (OSError, UnicodeError) as error:
        return f"nothing listens at {server} ({error})"
    return None


def no_kafka(bootstrap_servers: str) -> str | None:
    """None if one of the servers, which take connections, answers as a Kafka broker without TLS does; else one line."""
    servers = [server.strip() for server in bootstrap_servers.split(",")]
    if any(_answers_as_kafka(server) for server in servers):
        return None
    return f"what listens at {', '.join(servers)} does not answer as Kafka does (or wants TLS)"


def _answers_as_kafka(server: str) -> bool:
    host, _, port = server.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _SECONDS) as connection:
            connection.settimeout(_ANSWER_SECONDS)
            connection.sendall(_API_VERSIONS)
            answer = connection.recv(8, socket.MSG_WAITALL)
    except (OSError, ValueError, UnicodeError):
        return False
    return len(answer) == 8 and struct.unpack(">i", answer[4:])[0] == 1
