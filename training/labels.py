"""Which blocks of a page belong to its true text: the labels the block model learns from."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_TOKEN = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]|[^\W_]+", re.UNICODE)
_RUN = 3
"""Matched words count only in runs of this many: single words of a menu match anything."""


def words(text: str) -> list[str]:
    """Words as the scorer counts them: folded, without punctuation, one a character where words are not spaced."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def block_labels(blocks: Sequence[str], truth: str) -> tuple[list[bool], list[float]]:
    """For each block: whether it is true text, and the share of its words that matched.

    By the longest common subsequence of page words and truth words; then blocks in doubt are flipped while the
    page's own 4-gram F1 grows.
    """
    tokens = [words(text) for text in blocks]
    true = words(truth)
    matched = _matched([word for block in tokens for word in block], true)
    shares, at = [], 0
    for block in tokens:
        hit = sum(matched[at : at + len(block)])
        shares.append(hit / len(block) if block else 0.0)
        at += len(block)
    labels = [share >= 0.5 for share in shares]
    return _improved(labels, shares, tokens, true), shares


def _matched(page: list[str], true: list[str]) -> list[bool]:
    """For each page word whether it lies in a matched run: consecutive on the page and in the truth."""
    found = _common_subsequence(page, true)
    flags = [False] * len(page)
    run: list[int] = []
    last = -9
    for i, j in [*found, (-9, -9)]:
        if run and (i != run[-1] + 1 or j != last + 1):
            if len(run) >= min(_RUN, len(true)):
                for k in run:
                    flags[k] = True
            run = []
        run.append(i)
        last = j
    return flags


def _common_subsequence(page: list[str], true: list[str]) -> list[tuple[int, int]]:
    """Pairs (index in page, index in truth), ascending: bit-parallel longest common subsequence with its way back."""
    masks: dict[str, int] = {}
    for j, word in enumerate(true):
        masks[word] = masks.get(word, 0) | 1 << j
    full = (1 << len(true)) - 1
    vector, rows = full, []
    for word in page:
        both = vector & masks.get(word, 0)
        vector = ((vector + both) | (vector - both)) & full
        rows.append(vector)
    pairs, i, j = [], len(page), len(true)
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
            continue
        i -= 1
        if i and not rows[i - 1] >> (j - 1) & 1:
            continue
        j -= 1
        pairs.append((i, j))
    pairs.reverse()
    return pairs


def shingle_f1(got: list[str], true: Counter[tuple[str, ...]]) -> float:
    """The scorer's body F1 of one page."""
    mine = Counter(tuple(got[i : i + 4]) for i in range(max(1, len(got) - 3))) if got else Counter()
    hit = sum((mine & true).values())
    return 2 * hit / (sum(mine.values()) + sum(true.values())) if hit else 0.0


def _improved(labels: list[bool], shares: list[float], tokens: list[list[str]], true: list[str]) -> list[bool]:
    goal = Counter(tuple(true[i : i + 4]) for i in range(max(1, len(true) - 3)))
    vocabulary = set(true)
    doubtful = [
        i
        for i, share in enumerate(shares)
        if 0.05 < share < 0.95
        or (tokens[i] and share == 0 and len(tokens[i]) < 12 and _near(labels, i) and set(tokens[i]) <= vocabulary)
    ][:80]

    def value() -> float:
        return shingle_f1([w for keep, block in zip(labels, tokens, strict=True) if keep for w in block], goal)

    best = value()
    for i in doubtful * 2:
        labels[i] = not labels[i]
        now = value()
        if now > best + 1e-9:
            best = now
        else:
            labels[i] = not labels[i]
    return labels


def _near(labels: list[bool], i: int) -> bool:
    return any(labels[max(0, i - 3) : i + 4])
