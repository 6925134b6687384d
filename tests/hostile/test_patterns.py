"""No pattern of the package takes long on any text that its place lets through."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import broadsheet
from broadsheet.enrich import dateline
from broadsheet.html.authors import bylines, candidates
from broadsheet.html.body import images
from broadsheet.html.head import site
from broadsheet.text import author_names, authors, credits, furniture, pagination
from broadsheet.text.tidy import tidy_lines
from tests.hostile.budget import OverBudgetError, budget, measured
from tests.hostile.pumps import pumps

ROOT = Path(broadsheet.__file__).parent
LEFT_OUT = ("broadsheet.native", "broadsheet.scrapy", "broadsheet.__main__")
MOST_SECONDS = 0.01
ALL = 3_000
"""Characters of a text where no place bounds it: enough to tell a square, whose half it is."""
ADMITTED: dict[str, int] = {
    "enrich.dateline._OPENING": dateline.LONGEST + 10,
    "html.authors.bylines._CUT": bylines.LONGEST,
    "html.authors.bylines._EXPLICIT": bylines.LONGEST,
    "html.authors.candidates._NAME_END": candidates.NEAR_CHARS,
    "html.body.images._SIZES": images.LONGEST_NAME,
    "html.head.site._DOMAIN": site.LONGEST_TITLE,
    "html.head.site._SEPARATOR": site.LONGEST_TITLE,
    "text.author_names._DEGREES": author_names.LONGEST_DEGREE,
    "text.author_names._FIRST_END": author_names.LONGEST_BYLINE_CHARS,
    "text.author_names._LINKED": author_names.LONGEST_BYLINE_CHARS,
    "text.author_names._PARTS": author_names.LONGEST_BYLINE_CHARS,
    "text.author_names._REST": author_names.LONGEST_READ,
    "text.authors._ADDRESS": authors.LONGEST_LIST,
    "text.authors._LABEL": authors.LONGEST_LABEL,
    "text.authors._SPLIT": authors.LONGEST_LIST,
    "text.authors._TAIL": authors.LONGEST_PART,
    "text.credits._BRACKETED": credits.CREDIT_CHARS,
    "text.credits._LABELLED": credits.CREDIT_CHARS,
    "text.credits._SPLIT": author_names.LONGEST_CHARS,
    "text.furniture._READING_TIME": furniture.LONGEST_LINE,
    "text.furniture._TEXT_SIZE": furniture.LONGEST_LINE,
    "text.furniture._VIEWS": furniture.LONGEST_LINE,
    "text.pagination._MARK": pagination.LONGEST,
}
"""Characters that the place where a pattern is used lets through, where it looks at the length first."""
TIDIED = {
    "html.authors.candidates._NAME_END", "html.head.site._SEPARATOR", "html.title.candidates.PARTS",
    "text.author_names.LEAD", "text.author_names._FIRST_END", "text.author_names._LINKED",
    "text.author_names._PARTS", "text.authors._SPLIT", "text.authors._TAIL", "text.credits._SPLIT",
    "text.furniture._READING_TIME", "text.furniture._TEXT_SIZE", "text.furniture._VIEWS", "text.headlines._NAMES",
    "text.headlines._PATH", "text/head_lines.py:27",
}  # fmt: skip
"""Patterns that meet nothing but tidied lines: no white space in a row."""

Patterns = dict[str, re.Pattern[Any]]


def held(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield path, value
    elif depth > 3:
        return
    elif isinstance(value, list | tuple | set | frozenset):
        for at, one in enumerate(value):
            yield from held(one, f"{path}[{at}]", depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from held(one, f"{path}[{key!r}]", depth + 1)
    elif isinstance(value, type):
        for name, one in vars(value).items():
            yield from held(one, f"{path}.{name}", depth + 2)
    elif is_dataclass(value):
        for field in fields(value):
            yield from held(getattr(value, field.name, None), f"{path}.{field.name}", depth + 1)


def compiled() -> Patterns:
    """The patterns that modules of the package hold, by where they were found first."""
    found: Patterns = {}
    for module in pkgutil.walk_packages(broadsheet.__path__, "broadsheet."):
        if module.name.startswith(LEFT_OUT):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for path, pattern in held(value, f"{module.name.removeprefix('broadsheet.')}.{name}"):
                if pattern not in found.values():
                    found[path] = pattern
    return found


def inline() -> Patterns:
    """The patterns that are written where they are used."""
    found: Patterns = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) and node.args else ""
            if called.startswith("re.") and called not in ("re.compile", "re.escape"):
                first = node.args[0]  # type: ignore[attr-defined]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[f"{path.relative_to(ROOT)}:{node.lineno}"] = re.compile(first.value)  # type: ignore[attr-defined]
    return found


FOUND = compiled() | inline()
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py")))


def is_searched(name: str) -> bool:
    """Whether a pattern is looked for anywhere in a text, not only at its start."""
    own = re.escape(name.split("[", 1)[0].rsplit(".", 1)[-1])
    return "[" in name or re.search(rf"\b{own}\.(?:sub|subn|search|split|findall|finditer)\b", SOURCES) is not None


def texts(name: str) -> Iterator[tuple[str, str]]:
    """Texts that make a pattern work, from short to as long as its place admits, each with how it is made."""
    pattern, most = FOUND[name], ADMITTED.get(name, ALL)
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for lead, unit in pumps(source, pattern.flags & ~re.LOCALE):
        for size in (6, 10, 14, 18, 22, 26, 300 // len(unit) + 1, most // len(unit) + 1):
            for end in ("", "!"):
                text = (lead + unit * size)[:most] + end
                yield f"{lead[:30]!r} {unit[:30]!r} {end!r}", tidy_lines(text) if name in TIDIED else text


def slowest(name: str) -> tuple[float, str]:
    """The most seconds that one call takes, the best of three, and on what."""
    pattern = FOUND[name]
    worst, told = 0.0, ""
    empty: Any = "" if isinstance(pattern.pattern, str) else b""
    first = partial(pattern.sub, empty) if is_searched(name) else pattern.match
    for way, text in texts(name):
        subject: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
        for call in (partial(first, subject), partial(pattern.fullmatch, subject)):
            taken = timed(call)
            if taken > MOST_SECONDS:
                taken = min(taken, timed(call), timed(call))
            if taken > worst:
                worst, told = taken, f"{way}, {len(text)} characters"
            if taken > MOST_SECONDS:
                return worst, told
    return worst, told


def timed(call: Callable[[], object]) -> float:
    with measured() as taken, suppress(OverBudgetError), budget(MOST_SECONDS * 20):
        call()
    return taken[0]


@pytest.mark.parametrize("name", sorted(FOUND))
def test_no_pattern_takes_long(name: str) -> None:
    worst, told = slowest(name)
    assert worst <= MOST_SECONDS, f"{worst * 1000:.0f} ms on {told}"


def test_the_patterns_looked_at_are_those_of_the_package() -> None:
    assert len(FOUND) > 120
    assert set(ADMITTED) | TIDIED <= set(FOUND), "a bound for a pattern that is not there"
