"""A signature in numpy, as `broadsheet.native.minhash` makes it."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)


def signature(
    text: bytes, factors: NDArray[np.uint64], addends: NDArray[np.uint64], shingle: int, most: int
) -> bytes | None:
    words = text.split()[: most + shingle - 1]
    if len(words) < shingle:
        return None
    known = {word: crc32(word) for word in set(words)}
    codes = np.array([known[word] for word in words], dtype=np.uint64)
    count = len(codes) - shingle + 1
    hashes = codes[:count].copy()
    for offset in range(1, shingle):
        hashes *= _STEP  # a polynomial of the words' codes, modulo 2^64
        hashes += codes[offset : offset + count]
    mixed = hashes[:, None] * factors
    mixed += addends
    slots: bytes = (mixed.min(axis=0) >> np.uint64(32)).astype(">u4").tobytes()
    return slots
