"""Kafka in Docker, by testcontainers: what holds on the local broker holds on one that runs as a container."""

from collections.abc import Iterator

import pytest

from broadsheet.runtime.kafka.topics import check
from broadsheet.runtime.kafka.topics import create as create_topics
from broadsheet.runtime.settings import KafkaSettings, Settings
from tests.brokers import missing
from tests.docker_daemon import NoDockerError, may_run_containers, running_daemon
from tests.kafka.clients import create, read, send

pytestmark = [pytest.mark.kafka, pytest.mark.docker, pytest.mark.xdist_group("docker")]


@pytest.fixture(scope="module")
def kafka_in_docker() -> Iterator[str]:
    from tests import docker_kafka, kafka_image

    try:
        with running_daemon():
            kafka_image.make()
            with docker_kafka.running_container() as address:
                yield address
    except NoDockerError as error:
        missing(str(error), expected=may_run_containers())


def test_records_go_through_a_container(kafka_in_docker: str) -> None:
    create(kafka_in_docker, "in-docker")
    send(kafka_in_docker, "in-docker", b"first", b"second")
    assert read(kafka_in_docker, "in-docker", 2) == [b"first", b"second"]


def test_the_topics_are_made_once_and_then_have_their_shape(kafka_in_docker: str) -> None:
    settings = Settings(kafka=KafkaSettings(bootstrap_servers=kafka_in_docker))
    assert check(settings) != []
    assert sorted(create_topics(settings)) == ["articles", "pages.dead", "pages.outcomes", "pages.raw"]
    assert create_topics(settings) == []
    assert check(settings) == []
