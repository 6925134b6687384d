"""What texts say in numbers, as `broadsheet.native.texts.text_numbers` gives it."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.body.features_text import SHORT_CHARS, TEXT_NAMES, edge_words
from broadsheet.html.scan.naming import Floats, Lexicon
from broadsheet.html.scan.tree import Run

_COMMAS = (",", "، ", "、", "，")


_STOPS = ".!?。！？…۔।؟"


_CLOSING = "\"”'»)]"


_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def count_words(text: str) -> int:
    """Words by blanks; where a script has none, two characters a word."""
    spaced = text.count(" ") + text.count("\n") + 1
    if len(text) > 12 * spaced and not text.isascii():
        return max(spaced, len(_UNSPACED.findall(text)) // 2)
    return spaced


def only_link(words: int, chars: int, linked: int) -> bool:
    """Whether a block is so short and so much link that the model is not asked about it."""
    return words < 6 and linked >= 0.8 * chars


def text_numbers(
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
