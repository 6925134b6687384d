"""Text dumps of single-article HTML pages: what a splitter must leave whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from resiliparse.extract.html2text import extract_plain_text

from broadsheet.text.words import folded_words

SHINGLE = 4
MIN_HELD = 0.9
"""Share of the truth's word shingles that a dump must hold: others lost part of the page on the way."""


def single_dumps(pages: Iterator[Mapping[str, Any]], *, blank_lines: bool) -> Iterator[dict[str, Any]]:
    """One dump a page, in the pages' order, of those whose whole truth it holds."""
    for page in pages:
        text = extract_plain_text(page["html"], preserve_formatting=True)
        if not blank_lines:
            text = "\n".join(line for line in text.splitlines() if line.strip())
        if _held(page["truth"]["text"], text) >= MIN_HELD:
            yield {"id": page["id"], "url": page["url"], "text": text}


def _held(truth: str, text: str) -> float:
    wanted, there = _shingles(truth), _shingles(text)
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = folded_words(text)
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
