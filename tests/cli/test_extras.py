"""What comes with the core alone, and what a command says whose extra is not installed."""

import os
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from broadsheet.cli import COMMANDS
from broadsheet.cli.extras import EXTRAS, NEEDED
from broadsheet.samples import samples

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PAGE = next(sample.raw.value for sample in samples() if sample.name == "one-story")


def required(extra: str) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in PROJECT["optional-dependencies"][extra]}


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_told_by_modules_that_it_brings(extra: str) -> None:
    brought = packages_distributions()
    assert {canonicalize_name(brought[module][0]) for module in EXTRAS[extra]} <= required(extra)


def test_every_command_names_extras_that_there_are() -> None:
    assert NEEDED.keys() <= COMMANDS.keys()
    assert {extra for extras in NEEDED.values() for extra in extras} <= EXTRAS.keys()
    [everything] = map(Requirement, PROJECT["optional-dependencies"]["all"])
    assert everything.extras == PROJECT["optional-dependencies"].keys() - {"all"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds the core's own dependencies and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = ["--quiet", "--require-hashes", "-r", str(ROOT / "requirements" / "core.txt")]
    subprocess.run([python, "-m", "pip", "install", *wanted], check=True)
    [packages] = folder.glob("lib/python3*/site-packages")
    (packages / "broadsheet.pth").write_text(str(ROOT / "workers"))
    return python


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-P", "-c", "from broadsheet.cli import main; main()", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "PYTHON"))}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.long
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the lock is tried with the oldest Python alone")
def test_the_core_alone_reads_pages(bare: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    done = run(bare, "extract", str(page), "--explain", "--html", str(tmp_path / "told.html"))
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "Valley railway" in done.stdout
    assert "<html" in (tmp_path / "told.html").read_text()
    assert run(bare, "settings").returncode == 0
    assert run(bare, "--help").returncode == 0


@pytest.mark.long
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the lock is tried with the oldest Python alone")
@pytest.mark.parametrize("command", NEEDED)
def test_a_command_without_its_extra_says_what_to_install(bare: Path, command: str) -> None:
    done = run(bare, command)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.endswith(f"pip install 'broadsheet[{','.join(NEEDED[command])}]'")
