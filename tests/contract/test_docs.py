"""The page about the contracts tells the truth: its examples are read, its lists are the code's."""

import re

import orjson
import pytest

from broadsheet.decode import decode
from broadsheet.errors import NoneReason, Reason
from broadsheet.options import Limits
from broadsheet.runtime.contracts import NAMES, folder
from broadsheet.values import RawPage
from tests.contract.holding import valid

TEXT = (folder().parent / "docs" / "contracts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)


def test_there_is_an_example_of_each_json_form() -> None:
    assert len(EXAMPLES) == 3
    valid("raw-page", orjson.loads(EXAMPLES[0]))


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_read(example: str) -> None:
    page = decode(RawPage(example.encode()), Limits())
    assert page.url == "https://harbourpost.example/ferry-back"
    assert "Ferry back in service" in page.text
    assert page.source is not None
    assert page.page_id is not None
    assert page.fetched_at is not None


@pytest.mark.parametrize("word", [*Reason, *NoneReason, *(f"{name}/1" for name in NAMES)])
def test_closed_lists_are_told_in_full(word: str) -> None:
    assert f"`{word}`" in TEXT
