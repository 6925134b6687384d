"""The compiled core: whether there is one, and that it is never older than its source.

The modules that pyproject.toml lists under `tool.broadsheet.compiled` may be compiled (`hatch_build.py` does it); the
same source runs as it stands where they are not. Those in `native` are written in Cython beside Python that gives the
same (`tool.broadsheet.twins`), which runs in their place. Beside compiled modules lies `compiled.json` with the hash
of each source, the twins' among them. Where one differs, as after an edit, or where `BROADSHEET_PURE` is set, Python's
own loader is put before the compiled modules, all of them, and `native` cannot be imported. Runs once, when the package
is imported.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parent
MARK = PACKAGE / "compiled.json"


class FromSource(MetaPathFinder):
    """Finds the source of some modules, whatever lies beside it."""

    def __init__(self, sources: Mapping[str, Path]) -> None:
        self.sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        source = self.sources.get(fullname)
        loader = SourceFileLoader(fullname, str(source))
        return spec_from_file_location(fullname, source, loader=loader) if source else None


def module_of(source: str) -> str:
    """The module that a source is, by its path in this package."""
    return ".".join((PACKAGE.name, *Path(source).with_suffix("").parts))


def digest(source: Path) -> str:
    """What `compiled.json` says of a source."""
    return hashlib.sha256(source.read_bytes()).hexdigest()


def marked() -> dict[str, str]:
    """The sources that were compiled, and the twins of native ones, by their paths in this package, each with its hash
    then; none where there is no such build.
    """
    try:
        found: dict[str, str] = json.loads(MARK.read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def choose() -> str:
    """Put the sources first where the compiled modules are not to be used; says what is used from now on, and why."""
    hashes = marked()
    if not hashes:
        return "pure Python"
    sources = {path: PACKAGE / path for path in hashes}
    if os.environ.get("BROADSHEET_PURE"):
        reason = "BROADSHEET_PURE is set"
    elif any(not source.exists() or digest(source) != hashes[path] for path, source in sources.items()):
        reason = "sources have changed since they were compiled"
    else:
        return "compiled"
    python = {module_of(path): source for path, source in sources.items() if source.suffix == ".py"}
    sys.meta_path.insert(0, FromSource(python))
    return f"pure Python: {reason}"


STATE = choose()
