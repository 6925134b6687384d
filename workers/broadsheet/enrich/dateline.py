"""The place and the agency that an agency story opens with: "KYIV, March 3 (Reuters) - "."""

import re
from typing import NamedTuple

from broadsheet.text.credits import agencies_in
from broadsheet.values import Dateline

LONGEST = 80
"""Characters from the start within which a dateline ends."""
_DASH = r"\s*(?:[-–—―]{1,2}|:)\s+"
_OPENING = re.compile(
    rf"^(?P<place>[^\W\d_][^()\n–—:;.!?]{{1,45}}?)(?:,?\s+(?P<date>[^\W\d_]+\.?\s+\d{{1,2}}|\d{{1,2}}\.?\s+[^\W\d_]+))?"
    rf"\s*[(（\[]\s*(?P<agency>[^()（）\[\]]{{2,40}})\s*[)）\]]{_DASH}"
)
_CAPITALS = re.compile(
    r"^(?P<place>[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я'’.\- ]{2,40}(?:,\s[A-ZÀ-Þ][\w. "
    r"]{1,20})?)(?:,\s[^\W\d_]+\.?\s\d{1,2})?\s*(?:[-–—―]{1,2})\s+"
)


class Opening(NamedTuple):
    """A dateline and the agencies it names."""

    dateline: Dateline | None
    agencies: tuple[str, ...]


def read_dateline(first_paragraph: str) -> Opening:
    """The dateline of a story's first paragraph. The text itself stays as it is."""
    start = first_paragraph[: LONGEST + 10]
    match = _OPENING.match(start)
    if match:
        agencies = agencies_in(match["agency"]) or _signed(match)
        if agencies:
            return Opening(Dateline(_place(match["place"]), match.group().rstrip(" -–—―:")), agencies)
    match = _CAPITALS.match(start)
    if match and len(match["place"].split()) <= 5:
        return Opening(Dateline(_place(match["place"]), match.group().rstrip(" -–—―")), ())
    return Opening(None, ())


def _signed(match: re.Match[str]) -> tuple[str, ...]:
    """An agency we do not know by name: one to three capitalised words, after a date or a place in capitals."""
    words = match["agency"].split()
    named = len(words) <= 3 and all(word[:1].isupper() for word in words)
    return (match["agency"],) if named and (match["date"] or match["place"].isupper()) else ()


def _place(printed: str) -> str:
    """The place alone: without what follows its comma, in title case where it was in capitals."""
    place = printed.split(",", maxsplit=1)[0].strip()
    return place.title() if place.isupper() and len(place) > 3 else place
