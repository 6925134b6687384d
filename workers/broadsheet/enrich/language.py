"""The language of a story: what its text reads as, reconciled with what its page says."""

import re

from broadsheet.enrich.classifier import classifier
from broadsheet.values import Language

SAMPLE_CHARS, MORE_CHARS = 400, 1_200
CLEAR = 0.995
"""The classifier is asked about a beginning, and only where that leaves a doubt about more. Of 1,636 stories of the
page sets 64 are asked about twice, and each has the language that the longer sample gives."""
SURE = 0.9
"""Above this the text is believed against its page; below, a page that speaks is believed. Unmeasured, chosen high."""
MIN_LETTERS = 20
LOOK_CHARS, MOSTLY_CHARS = 200, 40
"""So many letters are looked for among so many characters; most texts have them among the first few."""
LONGEST_TAG = 200
"""Characters of a language tag with what blanks surround it; the longest that RFC 5646 gives as an example has 35."""
_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_][a-z0-9]+)*$", re.IGNORECASE)
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "tl": "fil", "sh": "sr", "hr": "sr", "bs": "sr"}
"""Codes a classifier cannot tell apart or that changed: a page's word counts as confirmed."""


def tell_language(text: str, declared: str | None) -> Language | None:
    """The language of `text`; `declared` is the page's own tag ("en-GB"). None where neither tells anything.

    The code is the primary subtag. Where both agree the page's spelling wins ("nb" over "no"); the confidence is the
    classifier's for the language given.
    """
    stated = primary_tag(declared)
    if _letters(text[:MOSTLY_CHARS]) < MIN_LETTERS and _letters(text[:LOOK_CHARS]) < MIN_LETTERS:
        return Language(stated, 0.5) if stated else None
    code, confidence = classifier().classify(text[:SAMPLE_CHARS])
    if confidence < CLEAR and len(text) > SAMPLE_CHARS:
        code, confidence = classifier().classify(text[:MORE_CHARS])
    confidence = round(float(confidence), 3)
    if stated is None or stated == code:
        return Language(code, confidence)
    if _SAME.get(stated, stated) == _SAME.get(code, code):
        return Language(stated, confidence)
    return Language(code, confidence) if confidence >= SURE else Language(stated, round(1 - confidence, 3))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def primary_tag(declared: str | None) -> str | None:
    """The primary subtag of a language tag in lower case; None for what is none."""
    if declared is None or len(declared) > LONGEST_TAG:
        return None
    match = _TAG.match(declared.strip())
    return match[1].lower() if match else None
