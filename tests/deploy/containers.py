"""The tools of a deployment test: a docker program that builds, compose, a base image where none can be pulled."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docker_daemon import NoDockerError

REPOSITORY = Path(__file__).parents[2]
BASE = "python:3.11-slim-bookworm"
BASE_PACKAGES = "python3.11,python3.11-venv,ca-certificates"
BUILD_TIMEOUT = 900.0


def run(*command: str | Path, timeout: float = 120.0, surroundings: dict[str, str] | None = None) -> str:
    """A command's stdout. Raises CalledProcessError with its stderr in the text."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, **(surroundings or {})},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def docker_programs() -> Iterator[str]:
    """Every `docker` on the path, first found first."""
    for folder in os.get_exec_path():
        if found := shutil.which("docker", path=folder):
            yield found


def building_docker() -> str:
    """A docker program with BuildKit: built in before 23, a plugin since. Raises NoDockerError."""
    for program in docker_programs():
        version = re.search(r"version (\d+)", run(program, "--version"))
        if version and int(version[1]) < 23:
            return program
        if subprocess.run([program, "buildx", "version"], capture_output=True, check=False).returncode == 0:
            return program
    raise NoDockerError("no docker program with BuildKit (Debian: apt install docker.io)")


def compose_command() -> list[str]:
    """Compose, as a plugin or as a program of its own. Raises NoDockerError."""
    for program in docker_programs():
        if subprocess.run([program, "compose", "version"], capture_output=True, check=False).returncode == 0:
            return [program, "compose"]
    if found := shutil.which("docker-compose"):
        return [found]
    raise NoDockerError("no docker compose (Debian: apt install docker-compose)")


def have_base(docker: str, cache: Path) -> None:
    """See to it that the Dockerfile's base is in the daemon: there, pulled, or made of Debian's packages.

    The last is for a daemon of the tests' own and a network without an image registry.
    """
    if image_is_there(docker, BASE) or pulled(docker, BASE):
        return
    if shutil.which("mmdebstrap") is None:
        raise NoDockerError(f"{BASE} cannot be pulled, nor made without mmdebstrap (Debian: apt install mmdebstrap)")
    archive = cache / "bookworm-python3.11.tar"
    if not archive.exists():
        draft = archive.with_suffix(".draft.tar")
        run("mmdebstrap", "--variant=minbase", f"--include={BASE_PACKAGES}", "bookworm", draft, timeout=BUILD_TIMEOUT)
        draft.rename(archive)
    run(docker, "import", archive, BASE)


def image_is_there(docker: str, name: str) -> bool:
    """Whether the daemon has it."""
    return bool(run(docker, "images", "-q", name).strip())


def pulled(docker: str, name: str) -> bool:
    """Whether it could be pulled."""
    return subprocess.run([docker, "pull", "--quiet", name], capture_output=True, check=False).returncode == 0


def build(docker: str, tag: str) -> None:
    """Build the image as deploy/Dockerfile says."""
    authorities = os.environ.get("SSL_CERT_FILE")
    secret = ["--secret", f"id=ca,src={authorities}"] if authorities else []
    command = [docker, "build", "--network=host", *secret, "-f", "deploy/Dockerfile", "-t", tag, "."]
    run(*command, timeout=BUILD_TIMEOUT, surroundings={"DOCKER_BUILDKIT": "1"})


@dataclass(frozen=True, slots=True)
class Project:
    """A compose project of this test's own."""

    name: str
    docker: str
    files: tuple[Path, ...]
    variables: dict[str, str]

    def compose(self, *arguments: str, timeout: float = 300.0) -> str:
        """A compose command's stdout."""
        files = [part for file in self.files for part in ("-f", str(file))]
        command = [*compose_command(), "-p", self.name, *files, *arguments]
        return run(*command, timeout=timeout, surroundings=self.variables)

    def state(self, service: str) -> list[dict[str, Any]]:
        """What the daemon knows of each container of a service."""
        found = self.compose("ps", "-q", service).split()
        states: list[dict[str, Any]] = json.loads(run(self.docker, "inspect", *found)) if found else []
        return states
