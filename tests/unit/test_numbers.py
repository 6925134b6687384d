"""Numbers that pages write: bounded, and read in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet
from broadsheet.html.body.images import read_images
from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.tree import scan
from broadsheet.text.numbers import MOST_DIGITS, number, number_or_zero

PACKAGE = Path(broadsheet.__file__).parent
SHELL = {"runtime", "feed", "cli", "scrapy", "inputs", "records", "native", "testing"}
"""Rooms that read settings, addresses and other people's records, not pages."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("640", 640),
        ("٣", 3),
        ("0" * MOST_DIGITS, 0),
        ("", None),
        (" 1", None),
        ("1.5", None),
        ("²", None),
        ("-1", None),
    ],
)
def test_a_number_is_decimal_digits_alone(text: str, found: int | None) -> None:
    assert number(text) == found
    assert number_or_zero(text) == (found or 0)


def test_a_number_of_too_many_digits_is_none() -> None:
    assert number("1" * (MOST_DIGITS + 1)) is None
    assert number("10000", most=4) is None
    assert number("1" * 5_000) is None


def test_an_image_of_a_width_that_is_no_number_of_pixels_stays() -> None:
    tree = scan(f"<figure><img src=/a.jpg width={'1' * 5_000}></figure><figure><img src=/b.jpg width=20></figure>")
    found = read_images(tree, Metadata(), "https://gazette.example/", ())
    assert [image.url for image in found] == ["https://gazette.example/a.jpg"]


def bare(tree: ast.Module) -> Iterator[int]:
    """The lines of a module's functions that call `int` on anything but the place of an array's extreme."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int"
            names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)} if called else set()
            if called and names.isdisjoint(("argmin", "argmax")):
                yield function.lineno


def counts_by_arrays(tree: ast.Module) -> bool:
    """Whether a module works on numpy's numbers, which become Python's by `int`."""
    return any(alias.name == "numpy" for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names)


def test_a_page_s_digits_become_numbers_in_one_place_alone() -> None:
    found: list[str] = []
    looked = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        room, tree = path.relative_to(PACKAGE).parts[0], ast.parse(path.read_text("utf-8"))
        if room in SHELL or path.name == "numbers.py" or counts_by_arrays(tree):
            continue
        looked += 1
        found += [f"{path.relative_to(PACKAGE)}:{line}" for line in bare(tree)]
    assert not found, f"use broadsheet.text.numbers.number: {found}"
    assert looked > 40
