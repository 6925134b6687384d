"""A real Apache Kafka on this machine, without Docker and without Java: for development, the demo and the tests.

    with LocalKafka(Path(".broadsheet/kafka")) as kafka:
        print(kafka.bootstrap_servers)

The jars come by their Maven coordinates, held to committed hashes; the JRE comes by pip (extra `[local]`). A broker
ends with the process that started it, whatever becomes of that. Not for production: it is on loopback, unsecured.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from broadsheet.runtime.local_kafka.broker import STOP_TIMEOUT, Broker
from broadsheet.runtime.local_kafka.config import Node, new_id
from broadsheet.runtime.local_kafka.errors import LocalKafkaError
from broadsheet.runtime.local_kafka.install import installed
from broadsheet.runtime.local_kafka.ports import free_ports, is_free
from broadsheet.runtime.local_kafka.ready import READY_TIMEOUT, wait_ready
from broadsheet.runtime.settings import user_cache

__all__ = ["LocalCluster", "LocalKafka", "LocalKafkaError"]

CLUSTER_PATIENCE = 3.0
"""Seconds for each broker of a cluster to stop by itself; a single one takes 0.5 s. What was acknowledged is kept."""

TAKEN = "Address already in use"
"""What the broker says of a port that another has."""


class LocalCluster:
    """Brokers of one cluster, each with its folder under `data`; topics have up to three replicas, two in sync.

    A context manager; what can go wrong is a LocalKafkaError of one line. The data stays and is found again by the next
    start. `cache` is where Kafka's jars are kept (default: the user's cache folder).
    """

    def __init__(self, data: Path, brokers: int = 3, *, cache: Path | None = None) -> None:
        self.data = data
        self.brokers: tuple[Broker, ...] = ()
        self._count = brokers
        self._cache = cache
        self._port: int | None = None
        self._cluster_id = ""

    @property
    def bootstrap_servers(self) -> str:
        """HOST:PORT of every broker, joined by commas."""
        return ",".join(broker.address for broker in self.brokers)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start all brokers, and return when they are ready."""
        try:
            self._start()
        except LocalKafkaError as error:
            if self._port is not None or TAKEN not in str(error):
                raise
            self._start()  # a port that was found free had been taken before the broker came to it

    def _start(self) -> None:
        installation = installed(self._cache or user_cache())
        nodes = self._nodes()
        try:
            self._cluster_id = self._kept_cluster_id()
            self.brokers = tuple(Broker(installation, self._folder(node.id), node, nodes) for node in nodes)
            for broker in self.brokers:
                broker.start(self._cluster_id)
            wait_ready(self.brokers)
        except OSError as error:
            self.stop()
            raise LocalKafkaError(f"cannot use the data folder {self.data}: {error.strerror or error}") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all brokers at once, cleanly where they can: the last of several has no quorum left to take leave of."""
        for broker in self.brokers:
            broker.ask_to_stop()
        for broker in self.brokers:
            broker.stop(patience=STOP_TIMEOUT if len(self.brokers) == 1 else CLUSTER_PATIENCE)

    def check_running(self) -> None:
        """Raise LocalKafkaError with a broker's last words where one has ended by itself."""
        for broker in self.brokers:
            broker.check_running()

    def restart(self, timeout: float = READY_TIMEOUT) -> None:
        """Start those brokers again that do not run, on their data and their ports; return when all are ready."""
        for broker in self.brokers:
            if not broker.is_running():
                broker.start(self._cluster_id)
        wait_ready(self.brokers, timeout)

    def _nodes(self) -> tuple[Node, ...]:
        ports = free_ports(2 * self._count)
        clients = (self._port, *ports[1 : self._count]) if self._port is not None else ports[: self._count]
        pairs = zip(clients, ports[self._count :], strict=True)
        return tuple(Node(number, *pair) for number, pair in enumerate(pairs, start=1))

    def _folder(self, node_id: int) -> Path:
        return self.data / f"broker-{node_id}"

    def _kept_cluster_id(self) -> str:
        """One id for all folders: that of the first start."""
        file = self.data / "cluster-id"
        if not file.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            file.write_text(new_id())
        return file.read_text().strip()


class LocalKafka(LocalCluster):
    """A single broker on `data`, at `port` of loopback or at a free one.

    `kill()` and `restart()` are for tests of faults: the port and the data stay the same.
    """

    def __init__(self, data: Path, port: int | None = None, *, cache: Path | None = None) -> None:
        super().__init__(data, brokers=1, cache=cache)
        self._port = port

    def start(self) -> None:
        """Start the broker, and return when it is ready."""
        if self._port is not None and not is_free(self._port):
            raise LocalKafkaError(f"port {self._port} is in use")
        super().start()

    @property
    def pid(self) -> int:
        """The process id of the broker's JVM."""
        return self.brokers[0].pid

    @property
    def log(self) -> Path:
        """The broker's log file."""
        return self.brokers[0].log

    def kill(self) -> None:
        """End the broker at once, as kill -9 or a lost machine would."""
        self.brokers[0].kill()

    def _folder(self, node_id: int) -> Path:  # noqa: ARG002
        return self.data
