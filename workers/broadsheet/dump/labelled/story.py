"""One labelled document into a story: its labels tell fields, the other lines of its head by what they look like."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from broadsheet.dump.labelled.documents import Document, Labels, find_documents, is_rule, read_labels
from broadsheet.dump.labelled.labels import Labelled
from broadsheet.dump.story import body_block, removed_line
from broadsheet.dump.told import with_told
from broadsheet.text.authors import looks_like_person
from broadsheet.text.dates import find_date
from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.line import Line
from broadsheet.text.words import words_to
from broadsheet.values import Block, Removed, Span, Story

HEAD_LINES = 30
"""Without a label for the body it begins with the first prose among so many lines."""
PROSE_WORDS = 12
LEAST_WORDS = 10
"""A document with fewer words of body is a cover page, or was left empty."""

_LENGTH = re.compile(r"[\d.,]{1,7} ?(?:words?|w\.?|mots|wörter|wörtern|palabras|parole|woorden|字)\.?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)|all rights reserved|alle rechte|tous droits)\b", re.IGNORECASE)
_PAGE = re.compile(r"(?:(?:p|pp|pg|s|page|seite|pág)\.? ?)?[A-Z]{0,2}\d{1,4}|[A-Z\d]{2,12}", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"english|deutsch|german|français|french|español|spanish|italiano|italian|nederlands|dutch|português|portuguese",
    re.IGNORECASE,
)
_OF_TAIL = frozenset({"headline"})
"""Fields that no label below the body tells: there "Subject" is what an archive filed the document under."""
_SOURCE = re.compile(r"(.{2,80}?)[,;]\s")


class _Told(NamedTuple):
    """A line of a head or a tail, and its label."""

    line: Line
    label: Labelled | None


def read_documents(lines: Sequence[Line]) -> tuple[list[Story], list[Removed]]:
    """The stories of a labelled dump in order, and what stands outside of them; no story where nothing labels them."""
    labels = read_labels(lines)
    documents = find_documents(lines, labels)
    if not documents:
        return [], []
    heads = (slice(one.start, min(one.end, one.start + HEAD_LINES)) for one in documents)
    times = Counter(line.key for head in heads for line in lines[head])
    stories = [_read(lines, labels, document, times) for document in documents]
    kept = [story for story in stories if story]
    inside = [document for document, story in zip(documents, stories, strict=True) if story]
    outside = _outside(lines, inside)
    return kept, [removed_line("no-article", line) for line in outside]


def _outside(lines: Sequence[Line], documents: Sequence[Document]) -> list[Line]:
    edges = [0, *(edge for document in documents for edge in (document.start, document.end)), len(lines)]
    return [line for start, end in zip(edges[::2], edges[1::2], strict=True) for line in lines[start:end]]


def _read(lines: Sequence[Line], labels: Labels, document: Document, times: Mapping[str, int]) -> Story | None:
    """A document's story; None where it has no body."""
    start, end = _find_body(lines, labels, document)
    body = _body_blocks(lines, labels, start, end)
    if sum(words_to(block.text, LEAST_WORDS) for block in body) < LEAST_WORDS:
        return None
    told_lines = [_Told(lines[at], labels[at]) for at in range(document.start, document.end)]
    head, tail = told_lines[: start - document.start], told_lines[end - document.start :]
    told = {**_told_by_labels(tail, _OF_TAIL), **_told_by_labels(head)}
    _told_by_looks([line for line, label in head if label is None], told, times, document.number)
    within = {block.span for block in body}
    removed = [
        removed_line("label" if label else "head", line) for line, label in told_lines if line.span not in within
    ]
    span = Span(lines[document.start].span.start, lines[document.end - 1].span.end)
    return with_told(Story(None, tuple(body), removed=tuple(removed), span=span), told, "label")


def _find_body(lines: Sequence[Line], labels: Labels, document: Document) -> tuple[int, int]:
    """From which line to which the body stands: behind its label or its head, before the labels at the end."""
    places = range(document.start, document.end)
    start = next((at for at in places if _is_body_label(labels[at])), None)
    if start is None:
        start = _first_prose(lines, labels, document)
    end = document.end
    for at in range(document.end - 1, start, -1):
        if _is_body_label(labels[at]) or (
            labels[at] is None and not _ends_document(lines[at]) and lines[at].words >= PROSE_WORDS
        ):
            break
        if labels[at] or _ends_document(lines[at]):
            end = at
    return start, end


def _first_prose(lines: Sequence[Line], labels: Labels, document: Document) -> int:
    """The first prose near the document's start that no label opens; where there is none, the end of its head."""
    near = range(document.start, min(document.end, document.start + HEAD_LINES))
    return next((at for at in near if labels[at] is None and _is_prose(lines[at])), near.stop)


def _is_prose(line: Line) -> bool:
    return (
        line.words >= PROSE_WORDS and not _COPYRIGHT.match(line.text) and (line.ends or line.words >= 2 * PROSE_WORDS)
    )


def _is_body_label(label: Labelled | None) -> bool:
    return label is not None and label.field == "body"


def _ends_document(line: Line) -> bool:
    return is_rule(line.text) or _COPYRIGHT.match(line.text) is not None


def _body_blocks(lines: Sequence[Line], labels: Labels, start: int, end: int) -> list[Block]:
    """The body's lines as blocks, without the labels that stand before it, and what only parts it."""
    blocks = []
    for at in range(start, end):
        line, label = lines[at], labels[at]
        told = label.value if label and label.field == "body" else line.text
        if told and not is_rule(line.text) and not line.furniture and not _COPYRIGHT.match(line.text):
            block = body_block(line, lines[at + 1] if at + 1 < end else None)
            blocks.append(block if told is line.text else block._replace(text=told))
    return blocks


def _told_by_labels(head: Sequence[_Told], but: frozenset[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    """What labels tell, the first of each field; one without a value tells the line after it."""
    told: dict[str, tuple[str, ...]] = {}
    for (_, label), after in zip_longest(head, head[1:]):
        if label is None or label.field in ("", "body") or label.field in (told.keys() | but):
            continue
        value = label.value or (after.line.text if after and after.label is None else "")
        if value:
            told[label.field] = tuple(_values(label.field, value))
    return told


def _values(name: str, value: str) -> list[str]:
    if name == "keywords":
        return [part.strip() for part in re.split(r"[;,]", value) if part.strip()]
    if name == "section":
        return [re.split(r";|\bPg\.|\bpp?\. ?\d", value)[0].strip()]
    if name == "authors":
        return [byline_names(value) or value]
    return [value]


def _told_by_looks(
    lines: Sequence[Line], told: dict[str, tuple[str, ...]], times: Mapping[str, int], number: int
) -> None:
    """What the lines of a head without labels tell that no label did: when, in which paper, under which headline."""
    if number and lines:
        told.setdefault("headline", (lines[0].text[number:],))
        lines = lines[1:]
    dated = next((at for at, line in enumerate(lines) if find_date(line.text)), None)
    if dated is not None:
        told.setdefault("published", (lines[dated].text,))
    names = [line for line in lines if _may_name(line)]
    signed = next((line for line in lines if byline_names(line.text)), None)
    headline = max(
        (line for line in names if line is not signed and times[line.key] == 1),
        key=lambda line: len(line.text),
        default=None,
    )
    if headline:
        told.setdefault("headline", (headline.text,))
    if dated is not None:
        _told_source(lines, dated, headline, told)
    person = next((line for line in names if line is not headline and looks_like_person(line.text)), None)
    author = signed or (person if person and times[person.key] == 1 and told.get("site") != (person.text,) else None)
    if author:
        told.setdefault("authors", (byline_names(author.text) or author.text,))


def _told_source(lines: Sequence[Line], dated: int, headline: Line | None, told: dict[str, tuple[str, ...]]) -> None:
    """The paper: before the date on its line, else on the line before or behind it."""
    inline = _SOURCE.match(lines[dated].text)
    found = find_date(lines[dated].text)
    if inline and found and found.start >= inline.end(1):
        told.setdefault("site", (inline[1],))
        return
    beside = (lines[at] for at in (dated - 1, dated + 1) if 0 <= at < len(lines))
    paper = next((line for line in beside if line is not headline and _may_name(line)), None)
    if paper:
        told.setdefault("site", (paper.text,))


def _may_name(line: Line) -> bool:
    """Whether a line of a head may be a headline, a paper or a person: no count, page, language, date, rule."""
    text = line.text
    others = (_LENGTH, _PAGE, _LANGUAGE)
    if any(pattern.fullmatch(text) for pattern in others) or _COPYRIGHT.match(text) or is_rule(text):
        return False
    return not is_date_line(text)
