"""What reading a file gives, and what a file may be."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from broadsheet.errors import PageError
from broadsheet.values import RawPage


class Form(StrEnum):
    """What a file holds. `NDJSON` is an envelope a line, `JSON` one envelope over any number of lines, or an array of
    them; `CSV` a row a page.
    """

    HTML = "html"
    MHTML = "mhtml"
    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    WARC = "warc"
    WACZ = "wacz"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read; `path` is None for standard input. `form` is None where only the first bytes can tell."""

    name: str
    path: Path | None
    form: Form | None


@dataclass(frozen=True, slots=True)
class Input:
    """One page to read, as a message of `pages.raw` would carry it.

    `name` tells people where it stood ("pages.ndjson:12"). Where no message can be made of it (an endless line, an
    archive that breaks off) `fault` says why and `raw` holds nothing. `source` is the file it came from, `number` which
    of its inputs it is, from 1.
    """

    name: str
    raw: RawPage
    fault: PageError | None = None
    source: str = ""
    number: int = 0


def faulty(name: str, fault: PageError) -> Input:
    """An input of which no message can be made."""
    return Input(name, RawPage(b""), fault)
