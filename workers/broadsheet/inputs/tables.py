"""CSV: a row a page, with its URL and where the page stands: in the row itself, or in a file beside the table."""

import csv
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.documents import document, read_document
from broadsheet.inputs.forms import form_by_content, form_by_name
from broadsheet.inputs.streams import head, opened
from broadsheet.inputs.values import Form, Input, Source, faulty
from broadsheet.options import Limits

_URL = ("url", "link", "address", "uri")
_PATH = ("path", "file", "filename", "filepath")
_BODY = ("html", "body", "content", "text")
_DELIMITERS = ",;\t|"


def read_table(stream: BufferedReader, name: str, folder: Path | None, limits: Limits) -> Iterator[Input]:
    """Each row as one input, in order. The first line names the columns: one of url, link, address, uri, and one of
    path, file, filename, filepath (relative to `folder`, the table's own, and never outside of it) or html, body,
    content, text.
    """
    csv.field_size_limit(limits.page_bytes)
    lines = _lines(stream, limits.page_bytes)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    columns = _names(first, delimiter)
    url, path, body = (
        next((columns.index(one) for one in names if one in columns), None) for names in (_URL, _PATH, _BODY)
    )
    if path is None and body is None:
        told = f"the first line names no column of {', '.join(_PATH + _BODY)}"
        yield faulty(name, PageError(Reason.UNDECODABLE, told))
        return
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"{name}:{rows.line_num + 2}"
        try:
            row = next(rows, None)
            if row is None:
                return
            if any(row):
                yield _page(place, _cell(row, url), _cell(row, path), _cell(row, body), folder, limits)
        except (PageError, csv.Error) as error:
            yield faulty(place, error if isinstance(error, PageError) else PageError(Reason.UNDECODABLE, str(error)))


def _names(line: str, delimiter: str) -> list[str]:
    """The columns that the first line names; none where it is no CSV."""
    try:
        return [column.strip().lower() for column in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _lines(stream: BufferedReader, longest: int) -> Iterator[str]:
    """Lines as text; what is longer is cut, and the field within refused by its size."""
    encoding = "utf-8-sig"
    while line := stream.readline(longest + 1):
        yield line.decode(encoding, "replace")
        encoding = "utf-8"


def _cell(row: list[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _page(place: str, url: str, path: str, body: str, folder: Path | None, limits: Limits) -> Input:
    if not path:
        form = form_by_content(body.encode())
        return document(place, body.encode(), form if form is Form.HTML else Form.TEXT, url or None)
    file = _beside(path, folder)
    with opened(Source(place, file, None)) as stream:
        form = form_by_name(file) or form_by_content(head(stream))
        return read_document(stream, place, form if form is Form.TEXT else Form.HTML, url or None, limits)


def _beside(path: str, folder: Path | None) -> Path:
    """The file in the table's folder. Raises PageError for one outside of it, or that is not there."""
    if folder is None:
        raise PageError(Reason.UNDECODABLE, "a table from standard input names files; give the table itself")
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise PageError(Reason.UNDECODABLE, f"{ascii(path)[:80]} is outside of the table's folder")
    if not file.is_file():
        raise PageError(Reason.UNDECODABLE, f"no file {ascii(path)[:80]} beside the table")
    return file
