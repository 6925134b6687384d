"""What a dump's parts are on either side of a cut: two stories, or one and the boxes, teasers and footer below it.

Zones are weighed before it is known what they part. Once cuts are chosen, each is looked at by what it leaves: how much
prose stands on a side and how far it runs without a break, whether its words come back within it, and what the sides
share. All of it is numbers and places: no word is asked for what it means, beyond the lexicon's say on a line's place.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from broadsheet.cohesion.lines import FAR, Floats, Ints, Lines
from broadsheet.cohesion.signs import OWN_NAMES
from broadsheet.cohesion.windows import LONG_WORDS, Bools, Matrix

BREAK_WORDS = 30.0
"""A run of prose ends where so many words that are none stand before the next line of it."""
NEAR_TOKENS = 100
"""A word that stood so shortly before ties a paragraph to the one above."""
HEAD_LINES = 12

PART_NAMES = (
    "words", "prose", "prose_share", "prose_line", "longest_line", "run", "run_share", "runs", "words_to_prose",
    "words_to_run", "words_after_prose", "long_lines", "ending_lines", "ending_words", "above", "within", "below",
    "twins", "own_twins", "stood", "stood_near", "bullets", "digits", "capitals", "years", "trailing_off", "broken",
    "head_returns",
)  # fmt: skip
CUT_NAMES = (
    "score", "best_score", "cuts", "total", "more_prose", "prose_of_most", "run_of_most", "shared", "twin_heads",
    "twin_lines", "gap_to_top", "gaps_as_wide",
)  # fmt: skip
NAMES = tuple(f"{side}_{name}" for side in ("before", "after") for name in PART_NAMES) + CUT_NAMES

_OWN = {name: OWN_NAMES.index(name) for name in OWN_NAMES}
_SIGNS = [_OWN[name] for name in ("bullet", "digits", "capitals", "year")]
_PROSE, _RUN = PART_NAMES.index("prose"), PART_NAMES.index("run")


class Parts:
    """A dump's lines, asked again and again for the parts that cuts leave; no part is read twice."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.words = lines.words
        self.ends = lines.own[:, _OWN["ends"]]
        self.long = self.words >= LONG_WORDS
        self.prose = self.long & (self.ends > 0)
        self.signs = lines.own[:, _SIGNS]
        self.trailing_off = np.array([text.endswith(("…", "...")) for text in lines.texts], dtype=bool)
        self.weight: Floats = np.where(lines.short, 0.0, 1.0 / np.log2(1.0 + lines.frequency))
        """Of a token: the rarer its key in the dump, the more it says. Grammar's short words say nothing."""
        self.key_weight: Floats = np.zeros(int(lines.tokens.max(initial=-1)) + 1)
        self.key_weight[lines.tokens] = self.weight
        self.total = float(self.words.sum())
        self.gaps = lines.gap[1:]
        self._parts: dict[tuple[int, int], list[float]] = {}
        self._pairs: dict[tuple[int, int, int], list[float]] = {}

    def rows(self, cuts: Sequence[int], scores: Sequence[float]) -> Matrix:
        """A row of `NAMES` for each of the cuts, at least one, ascending; `scores` is what their zones have."""
        edges = [0, *cuts, len(self.words)]
        parts = [self._part(*edge) for edge in pairwise(edges)]
        prose = np.expm1([part[_PROSE] for part in parts])
        runs = np.expm1([part[_RUN] for part in parts])
        rows = []
        for at, score in enumerate(scores):
            before, after = parts[at : at + 2]
            row = [
                score,
                max(scores),
                float(len(cuts)),
                float(np.log1p(self.total)),
                after[_PROSE] - before[_PROSE],
                float(prose[at : at + 2].min() / max(1.0, prose.max())),
                float(runs[at : at + 2].min() / max(1.0, runs.max())),
                *self._pair(*edges[at : at + 3]),
            ]
            rows.append([*before, *after, *row])
        return np.array(rows, dtype=np.float32)

    def _part(self, start: int, end: int) -> list[float]:
        if (start, end) not in self._parts:
            self._parts[start, end] = self._read_part(start, end)
        return self._parts[start, end]

    def _pair(self, start: int, cut: int, end: int) -> list[float]:
        if (start, cut, end) not in self._pairs:
            self._pairs[start, cut, end] = self._read_pair(start, cut, end)
        return self._pairs[start, cut, end]

    def _read_part(self, start: int, end: int) -> list[float]:
        """A part as `PART_NAMES`."""
        part = slice(start, end)
        words, prose, ends = self.words[part], self.prose[part], self.ends[part]
        total, spoken = float(words.sum()), float(words[prose].sum())
        places = np.flatnonzero(prose)
        lines = max(1, len(places))
        first, last = (int(places[0]), int(places[-1])) if len(places) else (end - start - 1, 0)
        runs, run, run_at = self._runs(words, prose, places)
        before = np.cumsum(words) - words
        back, ahead = self.lines.same_before[part], self.lines.same_after[part]
        return [
            float(np.log1p(total)),
            float(np.log1p(spoken)),
            spoken / max(1.0, total),
            spoken / lines,
            float(words.max()),
            float(np.log1p(run)),
            run / max(1.0, spoken),
            float(runs),
            float(np.log1p(before[first])),
            float(np.log1p(before[run_at])),
            float(np.log1p(total - before[last] - words[last])),
            float(self.long[part].mean()),
            float(ends.mean()),
            float((ends * words).sum()) / max(1.0, total),
            *self.lines.lexical[part].mean(axis=0).tolist(),
            float(((back >= 0) | (ahead < FAR)).mean()),
            float(((back >= start) | (ahead < end)).mean()),
            *self._stood(start, end),
            *self.signs[part].mean(axis=0).tolist(),
            float((self.trailing_off[part] & prose).sum()) / lines,
            float(last - first + 1 - len(places)) / lines,
            self._head_returns(start, end),
        ]

    @staticmethod
    def _runs(words: Floats, prose: Bools, places: Ints) -> tuple[int, float, int]:
        """The number of a part's runs of prose, the longest one's words of prose and its first line."""
        if not len(places):
            return 0, 0.0, len(words) - 1
        other = np.cumsum(np.where(prose, 0.0, words))
        starts = np.concatenate(([0], np.flatnonzero(np.diff(other[places]) > BREAK_WORDS) + 1))
        sizes = np.add.reduceat(words[places], starts)
        longest = int(sizes.argmax())
        return len(starts), float(sizes[longest]), int(places[starts[longest]])

    def _tokens(self, start: int, end: int) -> tuple[int, int]:
        """The first token of a part and the one behind its last."""
        starts = self.lines.starts
        return int(starts[start]), int(starts[end]) if end < len(starts) else len(self.lines.tokens)

    def _stood(self, start: int, end: int) -> tuple[float, float]:
        """The share of the prose's words that stood in the part before, and of those that did just before."""
        low, high = self._tokens(start, end)
        weight = np.where(self.prose[self.lines.owner[low:high]], self.weight[low:high], 0.0)
        before = self.lines.before[low:high]
        total = max(1e-9, float(weight.sum()))
        stood = np.where(before >= low, weight, 0.0)
        near = np.arange(low, high) - before <= NEAR_TOKENS
        return float(stood.sum()) / total, float(stood[near].sum()) / total

    def _head_returns(self, start: int, end: int) -> float:
        """The greatest share that any short line of a part's head has of words which its prose takes up."""
        low, high = self._tokens(start, end)
        told = self._keys(self.lines.tokens[low:high][self.prose[self.lines.owner[low:high]]])
        best = 0.0
        for line in range(start, min(end, start + HEAD_LINES)):
            if not self.prose[line]:
                first, behind = self._tokens(line, line + 1)
                weight = self.weight[first:behind]
                if np.count_nonzero(weight) >= 3:
                    taken = weight[told[self.lines.tokens[first:behind]]]
                    best = max(best, float(taken.sum()) / float(weight.sum()))
        return best

    def _keys(self, tokens: Ints) -> Bools:
        """Of all keys those that these tokens have."""
        found = np.zeros(len(self.key_weight), dtype=bool)
        found[tokens] = True
        return found

    def _read_pair(self, start: int, cut: int, end: int) -> list[float]:
        """What the parts on the two sides of a cut share, and how wide the gap between them is."""
        low, middle = self._tokens(start, cut)
        high = self._tokens(cut, end)[1]
        told = self.key_weight > 0
        one, two = self._keys(self.lines.tokens[low:middle]) & told, self._keys(self.lines.tokens[middle:high]) & told
        weight = self.key_weight[two]
        held = float(weight.mean()) * min(int(np.count_nonzero(one)), len(weight)) if len(weight) else 0.0
        same = self.lines.same_before[cut:end]
        twin = (same >= start) & (same < cut)
        head = same[:HEAD_LINES]
        gap = self.lines.gap[cut]
        return [
            float(self.key_weight[one & two].sum()) / max(1.0, held),
            float(((head >= start) & (head < start + HEAD_LINES)).sum()),
            float(twin.mean()),
            float(gap - self.gaps.max()),
            float((self.gaps >= gap).mean()),
        ]
