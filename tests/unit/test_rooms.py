"""Core and runtime are houses: rooms on floors, imports go down only, and the core imports nothing of the shell."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet

ROOT = Path(broadsheet.__file__).parent
FLOORS = (
    ("errors", "json_text", "marks", "moments", "rendering", "timing"),
    ("native", "values", "options"),
    ("text", "models", "cohesion", "places"),
    ("html.scan", "dump.features", "decode"),
    ("html.head", "dump.split", "identity"),
    ("html.split", "html.title", "html.authors", "html.body", "enrich", "records"),
    ("html.refuse",),
    ("html.stories",),
    ("html", "dump"),
    ("audit", "loading", "pipeline"),
    ("library",),
)
"""Lowest first. Rooms of one floor do not know each other."""
RUNTIME_FLOORS = (
    ("settings", "metrics", "seen", "scratch", "contracts", "listening", "loaded"),
    ("logs", "local_kafka", "kafka", "children"),
    ("delivery", "work"),
    ("pages", "dead", "watch", "outcomes"),
    ("app",),
    ("worker",),
)
"""The same in `runtime/`: agents (`pages`) stand over `delivery`, which knows none of them, and not on one another."""
SHELL = ("runtime", "feed", "cli", "inputs", "scrapy", "samples")
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
RUNTIME_FLOOR = {room: floor for floor, rooms in enumerate(RUNTIME_FLOORS) for room in rooms}


def room_of(module: str) -> str:
    """The room of a module, by its name in the package: the longest name of a room that it lies in."""
    return next(
        (name for name in (".".join(module.split(".")[:2]), module.split(".", maxsplit=1)[0]) if name in FLOOR), module
    )


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that a source imports, wherever in it."""
    text = path.read_text("utf-8")
    if path.suffix == ".pyx":
        yield from re.findall(r"(?m)^\s*from broadsheet\.([\w.]+) import", text)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "broadsheet":
            base = node.module.removeprefix("broadsheet").lstrip(".")
            yield from (f"{base}.{name.name}".lstrip(".") for name in node.names)


SOURCES = [
    path
    for path in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.pyx")])
    if path.relative_to(ROOT).parts[0] not in SHELL and path != ROOT / "__init__.py" and path != ROOT / "__main__.py"
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    own = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert own in FLOOR, "a room without a floor"
    for module in imports(path):
        room = room_of(module)
        if room in (own, "__version__"):
            continue
        assert module.split(".")[0] not in SHELL, f"the core imports the shell: {module}"
        assert FLOOR[room] < FLOOR[own], f"{own} imports {module}"


@pytest.mark.parametrize("path", sorted((ROOT / "runtime").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_of_the_runtime_go_down(path: Path) -> None:
    own = path.relative_to(ROOT / "runtime").with_suffix("").parts[0]
    if own == "__init__":
        assert not list(imports(path)), "the runtime's own page imports nothing"
        return
    assert own in RUNTIME_FLOOR, "a room without a floor"
    for module in imports(path):
        top, _, rest = module.partition(".")
        assert top not in SHELL or top in ("runtime", "samples"), f"the runtime imports {module}"
        room = rest.split(".")[0]
        if top == "runtime" and room != own:
            assert RUNTIME_FLOOR[room] < RUNTIME_FLOOR[own], f"{own} imports {module}"
