"""A MinHash signature of a body: two texts share as many slots as they share word shingles.

Method: Broder 1997; slots by multiply-shift hashing (Dietzfelbinger et al. 1997) of one 64-bit hash a shingle.
"""

import hashlib

import numpy as np

from broadsheet.clean.words import folded_words

SLOTS = 64
"""A similarity is told to about 0.12 (one over the root of it). 64 slots of 32 bits are 512 hex digits."""
SHINGLE_WORDS = 4
MOST_SHINGLES = 5_000
"""A longer text is judged by its first so many words: bounds the cost of very long pages."""


def _multipliers() -> tuple[np.ndarray, np.ndarray]:
    """The 64 odd multipliers and the addends, from SHA-256 so that no generator's version matters."""
    words = b"".join(hashlib.sha256(b"broadsheet minhash %d" % i).digest()[:16] for i in range(SLOTS))
    numbers = np.frombuffer(words, dtype="<u8").reshape(SLOTS, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1]


_FACTORS, _ADDENDS = _multipliers()


def minhash(text: str) -> str | None:
    """The signature of `text` as hex, eight digits a slot; None for a text of fewer words than a shingle."""
    words = folded_words(text)[: MOST_SHINGLES + SHINGLE_WORDS - 1]
    if len(words) < SHINGLE_WORDS:
        return None
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
    hashes = np.fromiter((_hash(shingle) for shingle in shingles), dtype=np.uint64, count=len(shingles))
    mixed = hashes[:, None] * _FACTORS + _ADDENDS  # multiply-shift, modulo 2^64
    slots = (mixed >> np.uint64(32)).min(axis=0).astype(">u4")
    signature: bytes = slots.tobytes()
    return signature.hex()


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest(), "little")
