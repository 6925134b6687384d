"""The demo's processes: started with settings of their own, logged to a file, waited for, ended with the demo."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from broadsheet.runtime.local_kafka.guard import PR_SET_PDEATHSIG

STOP_SECONDS = 25.0
"""A worker finishes its pages first, by its own setting within 20 s."""
_LOOK_SECONDS = 0.2
_LOG_TAIL = 15


class PartError(Exception):
    """A part of the demo ended or never became ready; one plain line, and the part whose log tells more."""

    def __init__(self, part: "Part", what: str) -> None:
        super().__init__(f"{part.name} {what}")
        self.part = part


class Part:
    """One process: `broadsheet COMMAND` with `environment` over ours, its output in `log`.

    `ready_url` answers 200 once the part does its work.
    """

    def __init__(self, name: str, command: str, environment: Mapping[str, str], log: Path, ready_url: str) -> None:
        self.name = name
        self.log = log
        self._ready_url = ready_url
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", "from broadsheet.cli import main; main()", command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the demo: it ends its parts in order
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def check_running(self) -> None:
        """Raises PartError where the process has ended by itself."""
        if (code := self._process.poll()) is not None:
            raise PartError(self, f"ended by itself with code {code}")

    async def wait_ready(self, seconds: float) -> None:
        """Return when the part is ready. Raises PartError where it ends first, or takes longer."""
        deadline = asyncio.get_running_loop().time() + seconds
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as web:
            while asyncio.get_running_loop().time() < deadline:
                self.check_running()
                if await _answers(web, self._ready_url):
                    return
                await asyncio.sleep(_LOOK_SECONDS)
        raise PartError(self, f"was not ready within {seconds:.0f} s")

    def ask_to_stop(self) -> None:
        """Let it finish; `stop` waits for that."""
        if self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """End it; past its time it is killed, with all that it started."""
        self.ask_to_stop()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-_LOG_TAIL:])


def free_port(wanted: int = 0) -> int:
    """`wanted` if it is free on loopback, else any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        port: int = probe.getsockname()[1]
        return port


async def _answers(web: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with web.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _die_with_parent() -> None:
    """Even kill -9 of the demo ends its parts. They are started by its main thread, whose end the kernel looks at."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
