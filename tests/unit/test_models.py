"""The learned files: each has a card that is its own, and none is asked with columns that are not."""

import hashlib
from pathlib import Path

import pytest
from training.cards import MODELS, Card, card_path, read_card, write_model

from broadsheet.dump.scores import BODY
from broadsheet.dump.split import cuts
from broadsheet.html.authors import choice as author_choice
from broadsheet.html.body.scores import THRESHOLD
from broadsheet.html.refuse import decision
from broadsheet.html.split import learned
from broadsheet.loading import load_all
from broadsheet.models.trees import ColumnsError, Trees, load_model

FILES = sorted(
    path.name for path in MODELS.iterdir() if path.suffix in (".npz", ".json") and not path.stem.endswith(".card")
)
ASKED = {
    "authors.npz": {"least": author_choice.LEAST},
    "body.npz": {"least": THRESHOLD},
    "lines_body.npz": {"least": BODY},
    "page.npz": decision.LEAST,
    "split_parts.npz": cuts.THRESHOLDS._asdict(),
    "split_tree.npz": {"gate": learned.GATE},
    "split_tree_second.npz": learned.THRESHOLDS._asdict(),
    "split_zones.npz": cuts.LIKELY._asdict(),
}
"""What the code asks of each model's answers."""


@pytest.mark.parametrize("name", FILES)
def test_every_learned_file_has_the_card_it_was_written_with(name: str) -> None:
    card = read_card(card_path(MODELS / name))
    assert card.file == name
    assert card.sha256 == hashlib.sha256((MODELS / name).read_bytes()).hexdigest()
    assert card.question
    assert card.made_by.startswith("python -m training.")
    assert card.threshold == ASKED.get(name, {})


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".npz")])
def test_a_card_names_the_columns_of_its_model(name: str) -> None:
    assert read_card(card_path(MODELS / name)).columns == Trees.load((MODELS / name).read_bytes()).names


def test_no_card_is_left_of_a_file_that_is_gone() -> None:
    cards = {path.name for path in MODELS.glob("*.card.json")}
    assert cards == {card_path(MODELS / name).name for name in FILES}


def test_the_code_gives_every_model_its_own_columns() -> None:
    load_all()


def test_a_model_of_other_columns_is_refused() -> None:
    names = Trees.load((MODELS / "authors.npz").read_bytes()).names
    moved = (names[1], names[0], *names[2:])
    with pytest.raises(ColumnsError, match="another order"):
        load_model("authors", moved)
    with pytest.raises(ColumnsError, match=names[3]):
        load_model("authors", names[:3])
    with pytest.raises(ColumnsError, match="with others"):
        load_model("authors", (*names, "one_more"))


def test_a_model_that_chose_its_columns_finds_them_by_name() -> None:
    names = Trees.load((MODELS / "body.npz").read_bytes()).names
    known = load_model("body", tuple(reversed([*names, "unused"])), chosen=True)
    own = Trees.load((MODELS / "body.npz").read_bytes())
    assert [known.names[place] for place in known.feature[0]] == [names[place] for place in own.feature[0]]
    with pytest.raises(ColumnsError, match=names[0]):
        load_model("body", names[1:], chosen=True)


def test_figures_that_were_not_measured_anew_stay_with_their_commit(tmp_path: Path) -> None:
    first = read_card(card_path(MODELS / "title.npz"))
    write_model(b"one", Card("a.npz", "?", "python -m training.a", (), figures=first.figures), tmp_path)
    write_model(b"two", Card("a.npz", "?", "python -m training.a", ()), tmp_path)
    second = read_card(tmp_path / "a.card.json")
    assert second.figures == first.figures
    assert second.sha256 == hashlib.sha256(b"two").hexdigest()
    assert len(second.commit.removesuffix("-dirty")) == 40
    assert second.packages.keys() >= {"python", "numpy"}
