"""A headline out of its line: without the path that leads to it and the names that follow it."""

import re

from broadsheet.clean.words import count_words

MIN_WORDS = 3
"""What is left must be a headline by itself, not a section's or site's name."""
_PATH = re.compile(r"\s*[»›>]\s*")
_NAMES = re.compile(r"\s+\|\s+")


def bare_headline(text: str) -> str:
    """`text` without breadcrumbs before it ("Home » Blog » …") and names after it ("… | The Gazette").

    Unchanged where what would be left is short, or not the longest part.
    """
    for separator, keep in ((_PATH, -1), (_NAMES, 0)):
        parts = [part for part in separator.split(text) if part]
        if len(parts) > 1 and count_words(parts[keep]) >= max(MIN_WORDS, *map(count_words, parts)):
            text = parts[keep]
    return text
