"""Which language a text reads as, by the naive Bayes model that comes with py3langid.

The library reads its model file; the model is applied here, as its walk over a text in Python costs more than the rest
of a story's enrichment. The same numbers in the same order as the library's: equal to the last bit.
"""

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model

from broadsheet.native.language import Automaton


@dataclass(frozen=True, slots=True)
class Classifier:
    """A model: for each column its language, how often it comes, and what each feature of a text says for it."""

    languages: tuple[str, ...]
    often: NDArray[np.float32]
    automaton: Automaton
    doubled: tuple[tuple[int, int], ...]
    """Columns of a language that has one already, as of Serbian in another script: (the first, this one)."""

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest language (ISO 639-1 where there is such a code) and how likely it is, 0 to 1."""
        likely = self.likelihoods(text)
        best = int(likely.argmax())
        return self.languages[best], float(likely[best])

    def likelihoods(self, text: str) -> NDArray[np.float32]:
        """Of each column. They sum to 1: all are alike where a text has no feature at all."""
        data = _encoded(text)
        counts, weights = self.automaton.visited(data)
        scores = np.log1p(counts) @ weights + self.often if len(counts) else np.zeros_like(self.often)
        scores *= 1 / math.sqrt(len(data) or 1)  # the model's: a long text gives no more certainty than it has
        likely: NDArray[np.float32] = np.exp(scores - scores.max())
        likely /= likely.sum()
        for first, again in self.doubled:
            likely[first] += likely[again]
            likely[again] = 0
        return likely


def _encoded(text: str) -> bytes:
    """As the model was trained: composed, capitals alone in lower case."""
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The model that comes with the package: a constant, loaded at first use (0.1 s, 10 MB).

    Raises ValueError for one that is laid out otherwise.
    """
    weights, often, languages, moves, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    table = np.ascontiguousarray(weights, np.float16).view(np.uint16)
    automaton = Automaton(np.asarray(moves), np.asarray(rows), np.asarray(outputs, np.int32), table)
    doubled = tuple((languages.index(each), at) for at, each in enumerate(languages) if each in languages[:at])
    return Classifier(tuple(languages), np.asarray(often), automaton, doubled)
