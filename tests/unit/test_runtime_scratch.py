"""A worker's scratch folder goes with it; what killed workers left is cleared away, and nothing else."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from broadsheet.runtime.scratch import PREFIX, YOUNG_SECONDS, clear_stale, scratch


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def grow_old(folder: Path) -> None:
    then = time.time() - YOUNG_SECONDS - 1
    os.utime(folder, (then, then))


def test_the_folder_goes_with_the_worker(own_place: Path) -> None:
    with scratch() as folder:
        (folder / "thing").touch()
        assert Path(tempfile.mkdtemp()).parent == folder
    assert list(own_place.iterdir()) == []
    assert tempfile.gettempdir() == str(own_place)


def test_what_a_killed_worker_left_is_cleared_away(own_place: Path) -> None:
    left = own_place / f"{PREFIX}killed"
    (left / "pymp-1").mkdir(parents=True)
    (left / "lock").touch()
    grow_old(left)
    with scratch():
        assert not left.exists()


def test_the_living_and_the_young_and_others_are_left_alone(own_place: Path) -> None:
    young, other = own_place / f"{PREFIX}young", own_place / "broadsheet-other"
    for folder in (young, other):
        folder.mkdir()
    grow_old(other)
    with scratch() as living:
        grow_old(living)
        clear_stale()
        assert living.exists()
    assert young.exists()
    assert other.exists()


def test_a_link_to_elsewhere_is_not_followed(own_place: Path) -> None:
    elsewhere = own_place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    link = own_place / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    then = time.time() - YOUNG_SECONDS - 1
    os.utime(link, (then, then), follow_symlinks=False)
    grow_old(elsewhere)
    clear_stale()
    assert (elsewhere / "precious").exists()
