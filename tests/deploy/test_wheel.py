"""A wheel: what an index takes, and all that a machine without a compiler needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "tests/golden/recipe/page.html"


def run(*command: str | Path, **variables: str) -> str:
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.mark.long
def test_a_wheel_reads_a_page_where_there_is_no_compiler(tmp_path: Path) -> None:
    for old in (ROOT / "dist").glob("*.whl"):
        old.unlink()
    run("make", "wheel")
    (wheel,) = (ROOT / "dist").glob("*.whl")
    assert "-linux_" not in wheel.name, "an index refuses it"
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    alone = {"PATH": str(tmp_path / "venv/bin"), "CC": "no-such-compiler", "PYTHONPATH": ""}
    run(tmp_path / "venv/bin/pip", "install", "--quiet", "--only-binary", ":all:", wheel, **alone)
    told = run(tmp_path / "venv/bin/broadsheet", "extract", PAGE, **alone)
    assert [json.loads(line)["schema"] for line in told.splitlines()] == ["article/1"]
