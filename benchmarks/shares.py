"""A share of a core for a process and all that it starts, by a quota of the kernel's (cgroups, of either version).

Needs the right to make groups, which root has. Where there is none, `Unheld` says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil

PERIOD_US = 20_000
"""Short, so that a worker never stands still for long: a page takes some 10 ms."""

ROOTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
"""Of version 1, and of version 2."""


class Unheld(Exception):  # noqa: N818 - says what the processes are
    """No group with a quota can be made here."""


@contextmanager
def shares(share: float, pids: list[int]) -> Iterator[None]:
    """Hold each process, and those below it, to `share` of a core."""
    made: list[Path] = []
    try:
        for pid in pids:
            made.append(_group(share))
            for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                (made[-1] / "cgroup.procs").write_text(str(process.pid))
        yield
    finally:
        for group in made:
            _let_go(group)


def _group(share: float) -> Path:
    quota = int(share * PERIOD_US)
    for root in ROOTS:
        group = root / f"broadsheet-{uuid4().hex[:8]}"
        with suppress(OSError):
            group.mkdir()
            for file, text in (
                ("cpu.cfs_period_us", str(PERIOD_US)),
                ("cpu.cfs_quota_us", str(quota)),
                ("cpu.max", f"{quota} {PERIOD_US}"),
            ):
                if (group / file).exists():
                    (group / file).write_text(text)
            if (group / "cpu.cfs_quota_us").exists() or (group / "cpu.max").exists():
                return group
            group.rmdir()
    raise Unheld("no cgroup with a quota of CPU can be made here")


def _let_go(group: Path) -> None:
    """The group goes when nobody is in it."""
    with suppress(OSError):
        for pid in (group / "cgroup.procs").read_text().split():
            with suppress(OSError):
                (group.parent / "cgroup.procs").write_text(pid)
        group.rmdir()
