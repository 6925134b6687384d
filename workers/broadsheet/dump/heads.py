"""What a line of a story's head is beside the head's other lines, and what of it the story's prose takes up.

A headline is one of several lines that could each be one: a kicker, a standfirst, a picture's description, a link to
another story. It is told by comparison: whose words the prose comes back to most, which line is told again by others,
which one holds another, how each compares in length and place.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lines import Floats, Ints, Lines
from broadsheet.cohesion.windows import Matrix

SOON = 150
"""Tokens of prose in which a headline's subject is named."""
FULL_WORDS = 4.0
"""Lines of so many words may be headlines; shorter ones are labels more often."""
FAR_LINES = 20.0
"""Stands for a line of a kind that does not come any more."""

_TAKEN = ("taken", "taken_soon", "uses", "taken_sum", "taken_soon_sum", "uses_sum", "rare_sum")
NAMES = (
    *_TAKEN,
    *(f"{name}{side}" for side in ("_to_top", "_rank", "_top") for name in _TAKEN),
    "once", "same_before", "same_after", "within", "holds",
    "to_prose", "words_to_prose", "from_start", "to_end", "head", "words_to_top", "words_rank", "full_before",
    "full_after", "gap_rank",
    "date", "byline", "credit", "date_next", "date_before", "byline_next", "byline_before", "credit_next",
    "credit_before",
)  # fmt: skip


def head_rows(lines: Lines, places: Sequence[int], signs: Sequence[Sequence[bool]], prose: int) -> Matrix:
    """A row of `NAMES` for each line of a head, at least one.

    `places` ascend; `signs` says of each line whether it is a date, a byline, a caption that credits; `prose` is the
    line where the story's prose begins (the number of lines where there is none).
    """
    head = np.array(places, dtype=np.int64)
    owner, tokens = _tokens(lines, head)
    columns = [*_taken(lines, owner, tokens, len(head), prose), *_likeness(owner, tokens, len(head))]
    columns += [*_places(lines, head, prose), *_near(np.array(signs, dtype=float))]
    rows = np.empty((len(columns), len(head)), dtype=np.float32)
    for row, column in zip(rows, columns, strict=True):  # np.stack and np.array take thrice as long
        row[:] = column
    return rows.T


def _tokens(lines: Lines, head: Ints) -> tuple[Ints, Ints]:
    """The words of the head's lines and the place in the head of the line of each: grammar's short ones only where
    a line has no others.
    """
    ends = np.append(lines.starts[1:], len(lines.tokens))
    counts = ends[head] - lines.starts[head]
    owner = np.repeat(np.arange(len(head)), counts)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + lines.starts[head][owner]
    content = ~lines.short[at]
    content |= (np.bincount(owner, content, len(head)) == 0)[owner]
    return owner[content], lines.tokens[at[content]]


def _taken(lines: Lines, owner: Ints, tokens: Ints, count: int, prose: int) -> list[Floats]:
    """How much of each line the prose comes back to, for itself and beside the line it takes most of."""
    start = int(lines.starts[prose]) if prose < len(lines) else len(lines.tokens)
    most = int(lines.tokens.max(initial=0)) + 1
    uses = np.bincount(lines.tokens[start:], minlength=most)[tokens]
    soon = np.bincount(lines.tokens[start : start + SOON], minlength=most)[tokens]
    ever = np.bincount(lines.tokens, minlength=most)[tokens]
    size = np.maximum(1.0, np.bincount(owner, minlength=count))

    def sums(values: NDArray[np.generic]) -> Floats:
        return np.bincount(owner, values, count).astype(np.float64)

    taken, taken_soon, told = sums(uses > 0), sums(soon > 0), sums(np.log1p(uses))
    rare = sums((uses > 0) / np.log2(1.0 + np.maximum(1, uses)))
    columns = np.array([taken / size, taken_soon / size, told / size, taken, taken_soon, told, rare])
    top = columns.max(axis=1, keepdims=True)
    ranks = (columns[:, None, :] > columns[:, :, None]).sum(axis=2)
    return [*columns, *(columns - top), *ranks, *np.repeat(top, count, axis=1), sums((uses == 0) & (ever == 1)) / size]


def _rank(column: Floats) -> Floats:
    """The number of lines with more."""
    return len(column) - np.searchsorted(np.sort(column), column, side="right").astype(float)


def _likeness(owner: Ints, tokens: Ints, count: int) -> list[NDArray[np.int64]]:
    """For each line the lines of the same words before and after it, those that hold its words and more, and those
    whose words it holds.
    """
    number = np.zeros(int(tokens.max(initial=0)) + 1, dtype=np.int64)
    number[tokens] = np.arange(len(tokens))  # one of its places stands for each word
    held = np.zeros((count, len(tokens)), dtype=bool)
    held[owner, number[tokens]] = True
    bits = np.packbits(held, axis=1)
    others = ~bits
    sizes = np.bincount(owner, minlength=count)
    within = np.array([~(line & others).any(axis=1) for line in bits]) & (sizes > 0)[:, None]
    same = within & within.T
    within &= ~same
    here = np.arange(count)
    before = (same & (here < here[:, None])).sum(axis=1)
    return [
        before,
        same.sum(axis=1) - before - (sizes > 0),
        within.sum(axis=1),
        (within & (sizes > 1)[:, None]).sum(axis=0),
    ]


def _places(lines: Lines, head: Ints, prose: int) -> list[Floats]:
    """Where each line stands in the head, and how it compares in length."""
    count = len(head)
    here = np.arange(count, dtype=float)
    before = np.append(0.0, np.cumsum(lines.words))
    words, gap = lines.words[head], lines.gap[head]
    full = np.cumsum(words >= FULL_WORDS)
    return [
        prose - head, np.log1p(before[prose] - before[head]), here, count - 1 - here, np.full(count, count),
        words - words.max(), _rank(words), full - (words >= FULL_WORDS), full[-1] - full, _rank(gap),
    ]  # fmt: skip


def _near(signs: Floats) -> list[Floats]:
    """The signs of each line, how far on the next line with each stands, and how many stand before."""
    here = np.arange(float(len(signs)))[:, None]
    following = np.minimum.accumulate(np.where(signs > 0, here, np.inf)[::-1])[::-1]
    distance = np.minimum(np.append(following[1:], np.full((1, signs.shape[1]), np.inf), axis=0) - here, FAR_LINES)
    before = np.cumsum(signs, axis=0) - signs
    return [*signs.T, *(column for pair in zip(distance.T, before.T, strict=True) for column in pair)]
