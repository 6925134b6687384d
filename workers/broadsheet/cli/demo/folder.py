"""The demo's folder: one a run, so that runs do not meet; what earlier runs left is removed."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LOCK = "lock"


@contextlib.contextmanager
def run_folder(home: Path) -> Iterator[Path]:
    """A new folder under `home`/demo, held while the context lasts. Folders that no run holds are removed first."""
    runs = home / "demo"
    runs.mkdir(parents=True, exist_ok=True)
    for old in runs.iterdir():
        if old.is_dir() and not _is_held(old):
            shutil.rmtree(old, ignore_errors=True)
    folder = runs / uuid4().hex[:8]
    folder.mkdir()
    with (folder / _LOCK).open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _is_held(folder: Path) -> bool:
    """Whether a running demo holds it: its lock goes with its process, however that ends."""
    if fcntl is None:
        return False
    try:
        with (folder / _LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
