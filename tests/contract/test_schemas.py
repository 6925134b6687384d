"""The schemas themselves: sound, closed where they say so, and one with the code's own lists."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from broadsheet.errors import NoneReason, Reason
from broadsheet.runtime.contracts import NAMES, folder, schema
from broadsheet.values import BODY_KINDS
from tests.contract.examples import examples
from tests.contract.holding import faults


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_sound(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_every_folder_is_a_contract_and_every_file_in_it_is_used() -> None:
    assert sorted(path.name for path in folder().iterdir() if path.is_dir()) == sorted(NAMES)
    expected = {folder() / "asyncapi.yaml"}
    for name in NAMES:
        expected.add(folder() / name / "1.json")
        for kind in ("good", "bad"):
            expected.update(example.values[0].path for example in examples(name, kind))
    expected.update(example.values[0].path for example in examples("raw-page", "tolerated"))
    assert {path for path in folder().rglob("*") if path.is_file()} == expected


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all objects within a record that the contract itself describes."""
    if isinstance(value, dict):
        yield path
        for name, one in value.items():
            if name not in ("metadata", "provenance", "timings_ms"):
                yield from objects(one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from objects(one, (*path, index))


@pytest.mark.parametrize("name", ["article", "outcome"])
def test_records_are_closed_at_every_level(name: str) -> None:
    for example in examples(name, "good"):
        held = example.values[0].held
        for path in objects(held):
            changed = copy.deepcopy(held)
            place = changed
            for step in path:
                place = place[step]
            place["no_such_field"] = 1
            assert faults(name, changed), f"{name} lets a field through at {path}"


@pytest.mark.parametrize("name", ["article", "outcome"])
def test_every_field_is_required_but_those_of_refusals(name: str) -> None:
    optional = {"article": {"page_type"}, "outcome": {"confidence"}}[name]
    assert {*schema(name)["required"]} == {*schema(name)["properties"]} - optional


def test_closed_lists_are_the_code_s() -> None:
    none, dead = (schema("outcome")["oneOf"][index]["properties"]["reason"]["enum"] for index in (1, 2))
    assert none == [reason.value for reason in NoneReason]
    assert dead == [reason.value for reason in Reason]
    assert schema("dead-letter")["properties"]["dead-reason"]["enum"] == dead
    kinds = schema("article")["$defs"]["block"]["properties"]["type"]["enum"]
    assert set(kinds) == {kind.value for kind in BODY_KINDS}


def test_a_page_is_the_same_in_article_and_outcome() -> None:
    article, outcome = schema("article")["$defs"]["page"], schema("outcome")["properties"]["page"]
    assert article["required"] == [*outcome["required"], "position", "of", "span"]
