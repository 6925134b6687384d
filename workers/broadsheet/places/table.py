"""The table of names and places, as `training.places` made it: mapped into memory, read by index, never copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import marisa_trie
import numpy as np

from broadsheet.places.place import Kind, Place

if TYPE_CHECKING:
    from broadsheet.places.mentions import Mention

REGION, COUNTRY, SUBDIVISION, CITY = range(4)
KINDS: tuple[Kind, ...] = ("region", "country", "subdivision", "city")
COMMON, PERSON, ADJECTIVE = 1, 2, 4
"""Marks of a name: it is also a common word, a person's name; it is an adjective ("Turkish")."""


@dataclass(frozen=True, slots=True)
class Table:
    """Names lead to candidates: places of that name, the likeliest first. Each column has a row for each place."""

    names: Any
    starts: Sequence[int]
    candidates: Sequence[int]
    marks: Sequence[int]
    pairs: frozenset[str]
    geonames: Sequence[int]
    lat: Sequence[float]
    lon: Sequence[float]
    population: Sequence[int]
    country: Sequence[int]
    division: Sequence[int]
    kind: Sequence[int]
    label_starts: Sequence[int]
    labels: Any
    codes: tuple[str, ...]
    divisions: Sequence[int]

    def lookup(self, name: str) -> tuple[tuple[int, ...], int]:
        """The places of a folded name of the table, and its marks."""
        number = self.names[name]
        return tuple(self.candidates[self.starts[number] : self.starts[number + 1]]), self.marks[number]

    def label(self, place: int) -> str:
        """A place's own name."""
        return str(self.labels[self.label_starts[place] : self.label_starts[place + 1]], "utf-8")

    def place(self, mention: "Mention", number: int) -> Place:
        """A mention and the place it means, as a value."""
        kind, division = self.kind[number], self.division[number]
        return Place(
            name=self.label(number),
            geonames_id=self.geonames[number] or None,
            kind=KINDS[kind],
            country=self.codes[self.country[number]] or None,
            subdivision=self.label(self.divisions[division]) if division and kind == CITY else None,
            lat=round(self.lat[number], 4),
            lon=round(self.lon[number], 4),
            start=mention.start,
            end=mention.end,
        )


@cache
def table() -> Table:
    """The table that ships."""
    folder = files("broadsheet.places") / "table"
    names = marisa_trie.Trie()
    names.mmap(str(folder / "names.trie"))

    def column(name: str) -> Any:
        return memoryview(np.load(str(folder / f"{name}.npy"), mmap_mode="r"))

    pairs = (folder / "pairs.txt").read_text("utf-8")
    return Table(
        names=names,
        pairs=frozenset(pairs[n : n + 2] for n in range(0, len(pairs), 2)),
        codes=tuple((folder / "countries.txt").read_text("utf-8").split("\n")),
        **{name: column(name) for name in COLUMNS},
    )


COLUMNS = (
    *("starts", "candidates", "marks", "geonames", "lat", "lon", "population", "country", "division", "kind"),
    *("label_starts", "labels", "divisions"),
)
