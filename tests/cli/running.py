"""Runs the command line as people do: a process of its own, in a folder of its own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from broadsheet.cli import main

COMMAND = [sys.executable, "-c", "from broadsheet.cli import main; main()"]


def environment(**more: str) -> dict[str, str]:
    """This process' environment without what Python's own test runs leave there."""
    return {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "BROADSHEET_WORKER__CHILDREN": "1", **more}


def broadsheet(
    *arguments: str | Path, cwd: Path, given: bytes | None = None, timeout: float = 120, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end; `given` is its standard input."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=given if given is not None else b"",
        capture_output=True,
        timeout=timeout,
        env=environment(**more),
        check=False,
    )


def inside(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run it within this process, which is fast: for commands that end before they start anything."""
    out, errors = io.StringIO(), io.StringIO()
    kept = patch.dict(os.environ)  # --config is handed on to child processes as a variable
    with redirect_stdout(out), redirect_stderr(errors), kept, pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return subprocess.CompletedProcess(arguments, ended.value.code, out.getvalue().encode(), errors.getvalue().encode())


def error_line(run: subprocess.CompletedProcess[bytes]) -> str:
    """The one line that a failed command says."""
    lines = run.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: ")
    return lines[0]
