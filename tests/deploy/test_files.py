"""What can be held of the deployment's files without a daemon: they agree with the code, the locks and each other."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel

from broadsheet.runtime.local_kafka.jars import KAFKA_VERSION
from broadsheet.runtime.settings import Settings
from tests.deploy.containers import BASE, REPOSITORY

DOCKERFILE = (REPOSITORY / "deploy" / "Dockerfile").read_text()
INSTRUCTIONS = [
    re.sub(r"\s*\\\n\s*", " ", found) for found in re.findall(r"^[A-Z]+ (?:.*\\\n)*.*$", DOCKERFILE, re.MULTILINE)
]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy" / "compose.yaml").read_text())
OURS = ("topics", "worker", "feed")
PROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def lock(name: str) -> dict[str, str]:
    """The pins of a lock file: name to version."""
    lines = (REPOSITORY / "requirements" / f"{name}.txt").read_text().splitlines()
    pins = (re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line) for line in lines)
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def instructions(word: str) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in INSTRUCTIONS if line.startswith(f"{word} ")]


def is_a_setting(variable: str) -> bool:
    """Whether this environment variable is one that Settings reads."""
    model: Any = Settings
    for part in variable.removeprefix("BROADSHEET_").lower().split("__"):
        if not (isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields):
            return False
        model = model.model_fields[part].annotation
    return True


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("core", PROJECT["project"]["dependencies"]),
        ("worker", PROJECT["project"]["dependencies"]),
        ("worker", PROJECT["project"]["optional-dependencies"]["worker"]),
        ("worker", PROJECT["project"]["optional-dependencies"]["feed"]),
        ("build", PROJECT["build-system"]["requires"]),
        ("dev", PROJECT["project"]["optional-dependencies"]["local"]),
        ("dev", [entry for entry in PROJECT["dependency-groups"]["dev"] if isinstance(entry, str)]),
    ],
)
def test_the_locks_hold_all_that_is_asked_for(file: str, wanted: list[str]) -> None:
    pins = lock(file)
    unmet = [text for text in map(Requirement, wanted) if not text.specifier.contains(pins.get(_name(text), "0"))]
    assert unmet == []


def _name(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)


@pytest.mark.parametrize("file", ["core", "worker", "build"])
def test_what_is_tested_is_what_is_deployed(file: str) -> None:
    tested = lock("dev")
    assert {name: tested.get(name) for name in lock(file)} == lock(file)


def test_the_image_is_installed_by_hash_and_runs_without_root() -> None:
    installs = re.findall(r"pip install ([^&]*)", DOCKERFILE.replace("\\\n", " "))
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert instructions("USER") == ["10001:10001"]
    assert instructions("ARG") == [f"PYTHON_IMAGE={BASE}"]
    assert {line.split()[0] for line in instructions("FROM")} == {"${PYTHON_IMAGE}"}
    assert COMPOSE["x-broadsheet"]["build"]["args"]["PYTHON_IMAGE"] == f"${{PYTHON_IMAGE:-{BASE}}}"
    assert len(instructions("HEALTHCHECK")) == 1


def test_the_image_gets_all_that_the_package_is_built_of() -> None:
    copied = {part for line in instructions("COPY") if "--from" not in line for part in line.split()[:-1]}
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {PROJECT["project"]["readme"], *PROJECT["project"]["license-files"], *wheel["force-include"]}
    needed |= {str(Path(package).parent) for package in wheel["packages"]}
    assert needed <= copied
    assert all((REPOSITORY / path).exists() for path in copied)


def test_what_the_image_copies_reaches_the_daemon() -> None:
    let_in = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {part for line in instructions("COPY") if "--from" not in line for part in line.split()[:-1]}
    assert {path.split("/")[0] for path in copied} == let_in


def test_every_variable_is_a_setting() -> None:
    named = set(re.findall(r"\b(BROADSHEET_\w+)=", DOCKERFILE))
    named |= {name for service in OURS for name in COMPOSE["services"][service]["environment"]}
    assert named
    assert [name for name in named if not is_a_setting(name)] == []
    assert not is_a_setting("BROADSHEET_KAFKA__NOTHING")


@pytest.mark.parametrize("service", OURS)
def test_every_service_is_confined(service: str) -> None:
    its = COMPOSE["services"][service]
    assert its["read_only"] is True
    assert its["cap_drop"] == ["ALL"]
    assert its["security_opt"] == ["no-new-privileges:true"]


def test_compose_starts_things_in_their_order() -> None:
    services = COMPOSE["services"]
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for service in ("worker", "feed"):
        assert services[service]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
    assert services["worker"]["scale"] >= 2
    grace = int(services["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().worker.drain_timeout


def test_compose_shows_nothing_beyond_this_machine() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_kafka_is_the_version_that_is_tested() -> None:
    assert KAFKA_VERSION in COMPOSE["services"]["kafka"]["image"]
