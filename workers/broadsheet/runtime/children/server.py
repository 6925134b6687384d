"""A worker's hold on the server of its children: started with a clean environment, given orders, heard of deaths."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from broadsheet.runtime.children.child import Terms
from broadsheet.runtime.children.confinement import DUMPABLE, prctl
from broadsheet.runtime.children.orders import BEAR, BORN, KILL, ORDER, TOLD
from broadsheet.runtime.settings import KafkaSettings

MODULE = "broadsheet.runtime.children.forkserver"

KEPT = frozenset({"LANG", "LD_LIBRARY_PATH", "LD_PRELOAD", "PATH", "TZ"})
KEPT_BEGINNINGS = ("ASAN_", "LC_", "MALLOC_", "OMP_", "OPENBLAS_", "PYTHON", "UBSAN_")
"""Variables that children get: how Python and its libraries run. None of the settings, where passwords may stand, and
none of anything else that a worker was started with."""

END_SECONDS = 5.0
"""For a server to see its children dead; it takes milliseconds."""


class Server:
    """One server and its end. `born` and `died` are told a child's token, and its process id or exit code."""

    def __init__(
        self, terms: Terms, born: Callable[[int, int], None], died: Callable[[int, int], None], gone: Callable[[], None]
    ) -> None:
        """Start it. `gone` is called where it ends without being told to; all its children are lost then."""
        self._born, self._died, self._gone = born, died, gone
        self._loop = asyncio.get_running_loop()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [sys.executable, "-P", "-m", MODULE, str(theirs.fileno()), json.dumps(asdict(terms))],
                env=environment(os.environ),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=sys.__stderr__,  # what a worker prints is its own
            )
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._hear)

    def bear(self, token: int, pages: int, answers: int) -> None:
        """Fork a child that reads pages and writes answers there. Its birth or the server's end will be told."""
        with suppress(OSError):  # it has gone, which is heard of next
            socket.send_fds(self._control, [ORDER.pack(BEAR, token)], [pages, answers])

    def kill(self, token: int) -> None:
        """Kill a child, if it lives."""
        with suppress(OSError):
            self._control.send(ORDER.pack(KILL, token))

    def stop(self, seconds: float = END_SECONDS) -> None:
        """End it and all its children, and see them gone; by force after so long. Blocks while that lasts
        (milliseconds)."""
        if self._control.fileno() < 0:
            return
        self._loop.remove_reader(self._control)
        self._control.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self) -> None:
        try:
            told = self._control.recv(TOLD.size * 64)
        except BlockingIOError:
            return
        except OSError:
            told = b""
        if not told:
            self.stop()
            self._gone()
        for what, token, value in TOLD.iter_unpack(told):
            (self._born if what == BORN else self._died)(token, value)


def keep_secrets(kafka: KafkaSettings) -> None:
    """In a worker that has a password: no other process of its user, a child among them, may look into its memory, its
    environment or its files from now on (/proc, ptrace), and it leaves no core. Only root may."""
    if kafka.sasl_password is not None:
        prctl(DUMPABLE, 0, 0, 0, 0)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """What of a worker's environment its children see. They import from where the worker does."""
    kept = {name: value for name, value in own.items() if name in KEPT or name.startswith(KEPT_BEGINNINGS)}
    return {**kept, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
