"""What the languages of the news say: words and patterns as data, a file a language in `languages/`, read once.

Who knows a language adds its file, or a line to it; no Python names any language's words of these tables.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

FURNITURE = ("advertisement", "share-bar", "call-to-action", "page-control", "consent")
"""The tables of whole lines, named as the audit's reasons."""
_BESIDE = ("calls", "views", "reading-time", "minutes", "reading")
_REFUSAL = ("error", "wall")


@dataclass(frozen=True, slots=True)
class Language:
    """The tables of one language: names of the twelve months, and words or patterns by the name of their table."""

    code: str
    months: tuple[tuple[str, ...], ...]
    tables: MappingProxyType[str, tuple[str, ...]]


def read_language(code: str, held: dict[str, Any]) -> Language:
    """A language as its file holds it. Raises ValueError for a table that is missing, unknown, or no list of texts."""
    found = {**held.get("furniture", {}), **held.get("refusal", {})}
    wanted = {*FURNITURE, *_BESIDE, *_REFUSAL}
    if odd := wanted.symmetric_difference(found) or {"months", "furniture", "refusal"}.symmetric_difference(held):
        raise ValueError(f"{code}.toml: tables missing or unknown: {', '.join(sorted(odd))}")
    months = held["months"]
    if len(months) not in (0, 12) or not all(map(_are_texts, [*found.values(), *months])):
        raise ValueError(f"{code}.toml: a table is a list of texts, months are twelve or none")
    tables = {name: tuple(words) for name, words in found.items()}
    return Language(code, tuple(map(tuple, months)), MappingProxyType(tables))


def _are_texts(words: Any) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) and word for word in words)


def _read_all() -> Iterator[Language]:
    folder = resources.files("broadsheet.text.languages")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield read_language(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))


LANGUAGES = tuple(_read_all())
"""All of them, by their codes."""


def words_of(table: str) -> list[str]:
    """What all languages say in a table, each word or pattern once."""
    return list(dict.fromkeys(word for language in LANGUAGES for word in language.tables[table]))


def any_of(patterns: Iterable[str]) -> str:
    """A pattern that matches any of these."""
    return f"(?:{'|'.join(patterns)})"


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches any of `words`, the longest that fits: what they begin with alike is tried once.

    Several times faster than the plain list, which a search would go through at every place.
    """
    tails: dict[str, list[str]] = {}
    for word in dict.fromkeys(words):
        tails.setdefault(word[:1], []).append(word[1:])
    ends = bool(tails.pop("", None))
    parts = [re.escape(first) + one_of(rest) for first, rest in tails.items()]
    if not parts:
        return ""
    return f"(?:{'|'.join(parts)}){'?' if ends else ''}" if len(parts) > 1 or ends else parts[0]
