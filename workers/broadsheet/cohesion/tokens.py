"""Words of a text in any script: how many there are, and the keys by which cohesion compares them.

Where words stand apart by spaces a word is a run of letters and digits. Where they do not (Han, Kana, Thai, Lao,
Khmer, Burmese) a count in words is an estimate from the characters, and the keys are overlapping pairs of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.cohesion.lexicon import Lexicon
from broadsheet.native import tokens


class Texts(NamedTuple):
    """The words of many texts: a row a text of sizes, their characters, the share of capitals, log odds by the lexicon.

    `ids` numbers the keys of text after text, each key once a text, of which `counts` has how many; `capital` tells
    those whose last use there is capitalised, `short`, by number, the keys of up to three letters.
    """

    sizes: NDArray[np.float64]
    chars: NDArray[np.float64]
    capitals: NDArray[np.float64]
    lexical: NDArray[np.float64]
    counts: NDArray[np.int64]
    ids: NDArray[np.int64]
    capital: NDArray[np.bool_]
    short: NDArray[np.bool_]


def read_texts(texts: Sequence[str], lexicon: Lexicon) -> Texts:
    """The words of `texts`; linear in their length."""
    return Texts(*tokens.read_texts(texts, lexicon.weights))
