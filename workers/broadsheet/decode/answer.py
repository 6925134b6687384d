"""Answers of a server that are no page for readers, told before anything is read of them: by their status, and files
that sites keep for machines (robots.txt, ads.txt, playlists, stylesheets), served as text.
"""

import re

from broadsheet.errors import NoneReason
from broadsheet.values import ContentType, Page

_NOT_MODIFIED = 304
_SAMPLE_CHARS = 16_384
_SHARE = 0.7
"""Lines of a file for machines that have its form; what else is there are comments and words of its owner."""
_SIGNATURE = re.compile(
    r"#EXTM3U|\[playlist\]|WEBVTT\b|BEGIN:V(CALENDAR|CARD)\b|CACHE MANIFEST\b|@charset \"", re.IGNORECASE
)
_FIELD = re.compile(r"[A-Za-z][\w-]{1,40}\s?:")
_FIELDS_OF_FILES = re.compile(
    r"^(user-agent|disallow|sitemap|contact|policy|expires)\s?:", re.IGNORECASE | re.MULTILINE
)
"""Of robots.txt (RFC 9309) and security.txt (RFC 9116)."""
_SELLER = re.compile(r"[\w.-]{3,80}\s{0,4},[^,]{1,80},\s{0,4}(direct|reseller)\b", re.IGNORECASE)
_CODE_END = ("{", "}", ";", "},", "*/", "(", "];", "=>")
_CODE_START = ("/*", "//", "@", "}")
_LINK_END = re.compile(r"\]\([^()\s]{0,2000}(?: \"[^\"]{0,400}\")?\)$")
"""A Markdown line may end with a link's parenthesis, and an item of a list begins with a star: neither is code."""


def no_page(page: Page) -> NoneReason | None:
    """Why a page holds nothing to read, by what it came as; None where it may."""
    if not page.text.strip():
        return NoneReason.EMPTY
    if page.status is not None and (page.status >= 400 or (300 <= page.status < 400 and page.status != _NOT_MODIFIED)):
        return NoneReason.ERROR_PAGE
    if (page.content_type is ContentType.DUMP or not page.text.lstrip().startswith("<")) and for_machines(page.text):
        return NoneReason.NO_ARTICLE_TEXT
    return None


def for_machines(text: str) -> bool:
    """Whether a text is a file that programs read: directives, lists of sellers, playlists, stylesheets, code."""
    start = text[:_SAMPLE_CHARS].lstrip("\ufeff \t\r\n")
    if _SIGNATURE.match(start):
        return True
    lines = [line for line in map(str.strip, start.splitlines()) if line and not line.startswith("#")]
    if not lines:
        return True
    return (
        (_FIELDS_OF_FILES.search(start) is not None and _most(lines, [bool(_FIELD.match(line)) for line in lines]))
        or _most(lines, [bool(_SELLER.match(line)) for line in lines])
        or _most(lines, [_is_code(line) for line in lines])
    )


def _is_code(line: str) -> bool:
    return line.startswith(_CODE_START) or line.endswith(_CODE_END) or (line.endswith(")") and _ends_a_call(line))


def _ends_a_call(line: str) -> bool:
    """Whether the parenthesis that ends a line is a call's: prose puts a space before its own ("... (Reuters)")."""
    before = line[: line.rfind("(")][-1:] if "(" in line else ""
    return line == ")" or (before.strip() != "" and not _LINK_END.search(line))


def _most(lines: list[str], of_form: list[bool]) -> bool:
    return sum(of_form) >= _SHARE * len(lines)
