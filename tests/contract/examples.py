"""The examples beside the schemas, as the tests take them: each file is one, and all of them are taken."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from broadsheet.options import Limits
from broadsheet.runtime.contracts import folder
from broadsheet.values import RawPage


@dataclass(frozen=True)
class Example:
    """One file of examples: which contract, good or bad, what it holds."""

    contract: str
    kind: str
    path: Path
    held: dict[str, Any]

    def raw_page(self) -> RawPage:
        """The Kafka message that a raw page's example describes."""
        message = self.held["message"]
        key, headers = message.get("key"), message.get("headers", {})
        return RawPage(
            self._value(message),
            None if key is None else key.encode(),
            tuple((name, value.encode()) for name, value in headers.items()),
        )

    def limits(self) -> Limits:
        return Limits(**self.held.get("limits", {}))

    @staticmethod
    def _value(message: dict[str, Any]) -> bytes:
        if "value_base64" in message:
            return base64.b64decode(message["value_base64"], validate=True)
        value = message["value"]
        return value.encode() if isinstance(value, str) else orjson.dumps(value)


def examples(contract: str, kind: str) -> list[Any]:
    """All examples of a contract of a kind (good, bad, tolerated), as pytest parameters named after their files."""
    paths = sorted((folder() / contract / "examples" / kind).iterdir())
    assert paths, f"no {kind} examples of {contract}"
    return [pytest.param(Example(contract, kind, path, json.loads(path.read_bytes())), id=path.stem) for path in paths]
