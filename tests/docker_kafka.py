"""Kafka in a container of our own image (tests/kafka_image.py), through testcontainers.

testcontainers has no class for Apache Kafka's own layout, and its KafkaContainer expects another product's; so this is
a DockerContainer of ours. The host's port is chosen first and bound one to one: the address that the broker advertises
must be known before it starts, and must lead to it from inside, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

import docker
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from broadsheet.runtime.local_kafka.ports import free_port
from tests import kafka_image
from tests.docker_daemon import answers

START_TIMEOUT = 180
"""Seconds. One start of a JVM: 5 s on an idle machine, 20 s at load 10."""


def image_or_reason() -> tuple[str | None, str]:
    """The image's name where a daemon answers and has it, else the reason why not. Starts, makes and pulls nothing."""
    if not answers():
        return None, "no Docker daemon"
    name = kafka_image.name()
    client = docker.from_env(timeout=5)
    try:
        client.images.get(name)
    except docker.errors.DockerException:
        return None, f"no image {name}: python -m tests.kafka_image makes it"
    finally:
        client.close()
    return name, ""


class KafkaContainer(DockerContainer):
    """A single broker; `address` is where it will answer, on loopback of this machine."""

    def __init__(self) -> None:
        # testcontainers' reaper is an image that would have to be pulled; what we start we stop.
        testcontainers_config.ryuk_disabled = True
        super().__init__(kafka_image.name())
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        self.with_bind_ports(port, port)
        self.with_command(
            f"--override listeners=PLAINTEXT://:{port},CONTROLLER://127.0.0.1:9093"
            f" --override advertised.listeners=PLAINTEXT://{self.address}"
        )
        self.waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(START_TIMEOUT))

    def start(self) -> Self:
        try:
            super().start()
        except BaseException:
            with suppress(Exception):
                self.stop()
            raise
        return self


@contextmanager
def running_container() -> Iterator[str]:
    """A fresh broker in a container; its bootstrap servers."""
    try:
        container = KafkaContainer().start()
    except Exception:  # the port found free may have been taken in between: once more
        container = KafkaContainer().start()
    try:
        yield container.address
    finally:
        container.stop()
