"""The one way a learned file leaves training: the file and, beside it, its card, which says what it was made of.

A card holds the hash of its file: one that was written in any other way is told apart (`tests/unit/test_models.py`).
"""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "workers" / "broadsheet" / "models"
CODE = ("workers", "training")
"""What a learned file depends on, but for the learned files themselves."""
PACKAGES = ("lightgbm", "numpy", "scipy", "selectolax", "resiliparse")
"""Those whose releases may move a bit of a learned file."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A page set that was learned from: its name, the SHA-256 of its file, and how many of its pages taught."""

    name: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on pages that the model had not seen: how, with the code of which commit, and the numbers."""

    how: str
    commit: str
    sets: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Card:
    """What a learned file is: the question it answers and how it was made.

    `columns` are the features it reads, in order (none for a lexicon). `threshold` is what the code asks of its
    answers. `figures` is None where nothing was ever measured of it alone.
    """

    file: str
    question: str
    made_by: str
    data: tuple[DataSet, ...]
    columns: tuple[str, ...] = ()
    threshold: Mapping[str, float] = field(default_factory=dict)
    figures: Figures | None = None
    notes: str = ""
    commit: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""


def write_model(content: bytes, card: Card, folder: Path = MODELS) -> None:
    """Write a learned file and its card, with what the card cannot know before: the file's hash, code and packages.

    Figures that this training did not measure anew stay those of the card before, with their own commit.
    """
    path = folder / card.file
    before = card_path(path)
    figures = card.figures or (read_card(before).figures if before.exists() else None)
    sha256 = hashlib.sha256(content).hexdigest()
    told = replace(card, figures=figures, commit=code_commit(), packages=releases(), sha256=sha256)
    path.write_bytes(content)
    before.write_text(json.dumps(asdict(told), indent=1, ensure_ascii=False) + "\n", "utf-8")


def card_path(file: Path) -> Path:
    """Where the card of a learned file stands."""
    return file.with_name(f"{file.stem}.card.json")


def read_card(path: Path) -> Card:
    """A card from its file. Raises `TypeError` where a field is missing, or is none of a card's."""
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    figures = told.pop("figures")
    return Card(
        **{**told, "data": tuple(DataSet(**one) for one in told["data"]), "columns": tuple(told["columns"])},
        figures=Figures(**figures) if figures else None,
    )


def data_sets(folder: Path, pages: Mapping[str, int]) -> tuple[DataSet, ...]:
    """The page sets of these names in `folder`, with how many pages of each taught."""
    return tuple(DataSet(name, _sha256(folder / f"{name}.jsonl.gz"), count) for name, count in pages.items())


@cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def measured(how: str, sets: Mapping[str, Mapping[str, float]]) -> Figures:
    """Figures that were measured just now."""
    return Figures(how, code_commit(), sets)


@cache
def code_commit() -> str:
    """The commit of the code that trains; with `-dirty` where the working tree holds other code than it."""
    changed = _git("status", "--porcelain", "--", *CODE, f":!{MODELS.relative_to(ROOT)}")
    return _git("rev-parse", "HEAD") + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def releases(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Python and those of the packages that training stands on which are there, each with its release."""
    found = {name: version(name) for name in names if find_spec(name)}
    return {"python": platform.python_version(), **found}
