"""What a block's own text says, in numbers: lengths, links, punctuation, wording, repeats."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import NAME_CHARS
from broadsheet.blocks.tree import Head, Run

try:
    from broadsheet.native import features as native
    from broadsheet.native.names import Names
except ImportError:
    native = Names = None  # type: ignore[assignment,misc]

Floats = NDArray[np.float32]

GOOD_WORDS = 10
GOOD_LINKED = 0.35
"""Good text: blocks of this many words with a smaller share of linked characters."""

_COMMAS = (",", "، ", "、", "，")
_STOPS = ".!?。！？…۔।؟"
_CLOSING = "\"”'»)]"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_EDGE = re.compile(r"[^\W_]+")

TEXT_NAMES: tuple[str, ...] = (
    "words", "chars", "linked", "lines", "commas", "stops", "ends_stop", "repeats", "in_title", "in_description",
    "is_title", "wording", "naming",
)  # fmt: skip
SHORT_CHARS = 160
"""Longer blocks are no titles."""
STOPS, WORDING = TEXT_NAMES.index("stops"), TEXT_NAMES.index("wording")

_EDGE_CHARS = 48
_EDGE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Learned weights of words: of those a block begins with, and of the names on the elements around it."""

    text: dict[str, float]
    names: dict[str, float]
    table: "Names | None" = field(init=False, default=None, compare=False, repr=False)
    """The names' weights once more, as they are looked up in C."""

    def __post_init__(self) -> None:
        if Names is not None:
            object.__setattr__(self, "table", Names(self.names, NAME_CHARS))


def count_words(text: str) -> int:
    """Words by blanks; where a script has none, two characters a word."""
    spaced = text.count(" ") + text.count("\n") + 1
    if len(text) > 12 * spaced and not text.isascii():
        return max(spaced, len(_UNSPACED.findall(text)) // 2)
    return spaced


def edge_words(text: str) -> list[str]:
    """The words a block's wording is judged by: its first six, lower case, the first marked, and the first pair."""
    found = _EDGE.findall(text[:_EDGE_CHARS].lower())[:_EDGE_WORDS]
    if not found:
        return []
    return [f"^{found[0]}", " ".join(found[:2]), *found[len(found) == 1 :]]


def only_link(words: int, chars: int, linked: int) -> bool:
    """Whether a block is so short and so much link that the model is not asked about it."""
    return words < 6 and linked >= 0.8 * chars


def text_numbers(blocks: list[Run], head: Head, lexicon: Lexicon, naming: Floats, levels: NDArray[np.int64]) -> Floats:
    """One row a block, columns as `TEXT_NAMES`. Blocks that are only a link get their lengths and nothing else.

    Of `levels` those above 0 are headings: their wording alone is asked for.

    Case, digits, signs, dates and an opening found in the JSON-LD articleBody were tried too: the trees did not use
    them beside these.
    """
    title = (head.meta("og:title", "twitter:title") or "") + " | " + (head.title or "")
    description = head.meta("description", "og:description") or ""
    if native is not None:
        return native.text_numbers(blocks, naming, levels, title, description, lexicon.text)
    return _text_numbers(blocks, naming, levels, title, description, lexicon.text)


def _text_numbers(
    blocks: list[Run],
    naming: Floats,
    levels: NDArray[np.int64],
    title: str,
    description: str,
    weights: dict[str, float],
) -> Floats:
    """What `native.text_numbers` gives."""
    times = Counter([block.text for block in blocks])
    rest = (0,) * (len(TEXT_NAMES) - 4)
    rows: list[tuple[float, ...]] = []
    for block, name, level in zip(blocks, naming.tolist(), levels.tolist(), strict=True):
        text, linked = block.text, block.linked
        words, size = count_words(text), len(text)
        if only_link(words, size, linked):
            rows.append((words, size, linked, *rest, name))
            continue
        last, plain = text[-1], text.isascii()
        titled = 8 < size < SHORT_CHARS and text in title
        rows.append(
            (
                words,
                size,
                linked,
                text.count("\n"),
                text.count(",") if plain or size < SHORT_CHARS else sum(map(text.count, _COMMAS)),
                text.count(". ") + (0 if plain or size < SHORT_CHARS else text.count("。")),
                last in _STOPS or (last in _CLOSING and size > 1 and text[-2] in _STOPS),
                times[text],
                titled,
                size > 8 and text[:40] in description,
                titled and title.startswith(text),
                wording_weight(text, weights) if level else 0.0,
                name,
            )
        )
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(TEXT_NAMES))


def wording_weight(text: str, weights: dict[str, float]) -> float:
    """What a block's first words say, by the learned weights."""
    return sum([weights.get(word, 0.0) for word in edge_words(text)])


def naming_weight(words: Sequence[str], lexicon: Lexicon) -> float:
    """What the words of one element's names say, each once, by the learned weights."""
    weight = lexicon.names.get
    return sum([weight(word, 0.0) for word in dict.fromkeys(words)])
