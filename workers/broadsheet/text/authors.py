"""Author names out of what pages write: bylines, meta tags, JSON-LD. Persons kept, everything else left out."""

import re

from broadsheet.native.fields import person_form
from broadsheet.text.author_names import looks_like_name
from broadsheet.text.credits import agencies_in
from broadsheet.text.person import BY_CAPITALS, BY_SCRIPT
from broadsheet.text.tables import one_of
from broadsheet.text.tidy import tidy, tidy_lines
from broadsheet.values import Author

LONGEST_NAME_WORDS = 6
LONGEST_NAME = 60
LONGEST_LIST = 1_000
"""Characters of a field that may name authors; what stands further on is none."""
LONGEST_PART = 300
"""Characters of one part of it: a name, and what sites put behind it."""
MOST_LEADS = 8
"""Lead words and labels before a name, one after the other; real bylines have three at most."""

_LEAD_WORDS = (
    r"(?:article |story |words |text |written |posted |reported |reviewed |edited |updated |published |created |"
    r"medically reviewed |fact checked |authored |contributed |text and photos |"
    r"guest post )?by|author|authors|writer|von|par|por|door|av|af|"
    r"przez|autor|autorin|autores|autore|auteur|автор|авторы|بقلم|كتب|كتبت|מאת|作者|记者|記者|โดย|เขียนโดย|लेखक"
)
_LEAD = re.compile(rf"^(?:{_LEAD_WORDS})(?:\s*[:：]\s*|\s+|(?-i:(?=[A-ZÀ-Þ])))|^文\s*[:：／/]\s*", re.IGNORECASE)
_LEAD_STARTS = "ar st wo te wr po re ed up pu cr co me fa au gu by vo pa do av af pr"
_LEAD_PAIRS = frozenset(_LEAD_STARTS.split())
"""The first two letters of those of them that begin with ASCII ones."""
LONGEST_LABEL = 40
_LABEL = re.compile(r"\s*[^\W\d_]+(?:(?:\s?[&/+-]\s?|\s)[^\W\d_]+){0,2}\s?[:：]\s*")
_JOINED = re.compile(r"[&/+]|\s(?:and|und|et|y|e|og|och|en|by|von)\s", re.IGNORECASE)
_GLUED = re.compile(r"^(?:by|von|par|por)(?-i:(?=[A-ZÀ-Þ][a-zà-ÿ]))", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:;|、|،|&|\s/\s|\s\|\s|\s[•·]\s|,?\s+(?:and|und|et|with|og|och|en|ve|dan|и|та|وَ?)\s+|\s+[ye]\s+|,)\s*"
)
_JOINS = frozenset(["and", "und", "et", "with", "og", "och", "en", "ve", "dan", "и", "та", "و", "y", "e"])
"""The words of `_SPLIT`, of which a name made of nothing but letters and blanks has one where it is split at all."""
_DEGREE = re.compile(
    r"(?:[A-Z][A-Za-z]?\.?){1,6}(?:-[A-Z]{1,3})?[®*]?|Ph\.?\s?D\.?|Esq\.?|Jr\.?|Sr\.?|PharmD|PsyD|EdD|MEd", re.ASCII
)
_ROLE_WORDS = r"""editor reporter writer correspondent journalist redakteur redakteurin columnist producer staff chief
contributor director manager analyst professor fellow researcher ceo cto cfo coo founder president specialist author
strategist expert consultant associate assistant senior intern officer head lead contributing freelance kolumnist
principal partner president attorney dietitian korrespondent korrespondentin journaliste rédacteur
redactor redactora periodista giornalista vice"""
_ROLES = frozenset(_ROLE_WORDS.split())
_ROLE = re.compile(rf"\b{one_of(_ROLE_WORDS.split())}\b", re.IGNORECASE)
_SEAM = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-Z])")
"""Where two words stand without a blank between them."""
_TAIL = re.compile(
    r"\s*(?:\(.*?\)?|\s[-–—|]\s.*|[,\s]+(?:updated|published|posted|on|in|at|for|on behalf of)\s.*|@\S+|\n.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TAIL_WORDS = frozenset(["updated", "published", "posted", "on", "in", "at", "for"])
"""One of these is in what `_TAIL` takes of letters and blanks."""
_OFFICES = """admin administrator editor editors editorial staff guest webmaster author unknown anonymous redaktion
redaction newsroom team contributor user root null none undefined n/a press agency agencies redacción redazione
rédaction developer by link here"""
_NOT_NAMES = frozenset(_OFFICES.split())
_ADDRESS = re.compile(r"(?:https?:)?//\S*|www\.\S+|(?<!\S)\S[^\s@]*@\S+\.\S+|^[\w.]+\.[a-z]\w*\.\w+$", re.IGNORECASE)


def split_authors(text: str, *, site_names: frozenset[str] = frozenset()) -> tuple[Author, ...]:
    """The authors that a byline or field names, in order, each once.

    Roles, addresses, agencies and the names in `site_names` (case-folded) are left out; a degree stays with its name,
    as printed ("Ada Lund, MD").
    """
    names: dict[str, Author] = {}
    text = tidy_lines(text[:LONGEST_LIST]).strip(" ,.|-–—:")
    if "/" in text or "@" in text or "." in text:
        text = _ADDRESS.sub(" ", text)
    for part in _parts(text):
        name = clean_name(part)
        if name and name.casefold() not in site_names and not agencies_in(name):
            names.setdefault(name.casefold(), Author(name))
    return tuple(names.values())


def clean_name(text: str) -> str | None:
    """One name without lead words, brackets and roles, or None where it is no name."""
    text = text[:LONGEST_PART].strip()
    if not is_plain(text) or not _TAIL_WORDS.isdisjoint(text.lower().split()):
        text = _TAIL.sub("", text)
    name = strip_lead(tidy(text)).strip(" ,.|-–—:\"'“”*")
    if _is_name(name):
        return name
    first = name.split(",")[0].strip()
    return first if first != name and _is_name(first) else None


def without_label(text: str) -> str:
    """A text without the role that opens it, up to a colon, where a person's name follows: "Interview: Ada Lund".

    What has itself the form of a person's name is none: "Ada Lund: Tales of Two Towns" stays.
    """
    if ":" not in text and "：" not in text:
        return text
    match = _LABEL.match(text[:LONGEST_LABEL])
    if not match or (person_form(match[0].strip(" :：")) == BY_CAPITALS and not _JOINED.search(match[0])):
        return text
    rest = text[match.end() :]
    first = _TAIL.sub("", _SPLIT.split(rest[:LONGEST_PART], maxsplit=1)[0]).strip()
    form = person_form(first)
    named = form == BY_SCRIPT or (form == BY_CAPITALS and looks_like_name(first) and not _ROLE.search(first))
    return rest if named else text


def without_glued_role(name: str) -> str:
    """A name without a role that markup glued to it: "Ada LundStaff Writer"."""
    for match in _SEAM.finditer(name):
        role = name[match.start() :].lower().split()
        if _ROLES.issuperset(role) and " " in name[: match.start()]:
            return name[: match.start()]
    return name


def strip_lead(text: str) -> str:
    """A byline without its "By", also where markup glued it to the name, and without a role and its colon."""
    for _ in range(MOST_LEADS):
        bare = without_label(text)
        start = bare[:2]
        if not start.isascii() or start.lower() in _LEAD_PAIRS:
            bare = _GLUED.sub("", _LEAD.sub("", bare))
        bare = bare.strip()
        if bare == text:
            break
        text = bare
    return text


def looks_like_person(name: str) -> bool:
    """Whether a name has the form of a person's: two to five words that start with capitals, or another script."""
    form = person_form(name)
    return form == BY_SCRIPT or (form == BY_CAPITALS and not _names_role(name))


def is_plain(text: str) -> bool:
    """Whether a text is ASCII letters and blanks alone, as most names are: its words tell all that patterns would."""
    return text.isascii() and text.replace(" ", "").isalpha()


def _names_role(text: str) -> bool:
    return not _ROLES.isdisjoint(text.lower().split()) if is_plain(text) else _ROLE.search(text) is not None


def _parts(text: str) -> list[str]:
    """A list of names at its separators, with degrees put back to the name before them."""
    bare = strip_lead(text)
    if bare.replace(" ", "").isalpha() and _JOINS.isdisjoint(bare.split()):
        return [bare]
    parts: list[str] = []
    for part in _SPLIT.split(bare):
        if parts and part and all(_DEGREE.fullmatch(word) for word in part.split()) and not part.islower():
            parts[-1] += f", {part.rstrip('*')}"
        elif part:
            parts.append(part)
    return parts


def _is_name(name: str) -> bool:
    words = name.split()
    if not words or len(words) > LONGEST_NAME_WORDS or not 2 <= len(name) <= LONGEST_NAME:
        return False
    if name.casefold() in _NOT_NAMES or name[0].isdigit() or ("," in name and _ROLE.search(name)):
        return False
    if (len(words) <= 2 and _names_role(words[0])) or (len(name) < 3 and _DEGREE.fullmatch(name)):
        return False
    return any(char.isalpha() for char in name) and sum(char.isdigit() for char in name) <= 2
