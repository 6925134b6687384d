"""A headline out of its line: without the path or kicker before it and the names that follow it."""

import re
from collections.abc import Callable, Collection

from broadsheet.text.words import count_words

MIN_WORDS = 3
"""What is left must be a headline by itself, not a section's or site's name."""
LONGEST = 400
"""Characters in which a kicker is looked for; the longest of 847 true headlines has 156."""
_PATH = re.compile(r"\s*[»›>]\s*")
_NAMES = re.compile(r"\s+\|\s+")
_WORD = re.compile(r"\w+")
_QUOTES = '"”“»«'


def bare_headline(text: str) -> str:
    """`text` without breadcrumbs before it ("Home » Blog » …") and names after it ("… | The Gazette").

    Unchanged where what would be left is short, or not the longest part.
    """
    for separator, keep in ((_PATH, -1), (_NAMES, 0)):
        parts = [part for part in separator.split(text) if part]
        if len(parts) > 1 and count_words(parts[keep]) >= max(MIN_WORDS, *map(count_words, parts)):
            text = parts[keep]
    return text


def without_kicker(text: str, told: Callable[[], Collection[str]]) -> str:
    """`text` without a kicker that runs into it: "Fisheries in troubleHarbour shuts", "“All is lost”Harbour shuts".

    Inside a word a headline begins with a capital where the story (`told` gives its words, and is asked only then) has
    the second part as a word but not the whole: "YouTube" is no kicker's end. Both sides must be long enough for a
    headline.
    """
    if len(text) > LONGEST:
        return text
    for at in range(1, len(text) - 1):
        if not text[at].isupper() or not text[at + 1].islower():
            continue
        before, after = text[at - 1], text[at:]
        glued = text[0] in _QUOTES if before in _QUOTES else before.islower() and _runs_on(text, at, told)
        if glued and min(count_words(text[:at]), count_words(after)) >= MIN_WORDS:
            return after
    return text


def _runs_on(text: str, at: int, told: Callable[[], Collection[str]]) -> bool:
    """Whether the word that holds `at` is two: the story has the second, and never the whole."""
    start = next((i + 1 for i in range(at - 1, -1, -1) if not text[i].isalnum()), 0)
    second = _WORD.match(text, at)
    return second is not None and second.group() in told() and text[start : second.end()] not in told()
