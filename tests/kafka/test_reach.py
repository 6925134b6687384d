"""A broker whose bootstrap answers and whose own address leads nowhere: every command says so, by that address."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from broadsheet.runtime import local_kafka
from broadsheet.runtime.kafka.reach import UnreachableError, reach
from broadsheet.runtime.local_kafka import broker
from broadsheet.runtime.local_kafka.config import Node, server_properties
from broadsheet.runtime.local_kafka.ports import free_ports
from broadsheet.runtime.settings import KafkaSettings, user_cache
from tests.cli.running import broadsheet, inside
from tests.fleet import until

COMMANDS = [
    ["topics", "check"],
    ["topics", "create"],
    ["publish", "-"],
    ["dead", "list"],
    ["dead", "show", "0/0"],
    ["dead", "redrive", "--all"],
    ["tail", "-n", "1"],
    ["feed", "--port", "0"],
    ["worker", "--web-port", "0"],
]


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[tuple[str, str]]:
    """A broker's bootstrap server, and the address that it gives, where nothing listens."""
    (nowhere,) = free_ports(1)
    gone = f"127.0.0.1:{nowhere}"

    def misled(node: Node, nodes: Sequence[Node]) -> str:
        properties = server_properties(node, nodes)
        listens = f"advertised.listeners=PLAINTEXT://127.0.0.1:{node.port}"
        assert listens in properties
        return properties.replace(listens, f"advertised.listeners=PLAINTEXT://{gone}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broker, "server_properties", misled)
        patch.setattr(local_kafka, "wait_ready", lambda brokers: until(lambda: gone in told(brokers[0].address), gone))
        with local_kafka.LocalKafka(tmp_path_factory.mktemp("half"), cache=user_cache()) as running:
            yield running.bootstrap_servers, gone


def told(servers: str) -> str:
    """Why it cannot be reached."""
    try:
        reach(KafkaSettings(bootstrap_servers=servers))
    except UnreachableError as error:
        return str(error)
    return ""


@pytest.mark.kafka
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_names_the_address(half: tuple[str, str], command: list[str]) -> None:
    servers, gone = half
    run = inside("--bootstrap-servers", servers, *command)
    assert run.returncode == 1, run
    said = run.stderr.decode().splitlines()
    assert gone in said[-1], said
    assert "advertised.listeners" in said[-1]
    assert said[-1].startswith("Error: ")


@pytest.mark.kafka
def test_the_doctor_names_it_too(half: tuple[str, str], tmp_path: Path) -> None:
    servers, gone = half
    run = broadsheet("--bootstrap-servers", servers, "doctor", cwd=tmp_path, timeout=30)
    assert run.returncode == 1
    assert f"✗ broker: Kafka at {servers} answers, but gives" in run.stdout.decode()
    assert gone in run.stdout.decode()
    assert "→ set the broker's advertised.listeners" in run.stdout.decode()


@pytest.mark.kafka
def test_a_broker_that_is_there_is_reached(kafka: str) -> None:
    assert reach(KafkaSettings(bootstrap_servers=kafka)) == {}


@pytest.mark.kafka
def test_a_wrong_password_is_told_as_such(kafka: str) -> None:
    made = KafkaSettings(
        bootstrap_servers=kafka, security_protocol="SASL_PLAINTEXT", sasl_username="a", sasl_password=SecretStr("b")
    )
    with pytest.raises(UnreachableError, match=kafka):
        reach(made)


def test_nothing_there_is_one_line_with_what_to_do() -> None:
    (port,) = free_ports(1)
    for command in COMMANDS:
        run = inside("--bootstrap-servers", f"127.0.0.1:{port}", *command)
        assert run.returncode == 1
        assert f"nothing listens at 127.0.0.1:{port}" in run.stderr.decode().splitlines()[-1]
        assert "`broadsheet kafka` runs one here" in run.stderr.decode()
