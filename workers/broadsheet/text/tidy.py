"""Tidies a run of text: white space, invisible characters, broken encodings. Words are never rewritten.

What is undone is what machines did on the way (entities escaped twice, UTF-8 read as Windows-1252), what is
removed cannot be seen. Joiners stay where a script spells with them (Persian, Hindi), marks of direction
stay in text that runs right to left.
"""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from broadsheet.marks import without_heaps
from broadsheet.native.text import tidiness

_SPACE = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffc]+")
# Soft hyphen, zero-width space, word joiner and kin, byte order mark, interlinear marks, C0/C1 controls.
_INVISIBLE = re.compile(
    r"[\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\x00-\x08\x0b\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]"
)
_JOINER = re.compile(r"[\u200c\u200d]")
_JOINED_SCRIPTS = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufeff]")
_EMOJI = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_ENTITY = re.compile(
    r"&(?!(?:lt|gt|LT|GT|#0*6[02]|#[xX]0*3[CcEe]);)(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
)
# UTF-8 read as Windows-1252 shows as a lead byte's character and what its trailing bytes look like.
_TRAILING = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_MOJIBAKE = re.compile(
    f"(?:[\u00c2-\u00df]{_TRAILING}|[\u00e0-\u00ef]{_TRAILING}{{2}}|[\u00f0-\u00f4]{_TRAILING}{{3}})+"
)


# What opens every run of `_MOJIBAKE`: looked for first, as it is found or missed fast.
_MISREAD = re.compile(f"[\u00c2-\u00f4]{_TRAILING}")


def tidy(text: str) -> str:
    """A text in NFC with single spaces, without what cannot be seen, with broken encodings undone."""
    needed = tidiness(text)
    return text if needed == 2 else tidied(text) if needed == 0 else composed(text)


def tidy_lines(text: str) -> str:
    """A text with each of its lines tidied and the empty ones left out."""
    if "\n" not in text:
        return tidy(text)
    return "\n".join([line for part in text.split("\n") if (line := tidy(part))])


def tidied(text: str) -> str:
    """As `tidy`, of a text where something needs to be done."""
    if text.isascii() and "&" not in text:
        return " ".join(text.translate(_ASCII_CONTROLS).split())
    text = _SURROGATE.sub("\ufffd", text)
    if "&" in text:
        text = _unescape(text)
    text = repair_mojibake(text)
    text = _INVISIBLE.sub("", text)
    if not _JOINED_SCRIPTS.search(text) and not _EMOJI.search(text):
        text = _JOINER.sub("", text)
    if not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTION.sub("", text)
    return composed(_SPACE.sub(" ", text)).strip(" \u200c\u200d")


def composed(text: str) -> str:
    """`text` in NFC, marks heaped on a letter held to a number."""
    return unicodedata.normalize("NFC", without_heaps(text))


_ASCII_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 28), 127))


def _unescape(text: str) -> str:
    """Entities left in a text, escaped up to three times over; `<` and `>` stay: pages about HTML show them."""
    for _ in range(3):
        undone = _ENTITY.sub(lambda match: _unescaped(match.group()), text)
        if undone == text:
            break
        text = undone
    return text


@lru_cache(maxsize=1024)
def _unescaped(entity: str) -> str:
    """What an entity stands for; the cache only saves time, as a text has one entity again and again."""
    return unescape(entity)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, run by run, and only where the bytes are valid UTF-8.

    Honest text has such runs almost never: an accented capital or "à"-"ï" followed by signs no word holds.
    """
    if not _MISREAD.search(text):
        return text
    return _undone(text) or _MOJIBAKE.sub(_undo, text)


def _undo(match: re.Match[str]) -> str:
    run = match.group()
    return (_short_undone(run) if len(run) <= SHORT_RUN else _undone(run)) or run


def _undone(text: str) -> str | None:
    """What was read wrongly, if all of `text` that is not ASCII was."""
    try:
        undone = text.translate(_BYTES).encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return undone if undone.isprintable() or all(char.isprintable() or char.isspace() for char in undone) else None


_short_undone = lru_cache(maxsize=1024)(_undone)
"""The cache only saves time: a text that was misread has a few signs again and again."""
SHORT_RUN = 8
_BYTES = {ord(char): code for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
"""The byte that a Windows-1252 reader showed as a character; the five that it leaves undefined pass as Latin-1."""
