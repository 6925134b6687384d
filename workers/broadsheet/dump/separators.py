"""Cuts that a dump makes itself: rows of signs between its stories, and takes of a wire that say where they end.

A row of stars or dashes parts scenes of one story as often as stories. It cuts where each row of its kind stands before
a headline: a line that is no sentence, followed by prose, with prose before the row too.
"""

from collections.abc import Sequence
from itertools import pairwise

from broadsheet.dump.labelled.labels import ends_document, is_row, opens_document
from broadsheet.text.line import Line

TITLE_WORDS = range(2, 31)
LEAST_WORDS = 40
"""Each part between cuts has so many words of prose: the shortest agency items have fifty."""
SENTENCE_WORDS = 12
HEAD_LINES = 8
"""Within so many lines below the headline the prose begins."""


def cut_separated(lines: Sequence[Line]) -> list[int]:
    """The indices of lines at which further stories start, by what stands between them; empty where nothing does."""
    rows: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if _parts(line):
            rows.setdefault(_kind(line), []).append(at)
    parting = (at for places in rows.values() if _part_stories(lines, places) for at in places)
    return sorted(at + 1 for at in parting if at + 1 < len(lines))


def _parts(line: Line) -> bool:
    return is_row(line.text) or ends_document(line.text) or opens_document(line.text)


def _kind(line: Line) -> str:
    """Rows of the same sign are of one kind, and so are lines that count or end documents."""
    return line.text[0] if is_row(line.text) else "words"


def _part_stories(lines: Sequence[Line], places: Sequence[int]) -> bool:
    """Whether all that these lines part are stories: the last may stand at the end of all."""
    edges = [0, *(at + 1 for at in places), len(lines) + 1]
    parts = [lines[start : end - 1] for start, end in pairwise(edges)]
    if parts and not parts[-1]:
        del parts[-1]
    if parts and not parts[0]:
        del parts[0]
    return len(parts) > 1 and all(map(_is_story, parts))


def _is_story(part: Sequence[Line]) -> bool:
    head = part[:HEAD_LINES]
    title = next((at for at, line in enumerate(head) if not line.furniture), None)
    if title is None or head[title].ends or head[title].words not in TITLE_WORDS:
        return False
    if not any(line.words >= SENTENCE_WORDS and line.ends for line in head[title + 1 :]):
        return False
    return sum(line.words for line in part[title + 1 :] if line.ends) >= LEAST_WORDS
