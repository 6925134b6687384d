"""Mappings: how the JSON of other tools is read as pages. A TOML file with JMESPath; built-in ones beside this module.

when = "metadata.sourceURL"        # the mapping is for records where this gives something
records = "data"                   # the pages within a record (default: the record itself)

[page]                             # each JMESPath, on one of the pages
url = "metadata.sourceURL"
html = "rawHtml || html"           # the body: html, else markdown, else text
markdown = "markdown"
title = "metadata.title"           # with markdown and text: they become a page
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jmespath
import orjson
from jmespath.exceptions import JMESPathError

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.lines import JSON_HEADERS
from broadsheet.inputs.values import Input, faulty
from broadsheet.inputs.written import Parts, of_markdown, of_text, written_page
from broadsheet.values import RawPage

_BODIES = ("html", "markdown", "text")
_OF_PAGE = ("title", "authors", "published", "site", "language")
_PASSED = ("fetched_at", "status", "charset", "response_headers", "page_id", "source", "metadata")
_FIELDS = ("url", *_BODIES, *_OF_PAGE, *_PASSED)
_MOST_UNMAPPED = 100
_STATUS = re.compile(r"[1-9]\d\d", re.ASCII)
_OWN = {"body", "body_base64", "specversion", "crawlid"}
"""Fields of the envelope, of CloudEvents and of scrapy-cluster: their records need no mapping."""
_OTHERS = {"metadata", "data", "markdown", "cleaned_html", "text", "raw_text", "content", "response"}
"""Fields of which the built-in mappings ask for one at least: to try them all costs 0.1 ms a record."""


class MappingError(ValueError):
    """A mapping that cannot be read; one plain line that names the place."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping, its expressions compiled."""

    name: str
    when: Any
    records: Any
    fields: Mapping[str, Any]


def read_mapping(path: Path) -> Mapped:
    """The mapping of a file. Raises MappingError."""
    try:
        return _mapped(path.stem, tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path}: {error}") from None


@cache
def built_in() -> tuple[Mapped, ...]:
    """The mappings that come with Broadsheet, in the order in which they are tried."""
    folder = files("broadsheet.inputs") / "mappings"
    return tuple(
        _mapped(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    )


def _mapped(name: str, content: Mapping[str, Any]) -> Mapped:
    page = content.get("page")
    unknown = sorted(content.keys() - {"when", "records", "page"})
    if unknown or not isinstance(page, dict):
        raise MappingError(f"{name}: {f'no such key: {unknown[0]}' if unknown else 'no table [page]'}")
    wrong = next((field for field in page if field not in _FIELDS), None)
    if wrong is not None:
        raise MappingError(f"{name}: page.{wrong}: no such field; there are {', '.join(_FIELDS)}")
    if not any(field in page for field in _BODIES):
        raise MappingError(f"{name}: page: one of {', '.join(_BODIES)} is needed")
    return Mapped(
        name,
        _compiled(name, "when", content.get("when", "@")),
        _compiled(name, "records", content.get("records", "[@]")),
        {field: _compiled(name, f"page.{field}", expression) for field, expression in page.items()},
    )


def _compiled(name: str, place: str, expression: Any) -> Any:
    if not isinstance(expression, str):
        raise MappingError(f"{name}: {place}: a JMESPath expression in quotes is needed")
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise MappingError(f"{name}: {place}: not JMESPath: {str(error).splitlines()[0]}") from None


def mapped(page: Input, mapping: Mapped | None = None) -> Iterator[Input]:
    """A record's pages by the mapping, or by the first built-in one that is for it; the record itself where none is.

    A page that the mapping finds no address or no body for is one faulty input.
    """
    record = _record(page)
    if record is None or (mapping is None and (_OWN & record.keys() or not _OTHERS & record.keys())):
        yield page
        return
    chosen = mapping or next((one for one in built_in() if _found(one.when, record)), None)
    if chosen is None:
        yield page
    elif not _found(chosen.when, record):
        yield _refused(page.name, chosen, "`when` gives nothing for the record")
    else:
        yield from _pages(page.name, record, chosen)


def _record(page: Input) -> dict[str, Any] | None:
    """The JSON object that an input is; None for any other, whose faults decoding tells."""
    if page.fault is not None or page.raw.headers != JSON_HEADERS:
        return None
    try:
        record = orjson.loads(page.raw.value)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _pages(name: str, record: dict[str, Any], mapping: Mapped) -> Iterator[Input]:
    pages = _found(mapping.records, record)
    pages = pages if isinstance(pages, list) else [pages]
    for number, page in enumerate(pages):
        place = name if len(pages) == 1 else f"{name}[{number}]"
        found = {field: _found(expression, page) for field, expression in mapping.fields.items()}
        yield _page(place, found, mapping)
    if not pages:
        yield _refused(name, mapping, "`records` gives no page")


def _page(place: str, found: Mapping[str, Any], mapping: Mapped) -> Input:
    url, body = found.get("url"), _body(found)
    if body is None:
        fields = ", ".join(f"page.{field}" for field in _BODIES if field in mapping.fields)
        return _refused(place, mapping, f"{fields}: no text found")
    if "url" in mapping.fields and not isinstance(url, str):
        return _refused(place, mapping, "page.url: no text found")
    passed = {field: found[field] for field in _PASSED if found.get(field) is not None}
    if _STATUS.fullmatch(str(passed.get("status"))):
        passed["status"] = int(str(passed["status"]))  # some tools have it as text
    envelope = {"url": url, "body": body, **passed}
    return Input(place, RawPage(orjson.dumps(envelope), headers=JSON_HEADERS))


def _body(found: Mapping[str, Any]) -> str | None:
    html, markdown, text = (_text(found.get(field)) for field in _BODIES)
    if html is not None:
        return html
    if markdown is None and text is None:
        return None
    body = of_markdown(markdown) if markdown is not None else of_text(text or "")
    title, published, site, language = (_text(found.get(field)) for field in ("title", "published", "site", "language"))
    return written_page(
        Parts(body, _text(found.get("url")), title, _names(found.get("authors")), published, site, language)
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _names(value: Any) -> list[str]:
    """Names as one text or a list; several in one text are parted by semicolons, as trafilatura has them."""
    names = value if isinstance(value, list) else str(value or "").split(";")
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]


def _found(expression: Any, value: Any) -> Any:
    """What an expression gives; nothing where it asks a value for what it is not."""
    try:
        return expression.search(value)
    except JMESPathError:
        return None


class _UnmappedError(PageError):
    """A record that the mapping reads no page from."""


def _refused(name: str, mapping: Mapped, why: str) -> Input:
    return faulty(name, _UnmappedError(Reason.INVALID_ENVELOPE, f"mapping {mapping.name}: {why}"))


def held_until_read(pages: Iterator[Input]) -> Iterator[Input]:
    """The same pages; raises MappingError in place of them where a mapping reads none of the first."""
    waiting: list[Input] = []
    for page in pages:
        if isinstance(page.fault, _UnmappedError):
            waiting.append(page)
            if len(waiting) >= _MOST_UNMAPPED:
                break
        else:
            yield from (*waiting, page)
            yield from pages
            return
    if waiting:
        told = waiting[0].fault.detail if waiting[0].fault else ""
        raise MappingError(f"none of the first {len(waiting)} records is read: {waiting[0].name}: {told}")
