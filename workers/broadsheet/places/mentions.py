"""Where names of the table stand in a text: the longest one at each place where a name can begin.

In scripts with capitals a name begins with one. In those without, it begins where a word does (in Arabic and Hebrew
also behind the particles that are written with it); in Chinese, Japanese and Thai, which part no words, anywhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from broadsheet.places.table import Table

LONGEST = 50
"""Characters of a name that are looked at."""
_MARKS = "\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0e7f"
"""Vowel signs, which are no letters to the regular expressions."""
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_BEGINS = re.compile(rf"(?<![^\W\d_])(?<![{_MARKS}])(?![a-z]){_LETTER}+")
"""Words that do not begin with a small Latin letter: most do, and are not looked at."""
_WORD = rf"{_LETTER}+(?:[.']{_LETTER}+)*\.?"
_AFTER = re.compile(rf" ({_WORD})")
_OPENING = "\"'“”‘’«([„"
NEAR = 40
"""Characters before a name in which the word before it is looked for."""
_INSIDE = re.compile(rf"{_LETTER}|\d")
_END = re.compile(r"[.!?:\n\"“”«»•—|(]")
_PARTICLES = {
    "arabic": re.compile("و?(?:[بلفك](?:ال)?|ال|لل)?"),
    "hebrew": re.compile("ו?[בלמהשכ]{0,2}"),
}
_HANGUL_REST = re.compile(
    "(?:에서|에게|으로|에|의|은|는|이|가|을|를|과|와|로|도|시|특별시|광역시|발|산|인|까지|부터)*(?![가-힣])"
)
_GEORGIAN = re.compile("[ა-ჿ]")
"""Small letters to Unicode; Georgian writes no others."""
_KATAKANA = re.compile("[ァ-ヺー]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: its key and candidates in the table, and the words beside it ("" where another sentence or
    the text's end is)."""

    start: int
    end: int
    word: str
    key: str
    candidates: tuple[int, ...]
    marks: int
    before: str
    after: str
    is_cased: bool
    begins_sentence: bool
    is_elsewhere_lower: bool
    """Whether the same word stands in the text without its capital."""


def mentions(text: str, table: Table) -> list[Mention]:
    """All mentions in the text's order; none overlap."""
    folded = fold(text)
    found: list[Mention] = []
    end = 0
    for word in _BEGINS.finditer(text):
        start = word.start()
        if start < end or (text[start].islower() and not _GEORGIAN.match(text, start)):
            continue
        for begin in (start,) if text[start].isupper() else _beginnings(word[0], start):
            if begin >= end and (key := _longest(text, folded, begin, table)):
                end = begin + len(key)
                found.append(_mention(text, begin, key, table))
    return found


def paired(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Mention | None]]:
    """Each mention with the next one."""
    return zip_longest(mentions, mentions[1:])


def fold(text: str) -> str:
    """The text in lower case, character for character."""
    text = text.replace("’", "'")
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(_lower(char) for char in text)


def _lower(char: str) -> str:
    lower = char.lower()
    return lower if len(lower) == 1 else lower[:1] or char


def _beginnings(word: str, start: int) -> Iterator[int]:
    """Where a name may begin in a word without capitals."""
    code = ord(word[0])
    if is_unparted(code):
        yield from range(start, start + len(word))
        return
    yield start
    script = "arabic" if 0x600 <= code < 0x700 else "hebrew" if 0x590 <= code < 0x600 else None
    if script and (particle := _PARTICLES[script].match(word)):
        yield from range(start + 1, start + 1 + particle.end())


def is_unparted(code: int) -> bool:
    """Whether the character is of a script that parts no words: Thai, Kana, Chinese characters."""
    return 0xE00 <= code < 0xE80 or 0x3040 <= code < 0xA000


def is_hangul(code: int) -> bool:
    """Whether the character is a Korean syllable."""
    return 0xAC00 <= code < 0xD7B0


def _longest(text: str, folded: str, start: int, table: Table) -> str | None:
    code = ord(text[start])
    if is_unparted(code) and folded[start : start + 2] not in table.pairs:
        return None
    cased = text[start].isupper()
    for key in reversed(table.names.prefixes(folded[start : start + LONGEST])):
        end = start + len(key)
        if _may_end(text, end) and (not cased or _last_word_is_capital(text, start, end)):
            found: str = key
            return found
    return None


def _may_end(text: str, end: int) -> bool:
    if end >= len(text) or not _INSIDE.match(text, end):
        return True
    code = ord(text[end - 1])
    if is_hangul(code):
        return _HANGUL_REST.match(text, end) is not None
    if _KATAKANA.match(text, end - 1):
        return not _KATAKANA.match(text, end)
    return is_unparted(code)


def _last_word_is_capital(text: str, start: int, end: int) -> bool:
    last = text[start:end].rsplit(None, 1)[-1]
    return last[0].isupper() or len(last) == 1 or not last[0].isalpha()


def _mention(text: str, start: int, key: str, table: Table) -> Mention:
    end = start + len(key)
    near = text[max(0, start - NEAR) : start]
    before, after = _word_before(near), _AFTER.match(text, end)
    stop = before.endswith(".") and len(before) > 4
    begins = stop or not near or (not before and bool(_END.search(near[-3:])))
    candidates, marks = table.lookup(key)
    return Mention(
        start=start,
        end=end,
        word=text[start:end],
        key=key,
        candidates=candidates,
        marks=marks,
        before="" if stop else before,
        after=after[1] if after is not None else "",
        is_cased=text[start].isupper(),
        begins_sentence=begins,
        is_elsewhere_lower=_stands(key, text),
    )


def _word_before(near: str) -> str:
    """The word that stands right before, apart by a blank or a hyphen at most."""
    rest = near[:-1] if near[-1:] in (" ", "-") else near
    if not rest or not (rest[-1].isalnum() or rest[-1] == "."):
        return ""
    return rest.rsplit(None, 1)[-1].rsplit("-", 1)[-1].lstrip(_OPENING)


def _stands(word: str, text: str) -> bool:
    """Whether it is a word of the text as it is."""
    place = text.find(word)
    while place >= 0:
        around = text[place - 1 : place] + text[place + len(word) : place + len(word) + 1]
        if not any(char.isalpha() for char in around):
            return True
        place = text.find(word, place + 1)
    return False
