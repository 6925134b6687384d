"""Ways to read a byline: "By Ann Ray and Bo Lin, MD | 4 May" may name one, two, with or without the degree.

Which reading is right differs from site to site, so all are offered and a model chooses (`author_candidates`).
"""

import re

from broadsheet.text.person import may_open
from broadsheet.text.tidy import tidy

LONGEST_CHARS = 80
"""A longer run is no name."""
LONGEST_BYLINE_CHARS = 120
LONGEST_READ = 500
"""Characters of a text in which its byline is looked for: itself with what sites put behind it."""
LONGEST_DEGREE = 12

LEAD = re.compile(
    r"^(?:(?:(?:article|story|words?|text|written|posted|reported|reviewed|edited|updated|published|created|"
    r"contributed|authored|medically reviewed|a (?:post|column|guest post))\s+)?"
    r"(?:by|von|par|por|di|door|av|af|przez|autor(?:in|es|a)?|authors?|text|texte|автор)\s*[:：]?\s+"
    r"|(?:by|autor|author|作者|记者|記者|文|取材)\s*[:：／/]\s*|(?:بقلم|كتب|מאת|โดย)\s*[:：]?\s+)",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez"
_REST = re.compile(
    r"(?:\s[|•·●–—]\s?.*|\s-\s.*|[|•●].*|\(.*|"
    r"\b(?:updated|published|posted|last updated|last modified|reviewed|edited|fact[- ]checked|on\s+\w+\s+\d)\b.*|"
    rf"\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}.*|\b(?:{_MONTHS})\w*\.?\s+\d{{1,2}}\b.*|"
    rf"\d{{1,2}}\.?\s+(?:{_MONTHS})\w*.*|\d{{4}}-\d\d.*)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:,|;|、|،|/|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bog\b|\boch\b)\s*")
_LINKED = re.compile(r"\s*(?:&|;|\band\b|\bund\b)\s*")
_DEGREES = re.compile(r"(?:[A-Z][A-Za-z.&®-]{0,7}(?:\s|$))+")
ROLE = re.compile(
    r"\b(?:editor|reporter|writer|correspondent|redakteur(?:in)?|redaktion|columnist|staff|contributor|expert|"
    r"director|manager|journalist|author|ceo|founder|specialist|professor)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:\s+(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|van|von|de|der|den|la|el|al|bin|da|di|del|le|du))*$"
)
_TRIM = " ,.|-–—:•·@"
LEAD_FIRSTS = frozenset("aswtpreucmbvdап作记記文取บبكמโ")
LEAD_PAIRS = frozenset({
    "ar", "st", "wo", "te", "wr", "po", "re", "ed", "up", "pu", "cr", "co", "au", "me", "a ", "by", "vo", "pa", "di",
    "do", "av", "af", "pr",
})  # fmt: skip
"""The letters that `LEAD` begins with, and the pairs of those that are ASCII."""
_REST_SIGNS = re.compile(r"[|•·●–—(\d]|\s-\s|[eE][dD]")
"""One of these is in whatever `_REST` takes."""
_JOINS = frozenset({"and", "und", "et", "y", "e", "og", "och"})

Names = tuple[str, ...]


def opens_as_byline(text: str) -> bool:
    """Whether a text begins as bylines do ("By", "Text:", "作者：")."""
    return may_open(text, LEAD_PAIRS, LEAD_FIRSTS) and LEAD.match(text) is not None


def readings(text: str) -> list[tuple[str, Names]]:
    """The ways to read a byline as (way, names); none for what cannot be one."""
    core = tidy(text[:LONGEST_READ]).strip(_TRIM)
    if opens_as_byline(core):
        core = LEAD.sub("", core)
    if not core.isalpha():
        core = (_REST.sub("", core) if _REST_SIGNS.search(core) else core).strip(_TRIM)
    if not 2 <= len(core) <= LONGEST_BYLINE_CHARS:
        return []
    words = core.split()
    if core.replace(" ", "").isalpha() and _JOINS.isdisjoint(words):
        return [("whole", (core,))] if len(core) <= LONGEST_CHARS else []
    parts = tuple([bare for part in _PARTS.split(core) if (bare := part.strip(" .,:"))])
    found: list[tuple[str, Names]] = []
    if len(parts) < 2:
        _offer(found, "whole", (core,))
        return found
    if not all(" " in part and looks_like_name(part) and not _DEGREES_ONLY.match(part) for part in parts):
        _offer(found, "whole", (core,))
    _offer(found, "split", parts)
    named = tuple([part for part in parts if not is_degree(part) and not ROLE.search(part)])
    if named != parts:
        _offer(found, "names", named)
    first = _FIRST_END.split(core, maxsplit=1)[0]
    if first != core:
        _offer(found, "first", (first,))
    linked = tuple([bare for part in _LINKED.split(core) if (bare := part.strip())])
    if len(linked) > 1 and linked != parts:
        _offer(found, "linked", linked)
    return found


_FIRST_END = re.compile(r"\s*[,;(]\s*")
_DEGREES_ONLY = re.compile(r"^[A-Z.®&\s-]+$")


def looks_like_name(text: str) -> bool:
    """Whether every word but particles starts with a capital."""
    return _NAME.match(text) is not None


def is_degree(text: str) -> bool:
    """Whether a part of a byline is a degree or chartered title: "MD", "Ph.D.", "CFP®"."""
    short = len(text) < LONGEST_DEGREE
    return short and _DEGREES.fullmatch(text) is not None and (len(text.split()) == 1 or text.isupper())


def _offer(found: list[tuple[str, Names]], way: str, names: Names) -> None:
    if names and all(2 <= len(name) <= LONGEST_CHARS for name in names):
        found.append((way, names))
