"""How well places are found, and what it costs: `python -m benchmarks.places SET.jsonl.gz ...`.

A set has a text and its true places a line: {"set", "text", "places": [{"start", "end", "type", "lat", "lon"}]}. A
found name is right that overlaps a true one; one that overlaps only a name of another type counts neither way. Two rows
where a set has types: all that means a place, and proper names alone.
"""

import gzip
import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broadsheet.places import Place, find

NEAR_KM = 161.0
EXPRESSION = "Literal_Expression"
PLACES = {None, "Literal", "Literal_Modifier", "Metonymic", "Mixed", "Coercion", "Embedded_Literal"}
PLACES |= {"Non_Literal_Modifier", EXPRESSION}


class Tally:
    """Counts of one set."""

    def __init__(self) -> None:
        self.found = self.right = self.true = self.met = self.placed = self.near = 0

    def add(self, found: list[Place], true: list[dict[str, Any]], kinds: set[str | None]) -> None:
        """One text."""
        wanted = [place for place in true if place["type"] in kinds and place["end"] > place["start"]]
        others = [place for place in true if place["type"] not in kinds]
        hits = [next((one for one in found if _overlap(one, place)), None) for place in wanted]
        right = [one for one in found if any(_overlap(one, place) for place in wanted)]
        self.right += len(right)
        self.found += len(right) + sum(
            one not in right and not any(_overlap(one, place) for place in others) for one in found
        )
        self.true, self.met = self.true + len(wanted), self.met + sum(hit is not None for hit in hits)
        for hit, place in zip(hits, wanted, strict=True):
            if hit is not None and place["lat"] is not None:
                self.placed += 1
                self.near += _km(hit.lat, hit.lon, place["lat"], place["lon"]) <= NEAR_KM

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.met / max(1, self.true)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} acc161 {self.near / max(1, self.placed):.3f}"


def main() -> int:
    """Print the tallies and the cost."""
    rows = [row for path in sys.argv[1:] for row in _rows(Path(path))]
    find("Paris")
    began = time.process_time()
    found = [find(row["text"]) for row in rows]
    spent = time.process_time() - began
    tallies: dict[str, Tally] = defaultdict(Tally)
    for row, places in zip(rows, found, strict=True):
        tallies[row["set"]].add(places, row["places"], PLACES)
        if any(place["type"] for place in row["places"]):
            tallies[f"{row['set']}, proper names"].add(places, row["places"], PLACES - {EXPRESSION})
    for name, tally in sorted(tallies.items()):
        print(f"{name}: {tally}")
    characters = sum(len(row["text"]) for row in rows) / max(1, len(rows))
    print(f"{1000 * spent / max(1, len(rows)):.2f} ms of CPU a text of {characters:.0f} characters")
    return 0


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _overlap(one: Place, place: dict[str, Any]) -> bool:
    return bool(one.start < place["end"] and place["start"] < one.end)


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(half)))


if __name__ == "__main__":
    sys.exit(main())
