"""What a child may not do: outlive its worker, take all memory, write files, dump core, open sockets, start programs.

A child parses what strangers wrote. Each bound is set before the first page, and none can be taken back. A bound that
a system does not know is left out there; SECURITY.md says which hold where.
"""

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

from broadsheet.runtime.children.forbidden import forbid

FILES = 32
"""Open at once: the pipes, and a module that is imported late."""

DIE_WITH_PARENT, DUMPABLE, NO_NEW_PRIVILEGES = 1, 4, 38
"""`PR_SET_PDEATHSIG`, `PR_SET_DUMPABLE` and `PR_SET_NO_NEW_PRIVS` of Linux' prctl(2)."""


def confine(memory: int, parent: int) -> None:
    """Set all bounds. `memory` is in bytes above what is used now; `parent` is the process that forked this one."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(0)  # it died before that
    for limit, bound in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, FILES)):
        _limit(limit, bound)
    _limit(resource.RLIMIT_AS, _memory_used(memory))
    prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    forbid()


def die_with_parent() -> None:
    """A child whose parent (the server it is forked from) is killed counts as dead and is replaced: it must not go on
    beside its successor, nor outlive its worker. Where the system has no such call it ends with its pipe."""
    prctl(DIE_WITH_PARENT, signal.SIGKILL)


def _memory_used(more: int) -> int:
    """Bytes of addresses in use, and `more`. Where the system does not tell (no /proc) there is no cap."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * resource.getpagesize() + more
    return resource.RLIM_INFINITY


def _limit(limit: int, bound: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        bound = hard if bound == resource.RLIM_INFINITY else min(bound, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(limit, (bound, bound))


def prctl(*arguments: int) -> None:
    """Linux' call of that name; nothing where there is none."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(*arguments)
