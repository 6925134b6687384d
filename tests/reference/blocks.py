"""Blocks and the elements around them, as `broadsheet.native.text` and `broadsheet.native.around` read them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Any

from broadsheet.html.scan.around import PATH_CHARS, REASON_BITS, REASON_TAGS
from broadsheet.html.scan.tree import Element, Run
from broadsheet.values import Removed
from tests.reference.words import count_words, ends_sentence


def prose_words(lines: Sequence[str]) -> int:
    return sum(words for line in lines if (words := count_words(line)) >= 10 or (words >= 5 and ends_sentence(line)))


def block_words(blocks: list[Run], lo: int, hi: int, least: int, weight: float, share: float) -> list[int]:
    """`block_words` in Python."""
    return [
        words
        if weight * linked < share * len(text) and len(text) >= least and (words := count_words(text)) >= least
        else 0
        for text, _, linked, _, _ in blocks[lo:hi]
    ]


def rows_of(
    elements: list[Element], ends: list[int], words: list[int], least: int, count: int, enough: float
) -> list[int]:
    """`rows_of` in Python."""
    sums = [0, *accumulate(words)]
    rows: dict[int, list[int]] = {}
    for e in range(1, len(elements)):
        if sums[ends[e]] - sums[elements[e].first] >= least:
            rows.setdefault(elements[e].parent, []).append(e)
    held = {above: sum(sums[ends[e]] - sums[elements[e].first] for e in row) for above, row in rows.items()}
    return sorted(e for above, row in rows.items() if len(row) >= count and held[above] >= enough for e in row)


def digit_led(blocks: list[Run]) -> list[int]:
    """`digit_led` in Python."""
    return [at for at, block in enumerate(blocks) if block.text[:1].isdigit()]


_removed = partial(tuple.__new__, Removed)


class Around:
    """`Around` in Python."""

    def __init__(self, elements: list[Element]) -> None:
        self.elements = elements
        self.known: dict[int, tuple[str, str]] = {0: ("", "")}

    def told(self, e: int) -> tuple[str, str]:
        known, elements = self.known, self.elements
        climbed = []
        while e not in known:
            climbed.append(e)
            e = elements[e].parent
        reason, path = known[e]
        while climbed:
            e = climbed.pop()
            tag, hints = elements[e].tag, elements[e].hints
            reason = REASON_TAGS.get(tag) or (_hinted(hints) if hints else "") or reason
            path = f"{path if len(path) <= PATH_CHARS else path[-PATH_CHARS:]}/{tag}" if path else tag
            known[e] = (reason, path)
        return reason, path

    def dropped(self, blocks: list[Run], indices: Iterable[int]) -> list[Removed]:
        made = []
        for at in indices:
            text, owner, linked, _, _ = blocks[at]
            reason, path = self.told(owner)
            if not reason:
                reason = "links" if 2 * linked > len(text) else "outside-body"
            made.append(_removed((reason, text, None, path, at)))
        return made


@lru_cache(maxsize=4096)
def _hinted(mask: int) -> str:
    for bit, reason in REASON_BITS:
        if mask & bit:
            return reason
    return ""


def tagged(elements: list[Element], tag: str) -> list[int]:
    """`tagged` in Python."""
    return [e for e, element in enumerate(elements) if element.tag == tag]


def nearest_of(elements: list[Element], e: int, tags: dict[str, Any], reach: int) -> int:
    """`nearest_of` in Python."""
    for _ in range(reach):
        if e <= 0:
            break
        element = elements[e]
        if element.tag in tags:
            return e
        e = element.parent
    return -1


def nearest(elements: list[Element], e: int, tag: str) -> int:
    """`nearest` in Python."""
    while e > 0:
        element = elements[e]
        if element.tag == tag:
            return e
        e = element.parent
    return -1
