"""The AsyncAPI document: of version 3's structure, every reference resolved, the topics those of the settings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from broadsheet.runtime.contracts import NAMES, folder
from broadsheet.runtime.settings import TopicSettings

PATH = folder() / "asyncapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def resolved(reference: str) -> Any:
    """What a reference points to, in the document or in a file beside it. KeyError or OSError where it does not."""
    path, _, pointer = reference.partition("#")
    place = json.loads((PATH.parent / path).read_text(encoding="utf-8")) if path else DOCUMENT
    for step in filter(None, pointer.split("/")):
        place = place[step.replace("~1", "/").replace("~0", "~")]
    return place


def message(reference: Any) -> dict[str, Any]:
    found: dict[str, Any] = resolved(reference["$ref"])
    return found


def test_structure() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert set(DOCUMENT) <= {
        "asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components",
    }  # fmt: skip
    assert {"title", "version"} <= set(DOCUMENT["info"])
    for channel in DOCUMENT["channels"].values():
        assert {"address", "messages"} <= set(channel) <= {"address", "title", "summary", "description", "messages"}
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"]["$ref"].startswith("#/channels/")


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_reference_resolves(reference: str) -> None:
    assert resolved(reference) is not None


def test_channels_are_the_topics() -> None:
    topics = TopicSettings()
    names = {topics.pages, topics.articles, topics.outcomes, topics.dead}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == names
    assert set(DOCUMENT["channels"]) == names


def test_the_worker_reads_pages_and_writes_all_else() -> None:
    done = {(one["action"], resolved(one["channel"]["$ref"])["address"]) for one in DOCUMENT["operations"].values()}
    topics = TopicSettings()
    assert done == {
        ("receive", topics.pages), ("send", topics.articles), ("send", topics.outcomes), ("send", topics.dead),
    }  # fmt: skip


def test_every_contract_is_a_message_s() -> None:
    used = {reference for reference in references(DOCUMENT) if reference.endswith(".json")}
    assert used == {f"./{name}/1.json" for name in NAMES}


def test_messages_are_all_used_and_keyed() -> None:
    used = [one["$ref"] for channel in DOCUMENT["channels"].values() for one in channel["messages"].values()]
    assert sorted(used) == sorted(f"#/components/messages/{name}" for name in DOCUMENT["components"]["messages"])
    for channel in DOCUMENT["channels"].values():
        for one in channel["messages"].values():
            bindings = message(one)["bindings"]
            bindings = resolved(bindings["$ref"]) if "$ref" in bindings else bindings
            assert bindings["kafka"]["key"]["type"] == "string"


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_inline_schema_is_sound(name: str) -> None:
    Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


def test_the_document_lies_beside_the_schemas() -> None:
    assert Path(PATH).parent.name == "schemas"
