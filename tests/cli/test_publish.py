"""`broadsheet publish` against a real broker: each page once, keyed by its URL; none dropped in silence."""

import json
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from broadsheet.runtime.settings import Settings
from tests.cli.running import COMMAND, broadsheet, environment, error_line

pytestmark = pytest.mark.kafka


@contextmanager
def consumer(settings: Settings) -> Iterator[tuple[Any, list[TopicPartition]]]:
    client = KafkaConsumer(bootstrap_servers=settings.kafka.bootstrap_servers, auto_offset_reset="earliest")
    partitions = [TopicPartition(settings.topics.pages, number) for number in range(settings.topics.partitions)]
    client.assign(partitions)
    try:
        yield client, partitions
    finally:
        client.close()


def on_topic(settings: Settings) -> list[Any]:
    """All messages of the raw topic."""
    with consumer(settings) as (client, partitions):
        wanted = sum(client.end_offsets(partitions).values())
        found: list[Any] = []
        while len(found) < wanted:
            found += [message for batch in client.poll(timeout_ms=1000).values() for message in batch]
        return found


def publish(settings: Settings, *arguments: str, cwd: Path, **more: Any) -> "subprocess.CompletedProcess[bytes]":
    servers = settings.kafka.bootstrap_servers
    topic = ("--topic", settings.topics.pages)
    return broadsheet("--bootstrap-servers", servers, "publish", *topic, *arguments, cwd=cwd, **more)


def test_every_page_is_there_once_under_its_url(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    lines = [json.dumps({"url": f"https://harbour.example/{number}", "body": "x" * 1000}) for number in range(3000)]
    (tmp_path / "pages.ndjson").write_text("\n".join([*lines, "{broken"]))
    (tmp_path / "dump.txt").write_text("Tide tables redrawn")
    run = publish(made, "pages.ndjson", "dump.txt", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert b"3002 pages published" in run.stderr
    found = {message.value: message for message in on_topic(made)}
    assert len(found) == 3002
    assert all(found[line.encode()].key == json.loads(line)["url"].encode() for line in lines)
    assert found[b"{broken"].key is None  # a worker tells what is wrong with it
    assert dict(found[b"Tide tables redrawn"].headers)["content-type"] == b"text/plain"


def test_page_above_the_limit_is_refused_by_name_and_the_rest_is_sent(
    tmp_path: Path, settings: Callable[..., Settings]
) -> None:
    made = settings()
    (tmp_path / "a.txt").write_text("x" * 50_000)
    (tmp_path / "b.txt").write_text("y" * 50)
    (tmp_path / "c.wacz").write_text("no archive")
    run = publish(made, "a.txt", "b.txt", "c.wacz", cwd=tmp_path, BROADSHEET_KAFKA__MAX_MESSAGE_BYTES="20000")
    assert run.returncode == 1
    told = run.stderr.decode().splitlines()
    assert told[0].startswith("a.txt: not published: too-large")
    assert told[0].endswith("above the setting kafka.max_message_bytes (20000)")
    assert told[1].startswith("c.wacz: not published: undecodable")
    assert told[2].startswith("1 pages published")
    assert told[2].endswith("; 2 not published")
    assert [message.value for message in on_topic(made)] == [b"y" * 50]


def test_page_that_only_the_broker_refuses_is_told_too(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    (tmp_path / "a.txt").write_text("x" * 9_000_000)
    run = publish(made, "a.txt", cwd=tmp_path, BROADSHEET_KAFKA__MAX_MESSAGE_BYTES="20000000")
    assert run.returncode == 1
    assert b"a.txt: not published: too-large: the broker takes no message of 9000" in run.stderr
    assert b"raise max.message.bytes of the topic" in run.stderr


def test_a_file_s_name_goes_with_its_page_and_a_run_goes_on(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    (tmp_path / "a.txt").write_text("Tide tables redrawn")
    (tmp_path / "b.jsonl").write_text('{"url": "https://harbour.example/", "body": "x"}')
    for files in (["a.txt"], ["a.txt", "b.jsonl"], ["a.txt", "b.jsonl"]):
        run = publish(made, "--state", "run.state", *files, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
    told = {message.value: dict(message.headers).get("page-id") for message in on_topic(made)}
    assert told == {b"Tide tables redrawn": b"a.txt", b'{"url": "https://harbour.example/", "body": "x"}': None}
    assert len(on_topic(made)) == 2


def test_nothing_on_standard_input_publishes_nothing(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    run = publish(made, "-", cwd=tmp_path, given=b"")
    assert run.returncode == 1
    assert run.stderr.startswith(b"stdin: nothing in it\n0 pages published")
    assert on_topic(made) == []


def test_page_of_a_slow_pipe_is_sent_before_the_next_comes(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    servers = made.kafka.bootstrap_servers
    with subprocess.Popen(
        [*COMMAND, "--bootstrap-servers", servers, "publish", "--topic", made.topics.pages, "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as run:
        assert run.stdin is not None
        assert run.stderr is not None
        run.stdin.write(b'{"url": "https://harbour.example/", "body": "x"}\n')
        run.stdin.flush()
        with consumer(made) as (client, _):
            found: list[Any] = []
            while not found:
                assert run.poll() is None
                found = [message for batch in client.poll(timeout_ms=500).values() for message in batch]
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 130
        assert select.select([run.stderr], [], [], 5)[0]
        assert b"stopped: 1 pages published" in run.stderr.read()


@pytest.mark.parametrize(("arguments", "says"), [(["--topic", "no-such-topic"], "topics create"), ([], "pages.raw")])
def test_topic_that_is_not_there_is_one_line(tmp_path: Path, kafka: str, arguments: list[str], says: str) -> None:
    if not arguments:
        arguments = ["--topic", "x-pages.raw"]
    run = broadsheet("--bootstrap-servers", kafka, "publish", *arguments, "-", cwd=tmp_path, given=b"words")
    assert run.returncode == 1
    assert says in error_line(run)


def test_broker_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    run = broadsheet("--bootstrap-servers", "127.0.0.1:9", "publish", "-", cwd=tmp_path, given=b"words")
    assert run.returncode == 1
    assert "127.0.0.1:9" in error_line(run)


def test_doctor_finds_all_well_and_each_ill(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    made = settings()
    changed = made.topics.model_dump(include={"pages", "articles", "outcomes", "dead", "partitions"})
    names: dict[str, Any] = {f"BROADSHEET_TOPICS__{name.upper()}": str(value) for name, value in changed.items()}
    names["BROADSHEET_KAFKA__BOOTSTRAP_SERVERS"] = made.kafka.bootstrap_servers
    # the topic of the dead must take what the raw topic takes and its headers
    names["BROADSHEET_KAFKA__MAX_MESSAGE_BYTES"] = "1000000"
    well = broadsheet("doctor", cwd=tmp_path, **names)
    assert well.returncode == 0, well.stdout.decode()
    assert well.stdout.decode().splitlines()[-1] == "all is well"
    ill = broadsheet("doctor", cwd=tmp_path, **{**names, "BROADSHEET_TOPICS__DEAD": "no-such-topic"})
    assert ill.returncode == 1
    assert "✗ topic no-such-topic is missing\n  → make it with `broadsheet topics create`" in ill.stdout.decode()
    gone = broadsheet("--bootstrap-servers", "127.0.0.1:9", "doctor", cwd=tmp_path, **names)
    assert gone.returncode == 1
    assert "✗ nothing listens at 127.0.0.1:9" in gone.stdout.decode()
