"""How words stand in news: with a capital or without, alone or beside another name, in a person's name or not."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXTS = ("dev-story-pairs", "dev-story-allsides", "dev-story-basil", "dev-story-wmt", "dev-topics", "dev-fundus")
NAMES = "dev-names"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_END = set('.!?:\n"“„«(')
LEAST_LOWER, LOWER_SHARE = 2, 0.1
"""A word is common that stands without its capital so often, and in such a share."""
LEAST_CAPITAL, ALONE_SHARE = 4, 0.4
"""A word is part of people's (or companies') names that so seldom stands alone with its capital."""


@dataclass(slots=True)
class Words:
    """Counts by word in lower case."""

    lower: Counter[str] = field(default_factory=Counter)
    capital: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    person: Counter[str] = field(default_factory=Counter)
    place: Counter[str] = field(default_factory=Counter)

    def is_common(self, name: str) -> bool:
        """Whether a name is also a common word."""
        return self.lower[name] >= LEAST_LOWER and self.lower[name] > LOWER_SHARE * self.capital[name]

    def is_person(self, name: str) -> bool:
        """Whether a name is also one of people."""
        if self.person[name] > self.place[name]:
            return True
        return self.capital[name] >= LEAST_CAPITAL and self.alone[name] < ALONE_SHARE * self.capital[name]


def count_words(folder: Path) -> Words:
    """Counted in the sets of texts and of names in a folder; each text once."""
    words = Words()
    for text in dict.fromkeys(_texts(folder)):
        _count(text, words)
    for row in _rows(folder / f"{NAMES}.jsonl.gz"):
        for word, tag in zip(row["tokens"], row["tags"], strict=True):
            kind = {"PER": words.person, "LOC": words.place}.get(tag[-3:])
            if kind is not None:
                kind[word.lower()] += 1
    return words


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _texts(folder: Path) -> Iterator[str]:
    for name in TEXTS:
        for row in _rows(folder / f"{name}.jsonl.gz"):
            if "truth" in row:
                yield row["truth"]["text"]
            else:
                yield from (row[key] for key in ("a", "b", "text") if key in row)


def _count(text: str, words: Words) -> None:
    found = list(_WORD.finditer(text))
    for number, match in enumerate(found):
        word = match[0].lower()
        if not match[0][0].isupper():
            words.lower[word] += 1
            continue
        before = found[number - 1] if number else None
        gap = text[before.end() : match.start()] if before else "."
        if (match[0].isupper() and len(word) > 3) or _END & set(gap):
            continue
        after = found[number + 1] if number + 1 < len(found) else None
        words.capital[word] += 1
        beside_before = before is not None and gap == " " and before[0][0].isupper()
        beside_after = after is not None and text[match.end() : after.start()] == " " and after[0][0].isupper()
        if not beside_before and not beside_after:
            words.alone[word] += 1
