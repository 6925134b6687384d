"""Counting, folding and ends of sentences, as `broadsheet.native.text` does them."""

import re
import unicodedata

from broadsheet.marks import without_heaps

# Han, kana: each character carries about a word's worth for lengths and reading speed (editors count them so).
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"


_IDEOGRAPHS = re.compile(f"[{_IDEOGRAPH}]+")


# Thai, Lao, Khmer, Burmese write words without spaces.
_UNSPACED_SIGNS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"


_UNSPACED = re.compile(f"[{_UNSPACED_SIGNS}]+")


_TOKEN = re.compile(r"[^\W_]\S*")
"""From a run's first letter or digit to its end: one match for each run without spaces that holds any."""


UNSPACED_CHARS_A_WORD = 5
"""Length of a Thai word with its vowel signs, in characters; a rough mean, good enough for lengths."""


_UNSPACED_OR_IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}{_UNSPACED_SIGNS}]")


_BEYOND_LATIN = re.compile("[^\u0000-\u00ff\u2018\u2019\u201c-\u201e\u2022\u2026\u20ac\u2122]")
"""Letters, digits and blanks that Latin-1 has no place for, among others: not the signs that Latin text has besides."""


_LATIN = [chr(i) for i in range(256)]


_LETTERS = bytes(97 if char.isalnum() else 32 for char in _LATIN)


_SIGNS = bytes(i for i, char in enumerate(_LATIN) if not char.isalnum() and not char.isspace())
"""As `bytes.translate` takes them."""


_FOLDED = bytes(ord(char.lower()) if char.isalnum() else 32 for char in _LATIN)


_OTHERWISE_FOLDED = re.compile(
    "[^\u0000-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf-\u00ff\u2013\u2014\u2018\u2019\u201c-\u201e\u2022\u2026\u20ac]"
)
"""Characters that `_FOLDED` does not fold as Unicode does: all but Latin-1, of that those with compatibility forms."""


_FOLD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+")


_STOPS = ".!?\u2026。！？｡؟।॥۔"


_BEHIND_STOP = "\"'\u201d\u2019\u00bb\u203a)]】」』）" + "".join(filter(str.isspace, map(chr, range(0x3001))))
"""What may stand behind a sentence's stop: the closing signs, and all white space."""


_ENDS = frozenset(f"{_STOPS}:;")


def count_words(text: str) -> int:
    if not text.isascii():
        text = text.replace("\u2013", " ").replace("\u2014", " ")
        if _BEYOND_LATIN.search(text):
            return _count_beyond(text)
    # Letters and digits to "a", white space to blanks, the rest away: as many words as ends of runs of "a".
    runs = text.encode("latin-1", "replace").translate(_LETTERS, _SIGNS)
    return runs.count(b"a ") + runs.endswith(b"a")


def _count_beyond(text: str) -> int:
    """Words of a text in any script."""
    if not _UNSPACED_OR_IDEOGRAPH.search(text):
        return _count_tokens(text)
    rest, runs = _IDEOGRAPHS.subn(" ", text)
    ideographs = len(text) - (len(rest) - runs)
    if not _UNSPACED.search(rest):
        return ideographs + _count_tokens(rest)
    return ideographs + sum(map(_weight, _TOKEN.findall(rest)))


def _count_tokens(text: str) -> int:
    """Runs without spaces that hold a letter or digit; as substitutions, so that no list of them is made."""
    return _TOKEN.subn("", text)[1]


def _weight(token: str) -> int:
    """How many words a run without spaces is."""
    return max(1, round((len(token) - len(_UNSPACED.sub("", token))) / UNSPACED_CHARS_A_WORD))


def folded_words(text: str) -> list[str]:
    if not text.isascii():
        if _OTHERWISE_FOLDED.search(text):
            return _FOLD.findall(unicodedata.normalize("NFKC", without_heaps(text)).casefold())
        text = text.replace("\u00df", "ss")
    return text.encode("latin-1", "replace").translate(_FOLDED).decode("latin-1").split()


def fold(text: str) -> str:
    return " ".join(folded_words(text))


def ends_sentence(text: str) -> bool:
    return text.rstrip(_BEHIND_STOP)[-1:] in _ENDS
