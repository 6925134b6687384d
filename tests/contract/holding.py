"""Holds records to their schemas. For all tests that see a record: `valid("article", value)`."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from broadsheet.runtime.contracts import schema


@cache
def validator(name: str) -> Draft202012Validator:
    """A schema of `schemas/` as a validator that also holds dates to their format."""
    return Draft202012Validator(schema(name), format_checker=FormatChecker())


def faults(name: str, record: Any) -> list[str]:
    """What is wrong with a record by its schema, as lines; empty for a valid one."""
    return [
        f"{'.'.join(map(str, error.path)) or name}: {error.message}" for error in validator(name).iter_errors(record)
    ]


def valid(name: str, record: bytes | Mapping[str, Any]) -> dict[str, Any]:
    """The record as a dict; an AssertionError tells what its schema finds wrong.

    `name` is raw-page, article, outcome or dead-letter; a dead letter's record is `headers_record(headers)`.
    """
    found = orjson.loads(record) if isinstance(record, bytes) else dict(record)
    wrong = faults(name, found)
    assert not wrong, f"{name} record is not valid: {'; '.join(wrong)}"
    return found


def headers_record(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Kafka headers as the object that schemas/dead-letter describes."""
    return {name: value.decode("utf-8", "backslashreplace") for name, value in headers}
