"""Texts that make a regular expression work: each of its repeated parts again and again, behind what leads to it."""

import random
from collections.abc import Iterator, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

GENERIC = (
    " ", " \t", "\n", "\u3000", "a", "aA", "A. ", "A ", "1", "-", "-1", "-111", "1.", "1,", ".", "a.", "@", "@a.", "a@",
    ", ", " | ", "(", "/", "//a", "<", "<a ", "=", "\"", "by ", "and ", " & ", "é", "市", "e\u0301",
)  # fmt: skip
"""Units that pages are full of."""
_PROBES = "aA1 -.,_é市\n\t/:\"'&("


def pumps(text: str, flags: int) -> list[tuple[str, str]]:
    """(what leads to it, the unit to repeat) for each repeated part of a pattern, and for `GENERIC`."""
    rng = random.Random(len(text))
    found = {(_sample(before, rng), _sample(body, rng) or " ") for before, body in _repeats(parser.parse(text, flags))}
    return [*sorted(found), *(("", unit) for unit in GENERIC)]


def _repeats(nodes: Any, before: Sequence[Any] = ()) -> Iterator[tuple[list[Any], Any]]:
    nodes = list(nodes)
    for at, (code, value) in enumerate(nodes):
        lead = [*before, *nodes[:at]]
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if value[1] is codes.MAXREPEAT or value[1] >= 4:
                yield lead, value[2]
                yield lead, [*value[2], *value[2]]
            yield from _repeats(value[2], lead)
        elif code is codes.SUBPATTERN:
            yield from _repeats(value[3], lead)
        elif code is codes.BRANCH:
            for one in value[1]:
                yield from _repeats(one, lead)
        elif code is codes.ATOMIC_GROUP:
            yield from _repeats(value, lead)


def _sample(nodes: Any, rng: random.Random) -> str:
    """A text that the nodes match, more or less."""
    return "".join(_one(code, value, rng) for code, value in nodes)


def _one(code: Any, value: Any, rng: random.Random) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.IN:
        return rng.choice(_members(value))
    if code is codes.BRANCH:
        return _sample(rng.choice(value[1]), rng)
    if code is codes.SUBPATTERN:
        return _sample(value[3], rng)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return "".join(_sample(value[2], rng) for _ in range(min(max(value[0], rng.random() < 0.7), 40)))
    if code is codes.ATOMIC_GROUP:
        return _sample(value, rng)
    return (
        "b"
        if code is codes.NOT_LITERAL and value == ord("a")
        else "a"
        if code in (codes.ANY, codes.NOT_LITERAL)
        else ""
    )


def _members(items: Any) -> list[str]:
    """Some characters that a set holds."""
    if items[0][0] is codes.NEGATE:
        return [char for char in _PROBES if not any(_holds(item, char) for item in items[1:])] or ["a"]
    found = [char for code, value in items if code is codes.LITERAL for char in (chr(value),)]
    found += [chr(end) for code, value in items if code is codes.RANGE for end in value]
    return found + [char for char in "a1 -" for item in items if item[0] is codes.CATEGORY and _holds(item, char)] or [
        "a"
    ]


def _holds(item: Any, char: str) -> bool:
    code, value = item
    if code is codes.LITERAL:
        return bool(ord(char) == value)
    if code is codes.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    name = str(value)
    kinds = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
    return kinds[name.rsplit("_", 1)[-1]] is not ("_NOT_" in name)
