"""Builds the core's Cython modules, `broadsheet.native`: into a wheel, as hatchling's hook, or into this checkout.

    python hatch_build.py          # what make core does; builds only what is older than its source

Without a C compiler or Python's headers it ends with one line that says so: there is no core without them.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WORKERS = ROOT / "workers"
NATIVE = WORKERS / "broadsheet" / "native"
MADE = ROOT / "build"
"""The C that Cython writes, and its objects: what is newer than its source is not made again."""


def compiler() -> str:
    """The C compiler, as setuptools picks it."""
    return (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]


def hindrance() -> str | None:
    """What is missing to compile here, in one line, or None."""
    include = sysconfig.get_path("include")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "probe.c").write_text("#include <Python.h>\n")
        try:
            run = subprocess.run(
                [compiler(), f"-I{include}", "-c", "probe.c", "-o", "probe.o"],
                cwd=folder, capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError:
            run = None
    if run is not None and run.returncode == 0:
        return None
    missing = f"no C compiler ({compiler()})" if run is None else f"no Python.h in {include} that {compiler()} can read"
    return f"Broadsheet's core is compiled, and there is {missing} here (Debian: apt install gcc libc6-dev python3-dev)"


def build() -> None:
    """Compile beside the sources what is older than its own. Raises SystemExit where C fails."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.errors import BaseError

    os.chdir(ROOT)
    # -O3 counts here: loops over characters and trees, which it unrolls and lets run side by side.
    extensions = [
        Extension(
            f"broadsheet.native.{path.stem}", [str(path.relative_to(ROOT))],
            extra_compile_args=["-O3", "-g0", "-w"],
        )
        for path in sorted(NATIVE.glob("*.pyx"))
    ]  # fmt: skip
    made = cythonize(  # type: ignore[no-untyped-call]
        extensions, build_dir=str(MADE / "c"), include_path=[str(WORKERS)], nthreads=os.cpu_count() or 1, quiet=True
    )
    command: Any = Distribution({"ext_modules": made, "package_dir": {"": "workers"}}).get_command_obj("build_ext")
    command.inplace, command.build_temp, command.parallel = True, str(MADE / "objects"), os.cpu_count()
    command.ensure_finalized()
    try:
        command.run()
    except BaseError as error:
        sys.exit(f"Broadsheet's core could not be compiled: {error}")


class NativeWheel(BuildHookInterface[Any]):
    """Puts the compiled modules of this Python into a wheel, beside their sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile beside the sources: where they are fresh nothing is made again."""
        if problem := hindrance():
            self.app.abort(problem)
        build()
        made = NATIVE.glob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}")
        build_data["force_include"].update({str(path): f"broadsheet/native/{path.name}" for path in made})
        build_data["pure_python"], build_data["infer_tag"] = False, True


if __name__ == "__main__":
    if problem := hindrance():
        sys.exit(problem)
    build()
