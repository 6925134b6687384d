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
    ],
)
def test_wrong_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str) -> None:
    monkeypatch.setenv(variable, value)
    run = inside("settings")
    assert run.returncode == 2
    assert says in error_line(run)


@pytest.mark.parametrize("content", ["[kafak]\n", "[kafka\n", "x = 1\n", "\0"])
def test_wrong_file(folder: Path, content: str) -> None:
    (folder / "my.toml").write_text(content)
    run = inside("--config", "my.toml", "settings")
    assert run.returncode == 2
    assert error_line(run)
