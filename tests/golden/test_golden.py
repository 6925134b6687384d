"""Pages and the records they give."""

import json
from difflib import unified_diff
from typing import Any

import pytest

from broadsheet.samples import samples
from tests.golden.cases import case_names, case_options, case_page, expected, outcome

NAMES = case_names()
STORIES = [name for name in NAMES if expected(name)["result"] == "articles"]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    """Every case read once."""
    return {name: outcome(case_page(name), case_options(name)) for name in NAMES}


def lines(outcome: dict[str, Any]) -> list[str]:
    """What is compared, a line a value: all but what names the build."""
    records = [{**record, "pipeline": None} for record in outcome.get("records", [])]
    return json.dumps({**outcome, "records": records}, ensure_ascii=False, indent=1, sort_keys=True).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_what_it_should(outcomes: dict[str, dict[str, Any]], name: str) -> None:
    differing = unified_diff(lines(expected(name)), lines(outcomes[name]), "expected.json", "given", lineterm="")
    assert (told := "\n".join(differing)) == "", told


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_shipped_sample_gives_what_it_says(outcomes: dict[str, dict[str, Any]], sample: Any) -> None:
    ended = outcomes[sample.name]
    headlines = tuple(record["headline"] for record in ended.get("records", []))
    assert (ended["result"], headlines, ended.get("reason")) == (sample.result, sample.headlines, sample.reason)


def test_the_articles_of_a_page_have_ids_of_their_own(outcomes: dict[str, dict[str, Any]]) -> None:
    for name in STORIES:
        ids = [record["id"] for record in outcomes[name]["records"]]
        assert len(ids) == len(set(ids))


def test_blank_lines_change_no_id(outcomes: dict[str, dict[str, Any]]) -> None:
    with_lines, without = (outcomes[name]["records"] for name in ("two-stories", "dump-without-blank-lines"))
    assert [record["id"] for record in with_lines] == [record["id"] for record in without]
    assert [record["body_text"] for record in with_lines] == [record["body_text"] for record in without]


def test_a_story_keeps_its_id_when_its_page_loads_another_below(outcomes: dict[str, dict[str, Any]]) -> None:
    (alone,), (first, second) = (outcomes[name]["records"] for name in ("one-story", "scroll"))
    assert first["id"] == alone["id"]
    assert first["body_text"] == alone["body_text"]
    assert second["id"] != first["id"]
