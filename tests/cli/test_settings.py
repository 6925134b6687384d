"""`broadsheet settings`, and how settings that are wrong are told: one plain line, exit code 2."""

import json
import tomllib
from pathlib import Path

import pytest

from broadsheet.runtime.settings import Settings
from tests.cli.running import error_line, inside


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*before: str) -> str:
    run = inside(*before, "settings")
    assert run.returncode == 0
    return run.stdout.decode()


def test_what_is_printed_reads_back_as_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_WORKER__CHILDREN", "7")
    printed = tomllib.loads(shown())
    assert Settings(**printed) == Settings()
    assert printed["worker"]["children"] == 7


def test_each_value_says_where_it_came_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "broadsheet.toml").write_text('[kafka]\ngroup = "night"\n[feed]\nport = 1\n[web]\nport = 2\n')
    (folder / ".env").write_text("BROADSHEET_FEED__PORT=3\nBROADSHEET_WEB__PORT=4\nOTHER_PROGRAM=5\n")
    monkeypatch.setenv("BROADSHEET_WEB__PORT", "6")
    lines = [" ".join(line.split()) for line in shown("--bootstrap-servers", "kafka:1").splitlines()]
    assert 'group = "night" # broadsheet.toml' in lines
    assert "port = 3 # .env" in lines
    assert "port = 6 # environment" in lines
    assert 'bootstrap_servers = "kafka:1" # --bootstrap-servers' in lines
    assert "children = 2" in lines


def test_secrets_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_KAFKA__SASL_PASSWORD", "hush-hush")
    assert "hush-hush" not in shown()
    as_json = inside("settings", "--json").stdout
    assert b"hush-hush" not in as_json
    assert json.loads(as_json)["kafka"]["sasl_password"] == "********"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("BROADSHEET_WORKER__CHILDREN", "many", "worker.children"),
        ("BROADSHEET_WORKER__CHILDREN", "0", "worker.children"),
        ("BROADSHEET_KAFKA__NOPE", "1", "setting kafka.nope: there is no such setting"),
        ("BROADSHEET_KAFKA", "{", "kafka"),
        ("BROADSHEET_CONFIG", "nowhere.toml", "no file nowhere.toml"),
        ("BROADSHEET_KAFKA_GROUP", "x", "BROADSHEET_KAFKA_GROUP is no setting: BROADSHEET_KAFKA__GROUP is"),
        ("BROADSHEET_WORKER_CHILD_MEMORY", "1", "BROADSHEET_WORKER__CHILD_MEMORY is"),
        ("broadsheet_feed_title", "x", "BROADSHEET_FEED__TITLE is"),
        ("BROADSHEET_KAFAK__GROUP", "x", "BROADSHEET_KAFAK__GROUP is no setting"),
        ("BROADSHEET_KAFKA__GROUP", "", "setting kafka.group: "),
        ("BROADSHEET_KAFKA__GROUP_INSTANCE", "", "setting kafka.group_instance: "),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "kafka", "setting kafka.bootstrap_servers: 'kafka' is not HOST:PORT"),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "a:1,kafka:x", "setting kafka.bootstrap_servers: 'kafka:x' is not"),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "kafka:99999", "'kafka:99999' is not HOST:PORT"),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "kafka:0", "'kafka:0' is not HOST:PORT"),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "kafka://kafka:9092", "is not HOST:PORT"),
        ("BROADSHEET_KAFKA__BOOTSTRAP_SERVERS", "kafka:9092,", "'' is not HOST:PORT"),
        ("BROADSHEET_KAFKA__MAX_MESSAGE_BYTES", "100", "setting kafka.max_message_bytes: "),
        ("BROADSHEET_TOPICS__PAGES", "pages raw", "setting topics.pages: 'pages raw' is no name that Kafka takes"),
        (
            "BROADSHEET_TOPICS__OUTCOMES",
            "pages.raw",
            "topics: pages and outcomes are the same topic, pages.raw",
        ),
        ("BROADSHEET_TOPICS__MORE_PAGES", '["pages.dead"]', "more_pages and dead are the same topic, pages.dead"),
        ("BROADSHEET_TOPICS__DEAD", "articles", "articles and dead are the same topic, articles"),
    ],
)
def test_wrong_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str) -> None:
    monkeypatch.setenv(variable, value)
    run = inside("settings")
    assert run.returncode == 2
    assert says in error_line(run)


def test_servers_of_the_command_line_are_held_too() -> None:
    run = inside("--bootstrap-servers", "kafka:99999", "settings")
    assert run.returncode == 2
    assert "--bootstrap-servers: 'kafka:99999' is not HOST:PORT" in error_line(run)


def test_what_kubernetes_sets_for_a_service_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "10.0.0.1"), ("PORT", "8070")):
        monkeypatch.setenv(f"BROADSHEET_FEED_SERVICE_{name}", value)
    monkeypatch.setenv("BROADSHEET_FEED_PORT", "tcp://10.0.0.1:8070")
    monkeypatch.setenv("BROADSHEET_FEED_PORT_8070_TCP_ADDR", "10.0.0.1")
    assert "port = 8070" in shown()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"BROADSHEET_KAFKA__GROUP=\xff\n", ".env cannot be read"),
        (b"A=1\nBROADSHEET_KAFKA__GROUP='night\n", ".env cannot be read: line 2"),
        (b"BROADSHEET_KAFKA_GROUP=x\n", "setting kafka_group: there is no such setting"),
    ],
)
def test_a_broken_dotenv_is_named_itself(folder: Path, content: bytes, says: str) -> None:
    (folder / ".env").write_bytes(content)
    (folder / "broadsheet.toml").write_text('[kafka]\ngroup = "night"\n')
    run = inside("settings")
    assert run.returncode == 2
    assert says in error_line(run)
    assert "broadsheet.toml" not in error_line(run)


def test_broken_lines_of_others_in_a_dotenv_are_theirs(folder: Path) -> None:
    (folder / ".env").write_text("what is this\nBROADSHEET_FEED__PORT=3\n")
    assert "port = 3" in shown()


@pytest.mark.parametrize("content", ["[kafak]\n", "[kafka\n", "x = 1\n", "\0"])
def test_wrong_file(folder: Path, content: str) -> None:
    (folder / "my.toml").write_text(content)
    run = inside("--config", "my.toml", "settings")
    assert run.returncode == 2
    assert error_line(run)
