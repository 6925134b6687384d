"""Each example of a record goes through the code that writes and reads it; bad ones are refused as they say."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from broadsheet.records import RecordError, read_article, read_dead, read_outcome
from broadsheet.runtime.contracts import schema
from tests.contract.examples import Example, examples
from tests.contract.holding import faults, headers_record, valid
from tests.contract.written import ARTICLES, DEAD_LETTERS, OUTCOMES

Record = dict[str, Any]
WRITERS = {"article": ARTICLES, "outcome": OUTCOMES}


def headers(record: Record) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, value.encode()) for name, value in record.items())


def read(contract: str, record: Any) -> Any:
    """The record as its reader gives it back."""
    if contract == "dead-letter":
        return read_dead(headers(record))
    value = record.encode() if isinstance(record, str) else orjson.dumps(record)
    return {"article": read_article, "outcome": read_outcome}[contract](value)


def all_examples(kind: str) -> list[Any]:
    return [one for contract in ("article", "outcome", "dead-letter") for one in examples(contract, kind)]


@pytest.mark.parametrize("example", all_examples("good"))
def test_good_example_is_valid_and_read(example: Example) -> None:
    record = valid(example.contract, example.held)
    back = read(example.contract, record)
    if example.contract == "dead-letter":
        assert (back.reason.value, back.detail) == (record["dead-reason"], record["dead-detail"])
    else:
        assert back == record


@pytest.mark.parametrize("example", all_examples("bad"))
def test_bad_example_is_refused_with_its_reason(example: Example) -> None:
    with pytest.raises(RecordError) as refused:
        read(example.contract, example.held["record"])
    assert str(refused.value).startswith(example.held["detail"])


@pytest.mark.parametrize("example", all_examples("bad"))
def test_bad_example_is_not_valid(example: Example) -> None:
    assert faults(example.contract, example.held["record"])


@pytest.mark.parametrize("example", [*examples("article", "good"), *examples("outcome", "good")])
def test_good_example_is_what_is_written(example: Example) -> None:
    written = WRITERS[example.contract][example.path.stem]()
    assert list(orjson.loads(written)) == schema(example.contract)["required"]
    assert orjson.loads(written) == example.held
    assert written == WRITERS[example.contract][example.path.stem]()


@pytest.mark.parametrize("example", examples("dead-letter", "good"))
def test_good_dead_letter_is_what_is_written(example: Example) -> None:
    written = DEAD_LETTERS[example.path.stem]()
    assert headers_record(written) == example.held
    assert len(written) == len(example.held), "a header is there twice"


@pytest.mark.parametrize("names", [(ARTICLES, "article"), (OUTCOMES, "outcome"), (DEAD_LETTERS, "dead-letter")])
def test_all_that_is_written_has_its_example(names: tuple[dict[str, Callable[[], Any]], str]) -> None:
    writers, contract = names
    assert sorted(writers) == sorted(example.id for example in examples(contract, "good"))
