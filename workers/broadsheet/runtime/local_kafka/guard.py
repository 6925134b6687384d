"""The broker's parent process: ends the broker when whoever asked for it has gone, however that happened.

Run as a script with nothing but the standard library: `python guard.py LOCK STDERR COMMAND...`. It takes the lock
file (one broker a data folder) and says `held` on stdout, or `locked N` and ends; at the word of its owner (a line on
stdin) it starts the command, says `pid N`, and ends with the command's exit code.

Why a process of its own: Linux' PR_SET_PDEATHSIG fires when the *thread* that forked ends, not the process, and exists
on Linux alone. A closed pipe (stdin here) is seen everywhere; a changed parent is seen even where a fork of ours still
holds the pipe. The death signal is set between this process and the broker, where there is one thread only.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOOK_SECONDS = 0.5
"""How often the parent and the broker are looked at."""
LOCK_SECONDS = 5.0
"""A broker whose owner was killed needs about a second to stop (measured: 0.5 s); wait for that, not for ever."""
STOP_SECONDS = 20.0
"""A clean stop takes about 0.5 s; past this the broker is killed."""


def main(lock: str, stderr: str, *command: str) -> int:
    """Hold the lock, run the command, outlive neither the owner nor the command."""
    owner = os.getppid()
    with Path(lock).open("a+") as held:
        if not _locked(held):
            held.seek(0)
            print(f"locked {held.read().strip()}", flush=True)
            return 1
        print("held", flush=True)
        if not os.read(0, 80):
            return 1  # the owner thought better of it
        try:
            broker = _started(command, Path(stderr))
        except OSError as error:
            print(f"failed {command[0]}: {error.strerror}", flush=True)
            return 1
        held.truncate(0)
        held.write(f"{broker.pid}\n")
        held.flush()
        print(f"pid {broker.pid}", flush=True)
        return _watch(broker, owner)


def _started(command: tuple[str, ...], stderr: Path) -> "subprocess.Popen[bytes]":
    with stderr.open("ab") as errors:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 (there is one thread)
        )


def _locked(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: Kafka's own lock on the data folder speaks instead
        return True
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_SECONDS / 5)
        else:
            return True


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(broker: "subprocess.Popen[bytes]", owner: int) -> int:
    closed = threading.Event()
    threading.Thread(target=_until_closed, args=(closed,), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: closed.set())
    while broker.poll() is None:
        if closed.is_set() or os.getppid() != owner:
            return _stop(broker)
        with contextlib.suppress(subprocess.TimeoutExpired):
            broker.wait(LOOK_SECONDS)
    return broker.returncode


def _until_closed(closed: threading.Event) -> None:
    while os.read(0, 1):
        pass
    closed.set()


def _stop(broker: "subprocess.Popen[bytes]") -> int:
    broker.terminate()
    try:
        return broker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        broker.kill()
        return broker.wait()


if __name__ == "__main__":
    # Not sys.exit: the reading thread holds no lock that the interpreter's end would wait for.
    os._exit(main(*sys.argv[1:]) & 0xFF)
