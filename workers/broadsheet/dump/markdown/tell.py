"""Whether a text that is said to be plain is Markdown."""

import re

SAMPLE = 200_000
"""Characters that are looked at, from the start."""

_LINK = re.compile(r"\]\((?:https?://|[/#.?]|mailto:|tel:|javascript:)")
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\(\S")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_BOLD = re.compile(r"(?<![*\w])\*\*[^\s*][^*\n]{0,300}\*\*(?!\*)")
_RULE = re.compile(r"^ {0,3}(?:\* ?\* ?\*|- ?- ?-|_ ?_ ?_)[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]{0,12}[*+-] {1,3}\S", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_HEAD = re.compile(r"\s{0,20}(?:---[ \t]*\r?\n[\w-]{1,40}:[ \t]|Title: .{0,1000}\s{1,4}URL Source: )")


def is_markdown(text: str) -> bool:
    """Whether marks stand in `text` that plain text does not have together: links, images, headings beside others."""
    sample = text[:SAMPLE]
    if _HEAD.match(sample) or _many(_LINK, sample, 2) or _IMAGE.search(sample):
        return True
    if _many(_HEADING, sample, 2):
        return True
    others = (_BOLD, _RULE, _FENCE, _ITEM)
    return bool(_HEADING.search(sample)) and any(mark.search(sample) for mark in others)


def _many(mark: re.Pattern[str], text: str, least: int) -> bool:
    return sum(1 for _, _ in zip(range(least), mark.finditer(text), strict=False)) == least
