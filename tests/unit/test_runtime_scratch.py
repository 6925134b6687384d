"""A worker's scratch folder goes with it; what killed workers left is cleared away, and nothing else."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from broadsheet.runtime.scratch import PREFIX, YOUNG_SECONDS, clear_stale

LIVE = """
import sys, tempfile
from broadsheet.runtime.scratch import scratch
folder = scratch()
assert str(folder) == tempfile.gettempdir()
print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def live(place: Path) -> tuple["subprocess.Popen[str]", Path]:
    """A process with a scratch folder, which ends when its input does."""
    pipe = subprocess.PIPE
    environment = {**os.environ, "TMPDIR": str(place)}
    process = subprocess.Popen(
        [sys.executable, "-c", LIVE], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def grow_old(path: Path) -> None:
    then = time.time() - YOUNG_SECONDS - 1
    os.utime(path, (then, then), follow_symlinks=False)


def test_the_folder_goes_with_its_process(own_place: Path) -> None:
    process, folder = live(own_place)
    assert folder.parent == own_place
    assert process.communicate()[1] == ""
    assert list(own_place.iterdir()) == []


def test_what_a_killed_worker_left_is_cleared_away_once_it_is_dead(own_place: Path) -> None:
    process, folder = live(own_place)
    grow_old(folder)
    clear_stale()
    assert folder.exists(), "it lives"
    process.kill()
    process.communicate()
    assert folder.exists()
    grow_old(folder)
    clear_stale()
    assert not folder.exists()


def test_the_young_and_others_are_left_alone(own_place: Path) -> None:
    young, other = own_place / f"{PREFIX}young", own_place / "broadsheet-other"
    for folder in (young, other):
        folder.mkdir()
    grow_old(other)
    clear_stale()
    assert young.exists()
    assert other.exists()


def test_a_link_to_elsewhere_is_not_followed(own_place: Path) -> None:
    elsewhere, link = own_place / "elsewhere", own_place / f"{PREFIX}link"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    link.symlink_to(elsewhere)
    grow_old(link)
    grow_old(elsewhere)
    clear_stale()
    assert (elsewhere / "precious").exists()
