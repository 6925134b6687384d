"""What a dump tells of a story in so many words, by labels or front matter, into the story's fields."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from broadsheet.text.authors import split_authors
from broadsheet.text.dates import find_date, machine_date
from broadsheet.text.urls import absolute
from broadsheet.text.words import fold
from broadsheet.values import Author, Story

Told = Mapping[str, tuple[str, ...]]
"""Fields of a story by name (`headline`, `authors`, `published`, `site` …), each with its values as they stand."""

MOST_AUTHORS = 50
LONGEST = 1_000
"""Characters of a value that is taken."""


def with_told(story: Story, told: Told, source: str) -> Story:
    """The story with the fields that `told` names; `source` is their provenance.

    A headline that stands in the story's own head stays, where the told one only says more ("Headline | The Gazette").
    """
    fields = {name: value for name, value in _read(told).items() if value}
    if _says_more(fields.get("headline"), story.headline):
        del fields["headline"]
    names = {_RECORD_NAMES.get(name, name) for name in fields if name != "permalink"}
    return replace(story, **fields, provenance={**story.provenance, **dict.fromkeys(names, source)})


_RECORD_NAMES = {"published": "published_at", "modified": "modified_at"}


def _read(told: Told) -> dict[str, Any]:
    return {
        "headline": _first(told, "headline"),
        "authors": _authors(told.get("authors", ())),
        "published": _date(_first(told, "published")),
        "modified": _date(_first(told, "modified")),
        "section": _first(told, "section"),
        "summary": _first(told, "summary"),
        "keywords": tuple(value[:LONGEST] for value in told.get("keywords", ())),
        "permalink": absolute(_first(told, "url"), None),
        "site": _first(told, "site"),
    }


def _first(told: Told, name: str) -> str | None:
    return next((value[:LONGEST] for value in told.get(name, ())), None)


def _authors(values: tuple[str, ...]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys(author for value in values[:MOST_AUTHORS] for author in split_authors(value[:LONGEST])))


def _date(value: str | None) -> str | None:
    if value is None:
        return None
    found = find_date(value)
    return machine_date(value) or (found.day if found else None)


def _says_more(told: str | None, shown: str | None) -> bool:
    return told is not None and shown is not None and told != shown and fold(told).startswith(fold(shown))
