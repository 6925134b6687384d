"""The core receives the world as arguments: outside runtime, feed, cli and inputs no module reaches for it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet

ROOT = Path(broadsheet.__file__).parent
SHELL = {"runtime", "feed", "cli", "inputs", "scrapy", "samples", "library.py"}
_WORLD = """asyncio aiohttp aiokafka concurrent faust glob http kafka logging multiprocessing os pathlib random
requests secrets shutil signal socket sqlite3 ssl structlog subprocess sys tempfile threading time urllib.request uuid
prometheus_client"""
WORLD = set(_WORLD.split())
ALLOWED = {("timing.py", "time")}
"""The core's own CPU time is measured in one module."""
CLOCK_CALLS = {"now", "today", "utcnow", "fromtimestamp"}

MODULES = sorted(
    path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in SHELL and path != ROOT / "__main__.py"
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_core_module_does_not_reach_for_the_world(path: Path) -> None:
    where = path.relative_to(ROOT).parts[0]
    names = set(imported(ast.parse(path.read_text("utf-8"))))
    world = {name for name in names for part in (name, name.split(".")[0]) if part in WORLD}
    assert not {name for name in world if (where, name.split(".")[0]) not in ALLOWED}
    assert not {name for name in names if name.startswith("broadsheet.") and name.split(".")[1] in SHELL}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_core_module_neither_reads_files_nor_asks_the_time(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id in {"open", "input", "print"}]
    assert not [call for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCK_CALLS]


def test_the_modules_looked_at_are_the_core() -> None:
    names = {path.name for path in MODULES}
    assert {"pipeline.py", "identity.py", "values.py", "engine.py", "tree.py", "article.py"} <= names
