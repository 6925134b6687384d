"""First looks at texts and blocks, as `broadsheet.native.fields` takes them; it rules out more."""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.scan.tree import Element, Run
from broadsheet.text.dates import _DIGITS, NUMBERS, SPELT
from broadsheet.text.person import ALONE, BY_CAPITALS, BY_SCRIPT, LED, may_open

_ANY_DIGIT = re.compile(r"\d")


_YEAR = re.compile(r"(?:19|20|25|26)\d\d")


_NUMBERS = re.compile(r"\d\s?[./-]\s?\d\d?\s?[./-]\s?\d\d")
"""What every date holds, a cheap look first: a year of one of the two calendars, or three numbers."""


def written_signs(text: str) -> int:
    """Which forms of date a text may hold, a bit for each; 0 where it holds none for sure. In C it knows more forms."""
    if not _ANY_DIGIT.search(text):
        return 0
    if not text.isascii():
        text = text.translate(_DIGITS)
    return (SPELT if _YEAR.search(text) else 0) | (NUMBERS if _NUMBERS.search(text) else 0)


def dated(blocks: list[Run], start: int, stop: int, longest: int) -> list[int]:
    """The indexes of those blocks in a range that are shorter than `longest` and may hold a date."""
    within = range(max(start, 0), min(stop, len(blocks)))
    return [index for index in within if len(text := blocks[index].text) < longest and written_signs(text)]


def person_form(name: str) -> int:
    """Whether a name has the form of a person's: `BY_SCRIPT` where some of it has no case, `BY_CAPITALS` where two to
    five words, two of them with capitals, stand before a comma; else 0.
    """
    if any(char > "\u024f" and char.isalpha() and char.lower() == char.upper() for char in name):
        return BY_SCRIPT if 2 <= len(name) <= 30 else 0
    words = name.split(",", maxsplit=1)[0].split()
    capital = sum([word[0].isupper() for word in words])
    return BY_CAPITALS if 2 <= len(words) <= 5 and capital >= 2 and len(words) - capital <= 2 else 0


def may_name_person(text: str) -> bool:
    """False where nothing in a text can have a person's form, however it is cut and tidied."""
    return text != ""


def byline_signs(text: str) -> int:
    """Whether a text may hold a name behind a lead word (`LED`), or be a lead word alone (`ALONE`)."""
    return LED | ALONE if text else 0


def byline_blocks(
    blocks: list[Run],
    elements: list[Element],
    indexes: Iterable[int],
    heading: int,
    bounds: tuple[int, int, int, int, int, int, int],
    pairs: frozenset[str],
    firsts: frozenset[str],
    author: int,
) -> list[tuple[int, Run, bool, bool]]:
    """Those of the blocks that may hold names of authors: with each whether it is called an author's, and whether it
    may open as a byline does: with one of `pairs`, or beyond ASCII one of `firsts`.

    `bounds` are the most characters of a block, those of one that is tried for its place alone, the most links; then
    how far before and behind the headline such a block stands, and how far one with links. `author` is the hint's bit.
    """
    block_chars, near_chars, most_links, near_before, near_after, links_before, links_after = bounds
    found: list[tuple[int, Run, bool, bool]] = []
    for index in indexes:
        run = blocks[index]
        size, links = len(run.text), len(run.links)
        if size > block_chars and (not links or size > 2 * block_chars):
            continue
        own = elements[run.owner]
        above = elements[own.parent]
        named = bool((own.hints | run.inline | above.hints | elements[above.parent].hints) & author)
        opened = size <= block_chars and may_open(run.text, pairs, firsts)
        linked = 0 < links <= most_links and (named or heading + links_before <= index <= heading + links_after)
        close = size < near_chars and heading + near_before <= index <= heading + near_after
        if linked or (size <= block_chars and (opened or named or close)):
            found.append((index, run, named, opened))
    return found


def heading_elements(elements: list[Element], ends: list[int], most_h1: int, most_lower: int) -> list[int]:
    """The indexes of the first h1, and of the first h2 and h3 that hold blocks, in order."""
    found: list[int] = []
    seen = lower = 0
    for index, element in enumerate(elements):
        tag = element[0]
        if tag == "h1":
            if seen < most_h1:
                seen += 1
                found.append(index)
        elif (tag == "h2" or tag == "h3") and lower < most_lower and element.first < ends[index]:  # noqa: PLR1714
            lower += 1
            found.append(index)
    return found


def texts_of_sizes(blocks: list[Run], stop: int, sizes: Iterable[int], others: bool) -> list[str]:
    """The texts, shorter than 512, of the first blocks that have one of `sizes`, or with `others` are not ASCII."""
    wanted = set(sizes)
    texts = [block[0] for block in blocks[:stop]]
    return [text for text in texts if len(text) < 512 and (len(text) in wanted or (others and not text.isascii()))]


def fill(rows: list[list[float]], out: NDArray[np.float32]) -> None:
    """Write rows of numbers into an array of just their shape."""
    out[:] = rows
