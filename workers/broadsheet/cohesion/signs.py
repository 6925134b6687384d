"""What a dump's line says by itself: its length, its letters, digits and signs, how it begins and ends.

Characters are classed all at once, by a table over the code points: one pass of arithmetic over the dump instead of
a search a line and sign.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERED = re.compile(r"^\(?\d{1,3}[.):]")
_GLUE = re.compile(r"\s[|»›>•·]\s")
_BULLETS = "•*·-–—▪■►>◦‣✓→+"
_QUOTES = '"“”«»„'
_COMMAS = ",،、"
_STOPS = ".!?…؟۔"
_FULL_STOPS = "。！？।"
"""Ends of sentences that need no space behind them."""
_CLOSING = "'\"’”»)]）」』"

UPPER, DIGIT, QUOTE, COMMA, STOP, FULL_STOP, CLOSING, SPACE = (1 << bit for bit in range(8))
_TABLE_SIZE = 0x10000

OWN_NAMES = (
    "words", "chars", "chars_a_word", "capitals", "upper", "digits", "ends", "colon_end", "lower_start", "bullet",
    "numbered", "tab", "glue", "year", "commas", "stops", "quotes", "digit_start", "letters",
)  # fmt: skip


@cache
def _classes() -> NDArray[np.uint8]:
    """The classes of every character of the basic plane; those beyond it have none."""
    table = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    signs = np.array([chr(code) for code in range(_TABLE_SIZE)])
    table |= np.char.isupper(signs).astype(np.uint8) * np.uint8(UPPER)
    table |= np.char.isdigit(signs).astype(np.uint8) * np.uint8(DIGIT)
    table |= np.char.isspace(signs).astype(np.uint8) * np.uint8(SPACE)
    for which, bit in (
        (_QUOTES, QUOTE),
        (_COMMAS, COMMA),
        (_STOPS, STOP),
        (_FULL_STOPS, FULL_STOP),
        (_CLOSING, CLOSING),
    ):
        for sign in which:
            table[ord(sign)] |= bit
    return table


def own_columns(texts: Sequence[str], words: Floats, letters: Floats, capitals: Floats) -> Floats:
    """A row of `OWN_NAMES` for each line, none of them empty.

    `words` and `letters` are each line's words and their characters, `capitals` the share of capitalised words.
    """
    if not texts:
        return np.zeros((0, len(OWN_NAMES)))
    sizes = np.array([len(text) for text in texts], dtype=np.int64) + 1
    joined = "\n".join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = np.where(codes < _TABLE_SIZE, _classes()[np.minimum(codes, _TABLE_SIZE - 1)], 0).astype(np.uint8)
    starts = np.cumsum(sizes) - sizes

    def count(flags: NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(flags, starts, dtype=np.float64)

    after = np.append(kinds[1:], np.uint8(SPACE))
    stops = ((kinds & STOP != 0) & (after & (SPACE | CLOSING) != 0)) | (kinds & FULL_STOP != 0)
    digits = count(kinds & DIGIT != 0)
    chars = (sizes - 1).astype(np.float64)
    spoken = np.maximum(1.0, words)
    first = [text[0] for text in texts]
    columns: dict[str, Floats | list[bool]] = {
        "words": words,
        "chars": chars,
        "chars_a_word": chars / spoken,
        "capitals": capitals,
        "upper": count(kinds & UPPER != 0) / chars,
        "digits": digits / chars,
        "ends": [_ends(text) for text in texts],
        "colon_end": [text[-1] in ":：" for text in texts],
        "lower_start": [sign.islower() for sign in first],
        "bullet": [sign in _BULLETS for sign in first],
        "numbered": [
            bool(held) and _NUMBERED.match(text) is not None for text, held in zip(texts, digits, strict=True)
        ],
        "tab": ["\t" in text for text in texts],
        "glue": [_GLUE.search(text) is not None for text in texts],
        "year": [held > 3 and _YEAR.search(text) is not None for text, held in zip(texts, digits, strict=True)],
        "commas": count(kinds & COMMA != 0) / spoken,
        "stops": count(stops),
        "quotes": count(kinds & QUOTE != 0) / spoken,
        "digit_start": [sign.isdigit() for sign in first],
        "letters": (letters - digits) / chars,
    }
    return np.array([columns[name] for name in OWN_NAMES], dtype=np.float64).T


def _ends(text: str) -> bool:
    """Whether a line ends as a sentence does, quotation marks and brackets behind the stop or not."""
    if text[-1] in _STOPS or text[-1] in _FULL_STOPS:
        return True
    return text[-1] in _CLOSING and text.rstrip(_CLOSING)[-1:] in (*_STOPS, *_FULL_STOPS)
