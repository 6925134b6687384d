"""Page work that does what a child might that is not itself any more, and tells how it went: for tests of children."""

import ctypes
import os
import re
import resource
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from broadsheet.options import Options
from broadsheet.runtime.children.frames import HEADER
from broadsheet.runtime.children.results import Read, Work
from broadsheet.values import RawPage


def work_page(raw: RawPage, options: Options, extracted_at: datetime) -> Work:
    """Do what the page names; the outcome says what came of it."""
    name, _, argument = raw.value.decode().partition(" ")
    return Read((), DEEDS[name](argument).encode(), "none")


def _spin(_: str) -> str:
    while True:
        pass


def _spin_in_c(_: str) -> str:
    """Holds the interpreter for ages, in one call of C that no handler of a signal can break into."""
    return str(re.match(r"(a|aa)+$", "a" * 200 + "!"))


def _told(deed: Callable[[], object]) -> str:
    try:
        return f"done {deed()}"
    except OSError as error:
        return f"failed {error.errno}"


def _open_many(_: str) -> str:
    with ExitStack() as opened:
        return _told(lambda: [opened.enter_context(Path("/dev/null").open()) for _ in range(1_000)])


def _write_file(path: str) -> str:
    return _told(lambda: Path(path).write_bytes(b"x" * 10))


def _thread(_: str) -> str:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    return "done"


def _ptrace(pid: str) -> str:
    ctypes.set_errno(0)
    ctypes.CDLL(None, use_errno=True).ptrace(16, int(pid), 0, 0)  # attach
    return f"failed {ctypes.get_errno()}"


def _files(_: str) -> str:
    return "\n".join(str(file.readlink()) for file in _own_files())


def _own_files() -> list[Path]:
    """All but the one that looking takes."""
    found = sorted(Path("/proc/self/fd").iterdir(), key=lambda file: int(file.name))
    return [file for file in found if file.is_symlink()]


def _limits(_: str) -> str:
    return " ".join(str(resource.getrlimit(limit)[1]) for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE))


def _say(said: str) -> str:
    """Put bytes of one's own into the pipe of answers, unasked."""
    for file in _own_files():
        number = int(file.name)
        if number > 2 and _is_pipe_for_writing(number):
            os.write(number, bytes.fromhex(said))
    return "said"


def _is_pipe_for_writing(number: int) -> bool:
    try:
        told = Path(f"/proc/self/fdinfo/{number}").read_text()
        return Path(f"/proc/self/fd/{number}").readlink().name.startswith("pipe:") and bool(int(told.split()[3], 8) & 1)
    except OSError:
        return False


DEEDS: dict[str, Callable[[str], str]] = {
    "spin": _spin,
    "spin-in-c": _spin_in_c,
    "environment": lambda _: Path("/proc/self/environ").read_text(),
    "parent-environment": lambda _: Path(f"/proc/{os.getppid()}/environ").read_text(),
    "socket": lambda _: _told(socket.socket),
    "exec": lambda path: _told(lambda: os.execv(path, [path])),
    "fork": lambda _: _told(os.fork),
    "thread": _thread,
    "ptrace": _ptrace,
    "open-many": _open_many,
    "write-file": _write_file,
    "files": _files,
    "limits": _limits,
    "say": _say,
}


def frame(head: bytes, body: bytes = b"") -> str:
    """A frame as `say` takes it."""
    return (HEADER.pack(len(head), len(body)) + head + body).hex()


def huge_frame() -> str:
    """The beginning of a frame that would fill all memory."""
    return struct.pack("<IQ", 4, 1 << 60).hex()
