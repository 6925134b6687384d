"""Author names out of what pages write: bylines, meta tags, JSON-LD. Persons kept, everything else left out."""

import re

from broadsheet.clean.credits import agencies_in
from broadsheet.clean.text import tidy
from broadsheet.values import Author

_LEAD = re.compile(
    r"^(?:(?:article |story |words |text |written |posted |reported |reviewed |edited |updated |"
    r"medically reviewed )?by|von|par|por|"
    r"di|door|av|af|przez|autor(?:in|es|a)?|author|text|texte|автор|بقلم|كتبت?|מאת|作者|记者|記者|文|"
    r"โดย)\s*[:：]?\s+|^(?:by|von|作者|记者|記者|文)\s*[:：]\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|、|،|/|\||&|\band\b|\bund\b|\bet\b|\by\b|\bwith\b|\bi\b(?=\s[A-ZŻŹĆŁŚ])|\sوَ?\s)\s*")
_ROLE = re.compile(
    r"^(?:md|m\.d\.|phd|ph\.d\.?|cfp®?|cfa|cpa|rn|rd|rdn|do|mph|ma|mba|msc|ms|jd|esq\.?|dds|dvm|pharmd|jr\.?|sr\.?|"
    r"i{2,3}|iv|obe|mbe|frcp|ccna|np|pa-c|aprn|lcsw|psyd|edd|facs|faap|facp|ba|bsc|bs|llb|llm|contributor|staff|"
    r".*\b(?:editor|reporter|writer|correspondent|journalist|redakteur(?:in)?|columnist|producer|staff|contributor|"
    r"chief|director|manager|analyst|professor|fellow|researcher|ceo|cto|founder|president|specialist|strategist|"
    r"author|expert|associate|assistant|senior|intern|consultant|officer|head of|team lead))$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\(.*?\)|\s[-–—|]\s.*|\bfor\s+the\s.*|\bin\s+[A-Z]\w+(?:\s[A-Z]\w+)?|[,\s]+(?:updated|"
    r"published|posted)\b.*|@\S+|"
    r"\b(?:M\.?D\.?|Ph\.?D\.?)$)\s*$",
    re.IGNORECASE,
)
_OFFICES = """admin administrator editor editors editorial staff guest webmaster author unknown anonymous redaktion
redaction newsroom team contributor user root null none undefined n/a press agency agencies redacción redazione
rédaction"""
_NOT_NAMES = frozenset(_OFFICES.split())
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.\S+|\.(?:com|org|net|de|fr|co\.uk)\b", re.IGNORECASE)
LONGEST_NAME_WORDS = 7


def split_authors(text: str, *, site_names: frozenset[str] = frozenset()) -> tuple[Author, ...]:
    """The authors that a byline or field names, in order, each once.

    Degrees and roles after a comma, addresses, agencies and the names in `site_names` (folded) are left out.
    """
    names: dict[str, Author] = {}
    for part in _SPLIT.split(_LEAD.sub("", tidy(text).strip(" ,.|-–—:"))):
        name = clean_name(part)
        if name and name.casefold() not in site_names and not agencies_in(name):
            names.setdefault(name.casefold(), Author(name))
    return tuple(names.values())


def clean_name(text: str) -> str | None:
    """One name without lead words, brackets and degrees, or None where it is no name."""
    name = _LEAD.sub("", tidy(text)).strip(" ,.|-–—:\"'“”")
    name = _TAIL.sub("", name).strip(" ,|-–—:")
    if not name or _ADDRESS.search(name) or _ROLE.match(name) or name.casefold() in _NOT_NAMES:
        return None
    if len(name.split()) > LONGEST_NAME_WORDS or len(name) > 60 or len(name) < 2:
        return None
    if not any(char.isalpha() for char in name) or sum(char.isdigit() for char in name) > 2:
        return None
    return name
