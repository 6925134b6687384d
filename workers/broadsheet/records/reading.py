"""What all records are read with: JSON, the schema's name, and the fields that must be there.

This is what a consumer needs before it rests on a record, at the cost of a few type checks. The whole contract is the
JSON Schema, which tests hold every written record to.
"""

from collections.abc import Mapping
from types import NoneType
from typing import Any

import orjson

Types = tuple[type, ...]
TEXT: Types = (str,)
TEXT_OR_NULL: Types = (str, NoneType)
NUMBER: Types = (int, float)
INTEGER: Types = (int,)
INTEGER_OR_NULL: Types = (int, NoneType)
OBJECT: Types = (dict,)
OBJECT_OR_NULL: Types = (dict, NoneType)
LIST: Types = (list,)
LIST_OR_NULL: Types = (list, NoneType)
ANY: Types = (object,)

PAGE_FIELDS: Mapping[str, Types] = {
    "url": TEXT_OR_NULL,
    "page_id": TEXT_OR_NULL,
    "source": TEXT_OR_NULL,
    "topic": TEXT_OR_NULL,
    "partition": INTEGER_OR_NULL,
    "offset": INTEGER_OR_NULL,
    "fetched_at": TEXT_OR_NULL,
    "sha256": TEXT_OR_NULL,
}


class RecordError(ValueError):
    """A record that does not hold to its contract; the message names the field."""


def read_record(value: bytes, schema: str, fields: Mapping[str, Types], parts: Mapping[str, Any]) -> dict[str, Any]:
    """A record whose named fields are there and of their types; `parts` holds the same for objects within.

    A field that is not known is let through, so that a reader lives beside a newer writer.
    """
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise RecordError(f"not JSON ({error})") from None
    if not isinstance(record, dict):
        raise RecordError("not a JSON object")
    if record.get("schema") != schema:
        raise RecordError(f"schema: {schema} is read, this says {ascii(record.get('schema'))[:60]}")
    hold(record, fields, "")
    for name, within in parts.items():
        _hold_part(record[name], within, name)
    return record


def hold(record: Mapping[str, Any], fields: Mapping[str, Types], where: str) -> None:
    """Raises `RecordError` for the first field that is missing or of another type (true and false are no numbers)."""
    for name, types in fields.items():
        if name not in record:
            raise RecordError(f"{where}{name}: missing")
        value = record[name]
        if not isinstance(value, types) or (isinstance(value, bool) and types is not ANY):
            raise RecordError(f"{where}{name}: of the wrong type, {ascii(value)[:60]}")


def _hold_part(part: Any, fields: Mapping[str, Types], name: str) -> None:
    for one in part if isinstance(part, list) else [part]:
        if not isinstance(one, dict):
            raise RecordError(f"{name}: holds what is no object, {ascii(one)[:60]}")
        hold(one, fields, f"{name}.")
