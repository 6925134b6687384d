"""Kafka in a container of our own image, through testcontainers: `tests/needs.sh` builds the image.

testcontainers has no class for Apache Kafka's own layout, and its KafkaContainer expects another product's; so this is
a DockerContainer of ours. The host's port is chosen first and bound one to one: the address that the broker advertises
must be known before it starts.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

IMAGE = "broadsheet/kafka-test:4.1.1"
START_TIMEOUT = 180.0
"""Seconds. Two JVM starts, 19 s at load 10."""


def image_or_reason() -> tuple[str | None, str]:
    """The image's name where a daemon answers and has it, else the reason why not. Starts and pulls nothing."""
    import docker

    try:
        client = docker.from_env(timeout=5)
        client.ping()
    except docker.errors.DockerException:
        return None, "no Docker daemon"
    try:
        client.images.get(IMAGE)
    except docker.errors.ImageNotFound:
        return None, f"no image {IMAGE}"
    finally:
        client.close()
    return IMAGE, ""


@contextmanager
def running_container() -> Iterator[str]:
    """A fresh broker in a container; its bootstrap servers."""
    container = _started()
    try:
        yield container.address
    finally:
        container.stop()


def _started() -> Any:
    try:
        return kafka_container().start()
    except Exception:  # the port found free may have been taken in between: once more
        return kafka_container().start()


def kafka_container() -> Any:
    """A container that is not started yet; `.address` is where its broker will be."""
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    from broadsheet.runtime.local_kafka.ports import free_port

    testcontainers_config.ryuk_disabled = True  # its own image would have to be pulled; we stop what we start

    class KafkaContainer(DockerContainer):
        def __init__(self) -> None:
            super().__init__(IMAGE)
            port = free_port()
            self.address = f"127.0.0.1:{port}"
            self.with_bind_ports(port, port)
            self.with_env("KAFKA_PORT", str(port))
            self.waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(int(START_TIMEOUT)))

        def start(self) -> "KafkaContainer":
            try:
                super().start()
            except BaseException:
                with suppress(Exception):
                    self.stop()
                raise
            return self

    return KafkaContainer()
