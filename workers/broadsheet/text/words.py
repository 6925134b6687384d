"""Words of any script: counting, folding for comparison, sentences. Scripts without spaces count by characters."""

import re

from broadsheet.native.text import count_words, ends_sentence, fold

__all__ = [
    "count_words",
    "ends_sentence",
    "first_sentence",
    "first_words",
    "fold",
    "fold_start",
    "folded_words",
    "words_to",
]


_CLOSERS = "\"'\u201d\u2019\u00bb\u203a)\\]】」』）”"
_SENTENCE_END = re.compile(rf"(?:[.!?\u2026؟।॥۔][{_CLOSERS}]*(?=\s|$))|(?:[。！？｡][{_CLOSERS}]*)")
FOLDED_CHARS_A_WORD = 12
"""Characters that hold a word and what parts it from the next in nearly every text."""
PROBE_CHARS = 1_000
"""Characters of a long text that are counted before all of it: 100 words or more in nearly every language."""


def words_to(text: str, most: int) -> int:
    """The number of words of `text` if it has fewer than `most`; else that or more, for a look at its start alone."""
    if len(text) > PROBE_CHARS:
        found = count_words(text[:PROBE_CHARS])
        if found >= most:
            return found
    return count_words(text)


def folded_words(text: str) -> list[str]:
    """Words for comparison: compatibility forms, case and punctuation folded away."""
    return fold(text).split()


def fold_start(text: str, count: int) -> str:
    """A text folded up to its first `count` words or further; of a long text little more is read than that."""
    if len(text) > count * FOLDED_CHARS_A_WORD:
        start = fold(text[: count * FOLDED_CHARS_A_WORD])
        if start.count(" ") >= count:  # the last may be cut
            return start
    return fold(text)


def first_words(text: str, count: int) -> list[str]:
    """The first `count` folded words, or all where there are fewer."""
    return fold_start(text, count).split(None, count)[:count]


def first_sentence(text: str) -> str:
    """The first sentence of `text`, at least 20 characters where there are as many (so that "Mr." is none)."""
    for match in _SENTENCE_END.finditer(text):
        if match.end() >= 20:
            return text[: match.end()].strip()
    return text.strip()
