"""Compiles the core's hot modules by mypyc and Cython: into a wheel, as hatchling's build hook, or into this checkout.

    python hatch_build.py          # what make core does; nothing where the build is fresh

The modules are listed in pyproject.toml (`tool.broadsheet.compiled`): those that gain by it and in which no input
drives a recursion, as compiled code has no limit of depth; and `tool.broadsheet.native`, in Cython, each with a twin in
Python. Without a C compiler, mypyc or Cython, or with `BROADSHEET_PURE` set, one line says so and the sources are used
as they stand, with the same result.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WORKERS = ROOT / "workers"
PACKAGE = WORKERS / "broadsheet"
MARK = "compiled.json"
TOOLS = ("cython>=3.1", "mypy>=1.16", "setuptools>=70")


def listed(*kinds: str) -> list[str]:
    """The modules that pyproject.toml lists as `compiled`, `native` or `twins`, by their full names."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["broadsheet"]
    inside = {"native": "broadsheet.native"}
    return [f"{inside.get(kind, 'broadsheet')}.{name}" for kind in kinds for name in table[kind]]


def source(module: str) -> Path:
    """A module's file, from the folder that holds the package."""
    path = Path(*module.split("."))
    return path.with_suffix(".pyx" if path.parent.name == "native" else ".py")


def hindrance() -> str | None:
    """Why nothing can be compiled here, or None."""
    if os.environ.get("BROADSHEET_PURE"):
        return "BROADSHEET_PURE is set"
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"there is no C compiler ({compiler})"
    include = Path(sysconfig.get_path("include"), "Python.h")
    return None if include.exists() else f"Python's headers are missing ({include})"


def _without_tools() -> str | None:
    missing = [name for name in ("Cython", "mypyc", "setuptools") if find_spec(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else None


def hashes() -> dict[str, str]:
    """What the mark of a build says: its sources and the twins of native ones, by their paths in the package."""
    sources = {WORKERS / source(name) for name in listed("compiled", "native", "twins")}
    sources |= set((PACKAGE / "native").glob("*.pxd"))
    return {path.relative_to(PACKAGE).as_posix(): _hash(path) for path in sorted(sources)}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compile_core(folder: Path) -> list[Path]:
    """The compiled modules and their mark, made in `folder`: paths as from the folder that holds the package.

    In a process of its own, on a copy of the sources. Raises `RuntimeError` with the last lines of what went wrong.
    """
    shutil.copytree(
        WORKERS / "broadsheet", folder / "broadsheet", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    )
    run = subprocess.run(
        [sys.executable, __file__, "--compile"], cwd=folder, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError("\n".join((run.stdout + run.stderr).strip().splitlines()[-15:]))
    (folder / "broadsheet" / MARK).write_text(json.dumps(hashes(), indent=1), "utf-8")
    made = [path for path in folder.rglob("*") if path.suffix in (".so", ".pyd") and "made" not in path.parts]
    return [path.relative_to(folder) for path in [*made, folder / "broadsheet" / MARK]]


def _compile_here() -> None:
    """Runs mypyc, Cython and the C compiler on the package in the working directory."""
    from Cython.Build import cythonize
    from mypyc.build import mypycify
    from setuptools import Distribution, Extension

    os.environ["MYPYPATH"] = str(Path.cwd())
    options = ["--config-file=", "--ignore-missing-imports", "--explicit-package-bases", "--cache-dir=made/cache"]
    files = [str(source(name)) for name in listed("compiled")]
    # -O1 is as fast here as -O3 and compiles in half the time: what the core waits for is Python's own data.
    extensions = mypycify(
        [*options, *files], opt_level="1", debug_level="0", group_name="broadsheet", target_dir="made"
    )
    # Here -O3 counts: loops over characters and trees, which it unrolls and lets run side by side.
    extensions += cythonize(  # type: ignore[no-untyped-call]
        [Extension(name, [str(source(name))], extra_compile_args=["-O3", "-g0"]) for name in listed("native")],
        build_dir="made",
        quiet=True,
    )
    command: Any = Distribution({"name": "broadsheet", "ext_modules": extensions}).get_command_obj("build_ext")
    command.inplace, command.build_temp, command.build_lib = True, "made/objects", "made/lib"
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()


def fresh() -> bool:
    """Whether this checkout holds a build of just these sources for this Python."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    try:
        marked = json.loads((PACKAGE / MARK).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(marked == hashes()) and all(
        (WORKERS / source(name)).with_suffix(suffix).exists() for name in listed("compiled", "native")
    )


def clear() -> None:
    """Take away what was compiled into this checkout."""
    for path in (*WORKERS.rglob("*.so"), *WORKERS.rglob("*.pyd"), PACKAGE / MARK):
        path.unlink(missing_ok=True)


def in_place() -> None:
    """Compile into this checkout, unless its build is fresh. An older one goes, whatever comes of it."""
    problem = hindrance() or _without_tools()
    if not problem and fresh():
        return
    clear()
    if not problem:
        print("Compiling the core (half a minute, again only when its source has changed) ...", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            try:
                made = compile_core(Path(folder))
            except RuntimeError as error:
                problem = f"compiling failed:\n{error}"
            else:
                # The mark first: it guards the others. Then the shared library that the modules load.
                for path in sorted(made, key=lambda path: (path.name != MARK, len(path.parts))):
                    shutil.copy2(Path(folder, path), WORKERS / path)
    if problem:
        print(f"The core stays pure Python, with the same results at twice the cost: {problem}", file=sys.stderr)


class CompiledWheel(BuildHookInterface[Any]):
    """Puts the compiled modules into a wheel, beside their sources; without a compiler the wheel is pure."""

    def dependencies(self) -> list[str]:
        """What an isolated build installs for it."""
        return [] if hindrance() else list(TOOLS)

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in a folder that lasts until the wheel is written. An editable install gets no compiled modules."""
        if version == "editable":
            return
        problem = hindrance() or _without_tools()
        if problem:
            self.app.display_warning(f"A wheel of pure Python, with the same results at twice the cost: {problem}")
            return
        self.folder = tempfile.TemporaryDirectory()
        made = compile_core(Path(self.folder.name))
        build_data["force_include"].update({str(Path(self.folder.name, path)): str(path) for path in made})
        build_data["pure_python"], build_data["infer_tag"] = False, True


def main() -> None:
    """As a script."""
    if sys.argv[1:] == ["--compile"]:
        _compile_here()
    else:
        in_place()


if __name__ == "__main__":
    main()
