"""A worker's folder for what it needs only while it lives: what Faust makes, and whatever else takes a temporary file.

It goes with the worker. A worker that is killed leaves its folder behind; the next one on the machine clears it away.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "broadsheet-worker-"
LOCK = "lock"
"""Held by the living; whoever can take another's lock finds it dead."""

YOUNG_SECONDS = 60.0
"""A folder may have been made just now, and its lock not be taken yet."""


def scratch() -> Path:
    """A folder of this process' own, where all its temporary files go from now on; removed when the process ends."""
    clear_stale()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _lock(folder)  # until the process ends, whatever ends it
    tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def clear_stale() -> None:
    """Remove what killed workers of this user left, and nothing of anyone else's."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            _clear(folder)


def _clear(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid() or time.time() - found.st_mtime < YOUNG_SECONDS or folder.is_symlink():
        return
    held = _lock(folder)
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def _lock(folder: Path) -> int:
    """Take the folder's lock; OSError where its worker lives."""
    file = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise
    return file
