"""The schemas that come with Broadsheet, read from where they are: beside the package, or in the repository.

For `broadsheet doctor` and the tests. Nothing that works on pages reads a schema.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

NAMES = ("raw-page", "article", "outcome", "dead-letter")
_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parent.parent / "schemas")  # of a wheel, of a checkout


class ContractsMissingError(Exception):
    """The schemas did not come with this installation, or one of them cannot be read."""


def folder() -> Path:
    """The folder of the schemas. Raises `ContractsMissingError`."""
    found = next((path for path in _FOLDERS if (path / "asyncapi.yaml").is_file()), None)
    if found is None:
        raise ContractsMissingError("no schemas folder: the installation is incomplete")
    return found


@cache
def schema(name: str, version: int = 1) -> dict[str, Any]:
    """A contract as JSON Schema (2020-12): one of `NAMES`. Raises `ContractsMissingError`."""
    path = folder() / name / f"{version}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ContractsMissingError(f"schema {name}/{version} cannot be read: {error}") from None
    return found
