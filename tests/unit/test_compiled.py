"""The compiled core: used only where it is just its source, and the same in every byte as the source as it stands."""

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

import broadsheet
from broadsheet import compiled

ROOT = Path(__file__).parents[2]
PACKAGE = Path(broadsheet.__file__).parent
TABLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["broadsheet"]
LISTED = TABLE["compiled"]
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))
COMPILER = str(sysconfig.get_config_var("CC") or "cc").split()[0]

needs_compiled = pytest.mark.skipif(compiled.STATE != "compiled", reason=f"the core is {compiled.STATE}")

RECORDS = """
import hashlib, sys
from broadsheet import compiled
from broadsheet.values import RawPage
from tests.golden.cases import case_names, case_options, case_page, outcome

def page(text, kind="text/html"):
    headers = (("url", b"https://paper.example/a"), ("content-type", kind.encode()))
    return RawPage(text.encode("utf-8", "surrogatepass"), headers=headers)

story = "<h1>A ferry late again</h1><p>By Ann Berg, 3 March 2026</p>" + "<p>The council met, and nobody came. </p>" * 40
texts = ["", "<", "<p>" * 5000, "<div>" * 7000 + "x", "<p>" + "x" * 100_000, "<b><i><p>x</b></i>" * 2000, "\\0<p>a\\0b",
    "<p>" + "&amp;#x" * 9000, "<h1>x y z</h1>" * 3000, '<p class="' + "aB-" * 50_000 + '">text',
    "\\ud800\\udfff<p>\\ufffe",
    "<table>" * 2000 + story, story * 30, story + '<script type="application/ld+json">' + "[" * 3000 + "</script>",
    '<time datetime="2026-99-99">x</time><a href="http://[">y</a>' * 500 + story, ("x" + "<br> " * 200) * 100 + story,
    "<svg>" + "<path/>" * 9000 + "</svg>" + story, "\u0e01" * 5000, "<p>" + "\u05d0\u200f " * 3000]
ended = [repr(outcome(case_page(name), case_options(name))) for name in case_names()]
for text in texts:
    ended += [repr(outcome(page(text))), repr(outcome(page(text, "text/plain")))]
print(compiled.STATE, hashlib.sha256("\\n".join(ended).encode("utf-8", "replace")).hexdigest(), len(ended), sep="\\n")
"""
LOADED = """
import sys
from broadsheet import compiled, pipeline
files = [module.__file__ for name, module in sys.modules.items() if name.startswith("broadsheet.")]
print(compiled.STATE, *files, sep="\\n")
"""


def told(program: str, **variables: str) -> list[str]:
    """The lines that a program prints in a process of its own."""
    environment = {**os.environ, **variables}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()


@pytest.mark.skipif(shutil.which(COMPILER) is None, reason="no C compiler")
def test_what_is_listed_is_compiled() -> None:
    assert compiled.STATE == "compiled", "make core"
    files = {name: str(importlib.import_module(f"broadsheet.{name}").__file__) for name in LISTED}
    files |= {name: str(importlib.import_module(f"broadsheet.native.{name}").__file__) for name in TABLE["native"]}
    assert not {name: file for name, file in files.items() if not file.endswith(SUFFIX)}


@needs_compiled
def test_compiled_or_not_a_page_gives_the_same_bytes() -> None:
    as_built, as_written = told(RECORDS), told(RECORDS, BROADSHEET_PURE="1")
    assert (as_built[0], as_written[0]) == ("compiled", "pure Python: BROADSHEET_PURE is set")
    assert as_built[1:] == as_written[1:]
    assert int(as_built[2]) > 60


@needs_compiled
def test_after_an_edit_no_compiled_module_is_used(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "broadsheet", ignore=shutil.ignore_patterns("__pycache__"))
    for library in PACKAGE.parent.glob("broadsheet__mypyc*"):
        shutil.copy2(library, tmp_path)
    state, *files = told(LOADED, PYTHONPATH=str(tmp_path))
    assert state == "compiled"
    assert any(file.endswith(SUFFIX) for file in files)
    with (tmp_path / "broadsheet/blocks/tree.py").open("a") as source:
        source.write("# edited\n")
    state, *files = told(LOADED, PYTHONPATH=str(tmp_path))
    assert state == "pure Python: sources have changed since they were compiled"
    assert all(file.startswith(str(tmp_path)) and file.endswith(".py") for file in files)


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        (None, "pure Python"),
        ("no JSON", "pure Python"),
        (
            {"one.py": "the hash of something else"},
            "pure Python: sources have changed since they were compiled",
        ),
        ({"gone.py": ""}, "pure Python: sources have changed since they were compiled"),
        ({"one.py": "its own"}, "compiled"),
    ],
)
def test_a_build_counts_where_it_is_of_just_these_sources(
    mark: dict[str, str] | str | None, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    monkeypatch.setattr(compiled, "MARK", tmp_path / "compiled.json")
    monkeypatch.setattr(sys, "meta_path", [])
    (tmp_path / "one.py").write_text("x = 1")
    if isinstance(mark, dict):
        own = compiled.digest(tmp_path / "one.py")
        mark = json.dumps({name: own if value == "its own" else value for name, value in mark.items()})
    if mark is not None:
        compiled.MARK.write_text(mark)
    assert compiled.choose() == state
    assert len(sys.meta_path) == (":" in state)


def test_no_compiled_function_can_reach_itself() -> None:
    """Compiled code has no limit of depth: recursion that a page drives would end the process."""
    calls: dict[str, set[str]] = {}
    for name in LISTED:
        tree = ast.parse(PACKAGE.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8"))
        imports = {
            item.asname or item.name: f"{node.module}.{item.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for item in node.names
        }
        methods = {each: node.name for node in tree.body if isinstance(node, ast.ClassDef) for each in node.body}
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            inside = list(ast.walk(function))
            used = {node.id for node in inside if isinstance(node, ast.Name)}
            held = {f"self.{node.attr}" for node in inside if isinstance(node, ast.Attribute) and _is_self(node.value)}
            reached = {imports.get(each, f"broadsheet.{name}.{each}") for each in used | held}
            own = f"self.{function.name}" if function in methods else function.name
            calls.setdefault(f"broadsheet.{name}.{own}", set()).update(reached)
    assert len(calls) > 100
    assert not [function for function in calls if function in _reached(calls, function)]


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _reached(calls: dict[str, set[str]], function: str) -> set[str]:
    reached: set[str] = set()
    open_ = [function]
    while open_:
        new = calls.get(open_.pop(), set()) - reached
        reached |= new
        open_ += new
    return reached
