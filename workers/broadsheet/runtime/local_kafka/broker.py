"""One broker process: started on a data folder, waited for, stopped, killed, started again on the same data."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from broadsheet.runtime.local_kafka.config import JVM_OPTIONS, LOOPBACK, Node, server_properties
from broadsheet.runtime.local_kafka.errors import LocalKafkaError
from broadsheet.runtime.local_kafka.install import Installation, format_folder

GUARD = Path(__file__).with_name("guard.py")
STOP_TIMEOUT = 30.0
"""Seconds for the guard to end the broker; the guard itself kills after 20."""
LOG = "kafka.log"
ERRORS = "kafka.err"
WORDS = 300
"""Characters of a broker's log line that an error quotes."""


class Broker:
    """A node's process. `data` is its folder, formatted before; `node` and `nodes` tell its ports and its peers."""

    def __init__(self, installation: Installation, data: Path, node: Node, nodes: Sequence[Node]) -> None:
        self.data = data.absolute()
        self.node = node
        self._installation = installation
        self._nodes = nodes
        self._guard: subprocess.Popen[str] | None = None
        self._log_start = 0
        self.pid = 0

    @property
    def address(self) -> str:
        """HOST:PORT for clients."""
        return f"{LOOPBACK}:{self.node.port}"

    @property
    def log(self) -> Path:
        """The file the broker logs to."""
        return self.data / LOG

    def start(self, cluster_id: str) -> None:
        """Start the process, on a folder formatted before or now; it is not ready yet.

        Raises LocalKafkaError where the data folder is in use by another broker.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        guard = [sys.executable, "-I", str(GUARD), str(self.data / "lock"), str(self.data / ERRORS)]
        command = self._installation.command(*JVM_OPTIONS, "kafka.Kafka", "server.properties")
        self._guard = subprocess.Popen(  # noqa: S603
            [*guard, *command],
            cwd=self.data,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us: what uses the broker finishes first
        )
        self._expect("held")
        self._prepare(cluster_id)
        self._say_go()
        self.pid = int(self._expect("pid"))

    def _expect(self, word: str) -> str:
        assert self._guard is not None
        assert self._guard.stdout is not None
        said, _, rest = self._guard.stdout.readline().strip().partition(" ")
        if said == word:
            return rest
        self.stop()
        if said == "locked":
            raise LocalKafkaError(f"the data folder {self.data} is in use by another broker (process {rest})")
        raise LocalKafkaError(f"the local broker could not be started: {rest or self.last_words()}")

    def _say_go(self) -> None:
        assert self._guard is not None
        assert self._guard.stdin is not None
        self._guard.stdin.write("go\n")
        self._guard.stdin.flush()

    def _prepare(self, cluster_id: str) -> None:
        """Write what the broker reads; only with the lock held, for a running broker's files are its own."""
        format_folder(self.data, self._installation, cluster_id, self.node.id)
        (self.data / "server.properties").write_text(server_properties(self.node, self._nodes))
        own = resources.files(__package__).joinpath("log4j2.yaml")
        (self.data / "log4j2.yaml").write_text(own.read_text())
        (self.data / ERRORS).unlink(missing_ok=True)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._guard is not None and self._guard.poll() is None

    def check_running(self) -> None:
        """Raises LocalKafkaError with the broker's last words where it has ended by itself."""
        if not self.is_running():
            raise LocalKafkaError(f"the local broker stopped: {self.last_words()} (log: {self.log})")

    def last_words(self) -> str:
        """The cause of the last error that the broker logged since its start, else its last line, as one line."""
        logged = self._read(self.log, self._log_start)
        said = self._read(self.data / ERRORS, 0)
        words = _cause(logged) or (said or logged or ["it said nothing"])[-1]
        return words.strip()[:WORDS]

    def _read(self, path: Path, start: int) -> list[str]:
        try:
            with path.open("rb") as file:
                file.seek(start if start <= path.stat().st_size else 0)  # the log may have been rolled
                return file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def ask_to_stop(self) -> None:
        """Let it begin to stop; `stop` waits for that."""
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()

    def stop(self, patience: float = STOP_TIMEOUT) -> None:
        """Stop cleanly; kill after so many seconds, at most 20. Does nothing where nothing runs."""
        self.ask_to_stop()
        guard, self._guard = self._guard, None
        if guard is None:
            return
        assert guard.stdout is not None
        try:
            guard.wait(patience)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGKILL)
            guard.wait()
        guard.stdout.close()

    def kill(self) -> None:
        """End the process at once, as kill -9 or a lost machine would."""
        if self.is_running():
            os.kill(self.pid, signal.SIGKILL)
        self.stop()


def _cause(logged: Sequence[str]) -> str | None:
    """The innermost exception of the last ERROR in the log, or its own line where no exception follows."""
    errors = [number for number, line in enumerate(logged) if " ERROR " in line]
    if not errors:
        return None
    line, *trace = logged[errors[-1] :]
    causes = [cause for cause in trace if cause.startswith("Caused by: ")]
    exceptions = [cause for cause in trace[:1] if not cause[:1].isdigit()]
    return (causes[-1:] or exceptions or [line])[0].removeprefix("Caused by: ")
