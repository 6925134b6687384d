"""Where the documents of an archive's export, of mails run together or of numbered cuttings begin and end.

A document begins where it is counted ("3 of 20 DOCUMENTS"), where a head of labels begins, or where a number and a line
on its source stand; or the one before says that it has ended. All of them in one way: the surest that is there.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from broadsheet.dump.labelled.labels import Labelled, ends_document, files_document, is_row, opens_document, read_label
from broadsheet.text.dates import find_date
from broadsheet.text.line import Line
from broadsheet.text.numbers import number

LEAST_LABELS = 3
"""So many different fields must be told by labels before one document alone is read by them."""
HEAD_LINES = 12
SOURCE_CHARS = 160
_REPLY = re.compile(r"(?:(?:re|aw|fwd?|wg|tr|rv|sv)(?:\[\d{1,3}\])?: {0,3}){1,9}", re.IGNORECASE)
NUMBERED = re.compile(r"(\d{1,3})[.)] (?=\S)")

Labels = Sequence[Labelled | None]


class Document(NamedTuple):
    """The lines of one, from `start` up to `end`; `number` is the length of the count before its first line."""

    start: int
    end: int
    number: int = 0


def find_documents(lines: Sequence[Line], labels: Labels) -> list[Document]:
    """The documents that `lines` hold, in order; none where nothing labels them. Linear in the number of lines."""
    ways: tuple[Callable[[Sequence[Line], Labels], list[Document]], ...] = (_counted, _headed, _ended, _numbered)
    return next((found for way in ways if (found := way(lines, labels))), [])


def read_labels(lines: Sequence[Line]) -> list[Labelled | None]:
    """The label of each line that begins with one."""
    return [read_label(line.text) for line in lines]


def _counted(lines: Sequence[Line], labels: Labels) -> list[Document]:
    starts = [at + 1 for at, line in enumerate(lines) if opens_document(line.text)]
    if len(starts) < 2 and not (starts and _fields(labels, starts[0], len(lines)) >= LEAST_LABELS):
        return []
    return [Document(start, end - 1) for start, end in pairwise([*starts, len(lines) + 1])]


def _headed(lines: Sequence[Line], labels: Labels) -> list[Document]:
    """Each label of a headline stands in a head of labels: a document begins with the first of them."""
    starts: list[int] = []
    for at, label in enumerate(labels):
        if label and label.field == "headline":
            start = at
            while start and labels[start - 1] and not lines[start].blank and not ends_document(lines[start - 1].text):
                start -= 1
            end = at + 1
            while end < len(lines) and labels[end] and not lines[end].blank:
                end += 1
            if end - start >= 2 or (at + 1 < len(lines) and labels[at + 1]):
                starts.append(start)
    starts = sorted(set(starts))
    if len(starts) == 1 and _told(labels[:HEAD_LINES]) < LEAST_LABELS:
        return []
    if len({_bare_subject(labels[at : at + HEAD_LINES]) for at in starts}) < len(starts):
        return []  # the letters of one exchange
    return [Document(start, end) for start, end in pairwise([*starts, len(lines)])]


def _ended(lines: Sequence[Line], labels: Labels) -> list[Document]:
    filed = [at + 1 for at, line in enumerate(lines) if files_document(line.text)]
    ends = filed or [at + 1 for at, line in enumerate(lines) if ends_document(line.text)]
    found = [Document(start, end) for start, end in pairwise([0, *ends])]
    told = [_fields(labels, document.start, document.end) >= LEAST_LABELS - 1 for document in found]
    return found if filed or (told and 2 * sum(told) > len(told)) else []


def _numbered(lines: Sequence[Line], _: Labels) -> list[Document]:
    """Headlines that are numbered from 1 on, each with a line on its source below it: who, when, on which page."""
    starts: list[tuple[int, int]] = []
    for at, line in enumerate(lines[:-1]):
        match = NUMBERED.match(line.text)
        if match and number(match[1]) == len(starts) + 1 and _is_source(lines[at + 1].text):
            starts.append((at, match.end()))
    if len(starts) < 2 or any(_is_item(lines, at) for at, _ in starts):
        return []
    edges = [*starts, (len(lines), 0)]
    return [Document(start, end, number) for (start, number), (end, _) in pairwise(edges)]


def _is_item(lines: Sequence[Line], at: int) -> bool:
    """Whether a numbered line is one of a list: it ends as a sentence, or cites when something was read."""
    if find_date(lines[at].text):
        return True
    return lines[at].ends and not lines[at].text.endswith(("?", "!"))


def _is_source(text: str) -> bool:
    """Whether a line names a paper, and behind a comma the day."""
    found = find_date(text) if len(text) <= SOURCE_CHARS else None
    return found is not None and "," in text[: found.start]


def _bare_subject(labels: Labels) -> str:
    value = next((label.value for label in labels if label and label.field == "headline"), "")
    return _REPLY.sub("", value).casefold()


def _told(labels: Labels) -> int:
    """How many fields of a story labels tell there."""
    return len({label.field for label in labels if label and label.field})


def _fields(labels: Labels, start: int, end: int) -> int:
    """How many different labels stand there, those that tell no field of ours by their values' number."""
    found = [label for label in labels[start:end] if label]
    return len({label.field for label in found if label.field}) + sum(not label.field for label in found)


def is_rule(text: str) -> bool:
    """Whether a line only parts what stands around it."""
    return is_row(text) or opens_document(text) or ends_document(text)
