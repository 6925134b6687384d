"""The languages' tables: each has every table, its patterns can be used, and a file that is wrong is named."""

import re
from typing import Any

import pytest

from broadsheet.text.furniture import furniture_kind
from broadsheet.text.months import MONTHS
from broadsheet.text.refusal import refuse_text
from broadsheet.text.tables import FURNITURE, LANGUAGES, Language, read_language

FILLED = (*FURNITURE, "calls", "error", "wall")
by_language = pytest.mark.parametrize("language", LANGUAGES, ids=[language.code for language in LANGUAGES])


@by_language
def test_a_language_has_every_table(language: Language) -> None:
    assert [name for name in FILLED if not language.tables[name]] == []
    assert len(language.months) in (0, 12)
    assert all(names for names in language.months)
    assert language.tables.keys() == LANGUAGES[0].tables.keys()


@by_language
def test_what_a_language_says_is_found(language: Language) -> None:
    for kind in FURNITURE:
        assert {furniture_kind(line) for line in language.tables[kind]} <= {*FURNITURE, "separator"}
    for call in language.tables["calls"]:
        assert furniture_kind(f"{call}: Ferry late again") == "call-to-action"
    assert {MONTHS[name] for month in language.months for name in month} == set(range(1, len(language.months) + 1))
    for table in ("error", "wall", "views", "minutes", "reading-time", "reading"):
        assert all(re.compile(pattern) for pattern in language.tables[table])
    plain = [phrase for phrase in language.tables["error"] if re.escape(phrase).replace("\\ ", " ") == phrase]
    assert all(refuse_text([phrase]) is not None for phrase in plain)


def table() -> dict[str, Any]:
    """A language's file with nothing in its tables."""
    names = LANGUAGES[0].tables
    return {
        "months": [],
        "furniture": {name: [] for name in names if name not in ("error", "wall")},
        "refusal": {"error": [], "wall": []},
    }


def test_a_file_that_is_wrong_is_named() -> None:
    assert read_language("xx", table()).code == "xx"
    for section, name, value in (
        ("furniture", "calls", None), ("furniture", "calls", "read more"), ("furniture", "calls", [""]),
        ("furniture", "cals", []), ("refusal", "wall", [1]),
    ):  # fmt: skip
        held = table()
        held[section][name] = value
        if value is None:
            del held[section][name]
        with pytest.raises(ValueError, match=r"xx\.toml"):
            read_language("xx", held)
    with pytest.raises(ValueError, match="months"):
        read_language("xx", {**table(), "months": [["january"]]})
