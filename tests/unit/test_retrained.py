"""Headline and authors are what their training makes of the page sets today: the models trained anew, byte for byte."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from benchmarks.eval import BENCH
from training.cards import MODELS, read_card

pytestmark = [
    pytest.mark.shared,
    pytest.mark.long,
    pytest.mark.skipif(find_spec("lightgbm") is None, reason="needs the dependency group train"),
    pytest.mark.skipif(not (BENCH / "data").is_dir(), reason="no page sets in ../shared/bench"),
]


@pytest.fixture(scope="module")
def choices() -> dict[str, Any]:
    from training import fields

    return fields.read_choices(BENCH / "data", fields.FIELDS)


@pytest.mark.parametrize("name", ["title", "authors"])
def test_training_gives_the_file_that_ships(choices: dict[str, Any], name: str) -> None:
    from training import fields

    [field] = [field for field in fields.FIELDS if field.name == name]
    assert fields.train(choices[name], field.columns) == (MODELS / f"{name}.npz").read_bytes()


@pytest.mark.parametrize("card", sorted(MODELS.glob("*.card.json")), ids=lambda path: path.stem)
def test_the_page_sets_are_those_of_the_card(card: Path) -> None:
    from training.cards import data_sets

    told = read_card(card).data
    assert told == data_sets(BENCH / "data", {one.name: one.pages for one in told})
