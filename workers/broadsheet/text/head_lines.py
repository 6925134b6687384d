"""What lines around a story's start and end are: bylines, date lines, titles, section labels. Told by text alone."""

import re

from broadsheet.text.dates import find_date
from broadsheet.text.words import count_words, ends_sentence, words_to

_BY = (
    r"by|written by|posted by|reported by|story by|words by|reporting by|von|par|por|di|a cura di|door|"
    r"av|af|przez|tekst|"
    r"text|texte|автор|авторы|от|текст|بقلم|كتب|كتبت|نوشته|מאת|作者|记者|記者|文|文／|取材|เขียนโดย|โดย|लेखक|द्वारा|"
    r"기자"
)
_BYLINE = re.compile(rf"^(?:{_BY})(?:\s*[:：/／]\s*|\s+)(?P<names>\S.*)$", re.IGNORECASE)
_NAME = re.compile(r"^[^\W\d_][^\s\d,;:!?()|]*(?:\s+(?:&|[^\W\d_][^\s\d,;:!?()|]*)){0,9}$")
"""One to ten words that start with letters: vowel signs of Thai or Hindi are no letters, so what follows may be any."""
_DATE_WORDS = 14
_DATE_CHARS = 90
_BYLINE_WORDS = 16


def byline_names(text: str) -> str | None:
    """The names of a byline ("By A. Name and B. Name"), as printed; None for any other line."""
    match = _BYLINE.match(text)
    if not match or words_to(text, _BYLINE_WORDS + 1) > _BYLINE_WORDS or ends_sentence(text.rstrip(".")):
        return None
    names = re.split(r"\s*(?:[|•·]|\s[-–—]\s)\s*", match["names"])[0].strip(" ,.")
    first = re.split(r",|\band\b|\bund\b", names)[0].strip()
    if find_date(first) or not _capital(first) or not _NAME.match(first.replace("\u3000", " ")):
        return None
    return names


def is_date_line(text: str) -> bool:
    """Whether a line says when the story was published and little else."""
    if len(text) > _DATE_CHARS or count_words(text) > _DATE_WORDS:
        return False
    found = find_date(text)
    if not found:
        return False
    rest = text[: found.start] + text[found.end :]
    return sum(char.isalpha() for char in rest) <= 45


def _capital(name: str) -> bool:
    """Names start with a capital where the script has them, and most of their words do."""
    heads = [word[:1] for word in name.split()]
    cased = [head for head in heads if head.lower() != head.upper()]
    return not cased or (heads[0].isupper() and 2 * sum(head.isupper() for head in cased) >= len(cased))
