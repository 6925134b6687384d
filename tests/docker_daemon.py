"""A Docker daemon for the tests that are marked `docker`: the machine's own, or one of ours for as long as they last.

Ours is started where we are root, `dockerd` is installed (tests/needs.sh sees to that) and the kernel lets us; all that
it keeps lies in one temporary folder, which goes with it.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

UP_TIMEOUT = 60.0
"""Seconds. A daemon is up in 1.3-2.9 s on an idle machine."""
DOWN_TIMEOUT = 30
POLL = 0.1
CAP_SYS_ADMIN = 21  # linux/capability.h: mounting, without which no container can be made


class NoDockerError(Exception):
    """There is no daemon, and none can be started; the text says why in one line."""


def answers(host: str | None = None) -> bool:
    """Whether a daemon is there: at this address, or at the one that the environment names."""
    try:
        client = docker.DockerClient(host, timeout=5) if host else docker.from_env(timeout=5)
    except docker.errors.DockerException:
        return False
    try:
        return bool(client.ping())
    except Exception:  # the HTTP library's own errors come through
        return False
    finally:
        client.close()


def may_run_containers() -> bool:
    """Whether the kernel lets this process run a daemon: then, on CI, one that is missing is a failure."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return False
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> CAP_SYS_ADMIN & 1)


@contextmanager
def running_daemon() -> Iterator[None]:
    """A daemon that answers by the environment's settings. Raises NoDockerError."""
    if answers():
        yield
        return
    if not may_run_containers():
        raise NoDockerError("no Docker daemon answers, and this process may not start one (no CAP_SYS_ADMIN)")
    program = shutil.which("dockerd")
    if program is None:
        raise NoDockerError(
            "no Docker daemon answers, and there is no dockerd to start (Debian: apt install docker.io)"
        )
    with _started(program) as host:
        before = os.environ.get("DOCKER_HOST")
        os.environ["DOCKER_HOST"] = host
        try:
            yield
        finally:
            os.environ.pop("DOCKER_HOST")
            if before is not None:
                os.environ["DOCKER_HOST"] = before


@contextmanager
def _started(program: str) -> Iterator[str]:
    place = Path(tempfile.mkdtemp(prefix="broadsheet-docker-"))
    host = f"unix://{place}/socket"
    with (place / "log").open("wb") as log:
        daemon = subprocess.Popen(_command(program, place, host), stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_until_up(daemon, host, place / "log")
        yield host
    finally:
        daemon.terminate()
        try:
            daemon.wait(DOWN_TIMEOUT)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        shutil.rmtree(place, ignore_errors=True)


def _command(program: str, place: Path, host: str) -> list[str]:
    return [
        program,
        "--host", host,
        "--data-root", str(place / "data"),
        "--exec-root", str(place / "run"),
        "--pidfile", str(place / "pid"),
        "--storage-driver", "overlay2",  # vfs, the fallback, copies the whole tree at each step
    ]  # fmt: skip


def _wait_until_up(daemon: "subprocess.Popen[bytes]", host: str, log: Path) -> None:
    deadline = time.monotonic() + UP_TIMEOUT
    while not answers(host):
        if daemon.poll() is not None or time.monotonic() > deadline:
            words = log.read_text(errors="replace").splitlines() or ["it said nothing"]
            raise NoDockerError(f"dockerd did not come up: {words[-1]}")
        time.sleep(POLL)
