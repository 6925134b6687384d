"""The compiled core: built from just its sources; without a compiler, or where it is not built, one line says so."""

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import broadsheet

ROOT = Path(__file__).parents[2]
PACKAGE = Path(broadsheet.__file__).parent
MODULES = sorted(path.stem for path in (PACKAGE / "native").glob("*.pyx"))


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", MODULES)
def test_a_compiled_module_is_typed_and_not_older_than_its_source(name: str) -> None:
    source = PACKAGE / "native" / f"{name}.pyx"
    built = Path(str(import_module(f"broadsheet.native.{name}").__file__))
    assert built.name == f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
    assert built.stat().st_mtime >= source.stat().st_mtime, "make core"
    assert source.with_suffix(".pyi").is_file() or source.with_suffix(".pxd").is_file(), "for Python, or for Cython"


def test_a_build_without_a_compiler_ends_with_one_line() -> None:
    ended = run(sys.executable, "hatch_build.py", CC="no-such-compiler")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert "no C compiler (no-such-compiler)" in ended.stderr


def test_make_stops_with_one_line_where_it_may_not_install_a_compiler() -> None:
    ended = run("requirements/compiler.sh", sys.executable, CC="no-such-compiler", NEEDS="no")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert "C compiler" in ended.stderr
    assert run("requirements/compiler.sh", sys.executable, NEEDS="no").returncode == 0


def test_a_command_without_the_compiled_core_says_what_to_do(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "broadsheet", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    program = "from broadsheet.cli import main; main()"
    ended = run(sys.executable, "-c", program, "extract", "README.md", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "make core" in ended.stderr


def test_a_parser_that_lacks_a_function_is_named_in_one_line() -> None:
    program = (
        "import _ctypes; from selectolax import lexbor; lexbor.__file__ = _ctypes.__file__; "
        "from broadsheet.cli import main; main()"
    )
    ended = run(sys.executable, "-c", program, "extract", "README.md")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert f"selectolax {version('selectolax')} lacks lxb_html_document_create" in ended.stderr
