"""What `broadsheet doctor` says of a cluster: each setting that would break the guarantees, and what to set."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource

from broadsheet.runtime.settings import Settings
from broadsheet.runtime.watch import checks
from tests.cli.running import broadsheet

Make = Callable[..., Settings]
WELL = {
    "min.insync.replicas": "2",
    "unclean.leader.election.enable": "false",
    "message.timestamp.type": "LogAppendTime",
}


def ill(found: list[checks.Check]) -> list[checks.Check]:
    return [check for check in found if not check.well]


def set_topic(settings: Settings, topic: str, **config: str) -> None:
    named = {name.replace("_", "."): value for name, value in config.items()}
    with KafkaAdminClient(bootstrap_servers=settings.kafka.bootstrap_servers) as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, named)])


@pytest.mark.kafka
@pytest.mark.parametrize("delivery", ["exactly-once", "at-least-once"])
def test_a_cluster_that_is_well(settings: Make, delivery: str) -> None:
    found = checks.delivery(settings(worker={"delivery": delivery}))
    assert ill(found) == []
    assert any(check.text.startswith("transactions: the cluster gives them") for check in found) is (
        delivery == "exactly-once"
    )


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        ({"transaction_timeout": 3_600}, "the brokers allow 900000 ms", "kafka.transaction_timeout to at most 900"),
        ({"session_timeout": 1}, "the brokers allow sessions of", "set kafka.session_timeout"),
    ],
)
def test_a_setting_that_the_brokers_do_not_allow(
    settings: Make, change: dict[str, Any], says: str, remedy: str
) -> None:
    found = ill(checks.delivery(settings(kafka=change)))
    assert any(says in check.text and remedy in check.remedy for check in found), found


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("topic", "config", "says"),
    [
        ("pages", {"unclean_leader_election_enable": "true"}, "which may drop acknowledged records"),
        ("outcomes", {"message_timestamp_type": "CreateTime"}, "a sender's wrong clock"),
        ("pages", {"retention_ms": "-1"}, "keeps records for ever, the brokers forget 168 hours after"),
        ("dead", {"retention_ms": str(30 * 86_400_000)}, "keeps records for 720 hours, the brokers forget 168 hours"),
    ],
)
def test_a_topic_that_may_lose_or_repeat(settings: Make, topic: str, config: dict[str, str], says: str) -> None:
    made = settings()
    name = getattr(made.topics, topic)
    set_topic(made, name, **config)
    (found,) = ill(checks.delivery(made))
    assert found.text.startswith(f"topic {name}: ")
    assert says in found.text
    assert found.remedy


@pytest.mark.kafka
def test_the_doctor_says_it_and_ends_with_1(settings: Make, tmp_path: Path) -> None:
    servers = settings().kafka.bootstrap_servers
    run = broadsheet(
        "--bootstrap-servers", servers, "doctor", cwd=tmp_path, BROADSHEET_KAFKA__TRANSACTION_TIMEOUT="3600"
    )
    told = run.stdout.decode()
    assert run.returncode == 1, told + run.stderr.decode()
    assert "✗ transactions: the brokers allow 900000 ms" in told
    assert "→ set kafka.transaction_timeout to at most 900" in told
    assert "readers: set isolation.level=read_committed" in told


def test_several_brokers_must_keep_what_one_of_them_loses() -> None:
    (found,) = ill([*checks._of_topics({"pages": {**WELL, "min.insync.replicas": "1"}}, 3)])
    assert "min.insync.replicas=2" in found.remedy
    assert ill([*checks._of_topics({"pages": {**WELL, "min.insync.replicas": "1"}}, 1)]) == []
    assert ill([*checks._of_topics({"pages": WELL}, 3)]) == []


@pytest.mark.parametrize(("replicas", "in_sync", "complaints"), [(3, "2", 0), (3, "1", 1), (1, "1", 1)])
def test_positions_and_transactions_must_outlive_a_broker(replicas: int, in_sync: str, complaints: int) -> None:
    topics = {"__consumer_offsets": (replicas, {"min.insync.replicas": in_sync})}
    assert len(ill([*checks._of_internal(topics, 3)])) == complaints
    assert ill([*checks._of_internal(topics, 1)]) == []


@pytest.mark.parametrize(("version", "complaints"), [((3, 9), 1), ((4, 0), 0), ((4, 1), 0)])
def test_brokers_on_which_it_was_not_proven(version: tuple[int, ...], complaints: int) -> None:
    assert len(ill([*checks._of_version(version)])) == complaints


def test_a_cluster_that_tells_little_of_itself() -> None:
    made = Settings()
    assert (
        ill([*checks._of_group(made, {}), *checks._of_memory(made, {}, {}), *checks._of_transactions(made, {})]) == []
    )
