"""A dump's lines as columns of numbers: what each line is by itself, and where its words stood before and come again.

The one thing shared by the models over lines. Built in one pass over the text; all that follows is arithmetic on
whole columns, linear in the number of words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lexicon import Lexicon
from broadsheet.cohesion.signs import own_columns
from broadsheet.cohesion.tokens import read_texts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 10**9
"""Stands for "never": the distance to a word or line that does not come again."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns over n lines and m tokens (a key counts once a line). `starts[i]` is the first token of line i.

    `gap` is the number of blank lines before a line; `words` may be fractions. `tokens` numbers the keys.
    `before`/`after` give for each token the token at which its key stood last and will stand next, -FAR and FAR where
    none; `same_before`/`same_after` the same for lines.
    """

    texts: tuple[str, ...]
    gap: Floats
    words: Floats
    own: Floats
    lexical: Floats
    starts: Ints
    owner: Ints
    capital: NDArray[np.bool_]
    short: NDArray[np.bool_]
    tokens: Ints
    before: Ints
    after: Ints
    frequency: Ints
    same_before: Ints
    same_after: Ints

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, start: int, end: int) -> "Lines":
        """The columns of the lines from `start` up to `end`, as if they were the whole dump. At least one line."""
        low = int(self.starts[start])
        high = int(self.starts[end]) if end < len(self) else len(self.tokens)
        gap = self.gap[start:end].copy()
        gap[0] = 0.0
        tokens = self.tokens[low:high]
        return Lines(
            texts=self.texts[start:end],
            gap=gap,
            words=self.words[start:end],
            own=self.own[start:end],
            lexical=self.lexical[start:end],
            starts=self.starts[start:end] - low,
            owner=self.owner[low:high] - start,
            capital=self.capital[low:high],
            short=self.short[low:high],
            tokens=tokens,
            before=_within_back(self.before[low:high], low),
            after=_within_ahead(self.after[low:high], low, high),
            frequency=np.bincount(tokens)[tokens] if high > low else tokens,
            same_before=_within_back(self.same_before[start:end], start),
            same_after=_within_ahead(self.same_after[start:end], start, end),
        )


def _within_back(places: Ints, low: int) -> Ints:
    return np.where(places >= low, places - low, -FAR)


def _within_ahead(places: Ints, low: int, high: int) -> Ints:
    return np.where(places < high, places - low, FAR)


def read(texts: Sequence[str], gaps: Sequence[int], lexicon: Lexicon) -> Lines:
    """The columns of a dump's non-blank lines, without outer white space, and the blank lines before each."""
    found = read_texts(texts, lexicon)
    tokens = found.ids
    before, after = _chains(tokens)
    same_before, same_after = _twins(texts)
    return Lines(
        texts=tuple(texts),
        gap=np.array(gaps, dtype=np.float64),
        words=found.sizes,
        own=own_columns(texts, found.sizes, found.chars, found.capitals),
        lexical=found.lexical,
        starts=np.cumsum(found.counts) - found.counts,
        owner=np.repeat(np.arange(len(texts)), found.counts),
        capital=found.capital,
        short=found.short[tokens],
        tokens=tokens,
        before=before,
        after=after,
        frequency=np.bincount(tokens, minlength=len(found.short))[tokens],
        same_before=same_before,
        same_after=same_after,
    )


def _chains(tokens: Ints) -> tuple[Ints, Ints]:
    """For each token the place of the same key before it and after it."""
    before = np.full(len(tokens), -FAR, dtype=np.int64)
    after = np.full(len(tokens), FAR, dtype=np.int64)
    order = np.argsort(tokens, kind="stable")
    linked = tokens[order[1:]] == tokens[order[:-1]]
    before[order[1:][linked]] = order[:-1][linked]
    after[order[:-1][linked]] = order[1:][linked]
    return before, after


def _twins(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """For each line the last line before and the first after it with the same letters and digits."""
    before = np.full(len(texts), -FAR, dtype=np.int64)
    after = np.full(len(texts), FAR, dtype=np.int64)
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        folded = " ".join(text.lower().split())
        last = seen.get(folded)
        if last is not None:
            before[index] = last
            after[last] = index
        seen[folded] = index
    return before, after
