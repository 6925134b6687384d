"""A MinHash signature of a body: two texts share as many slots as they share word shingles.

Method: Broder 1997; slots by multiply-shift hashing (Dietzfelbinger et al. 1997) of a
polynomial over the words' CRCs.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from broadsheet.native.minhash import signature
from broadsheet.text.words import fold_start

SLOTS = 64
"""A similarity is told to about 0.12 (one over the root of it). 64 slots of 32 bits are 512 hex digits."""
SHINGLE_WORDS = 4
MOST_SHINGLES = 5_000
"""A longer text is judged by its first so many words: bounds the cost of very long pages."""


def _multipliers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The 64 odd multipliers and the addends, from SHA-256 so that no generator's version matters."""
    words = b"".join(hashlib.sha256(b"broadsheet minhash %d" % i).digest()[:16] for i in range(SLOTS))
    numbers = np.frombuffer(words, dtype="<u8").reshape(SLOTS, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1].copy()


_FACTORS, _ADDENDS = _multipliers()


def minhash(text: str) -> str | None:
    """The signature of `text` as hex, eight digits a slot; None for a text of fewer words than a shingle."""
    folded = fold_start(text, MOST_SHINGLES + SHINGLE_WORDS - 1).encode("utf-8", "replace")
    slots = signature(folded, _FACTORS, _ADDENDS, SHINGLE_WORDS, MOST_SHINGLES)
    return slots.hex() if slots else None
