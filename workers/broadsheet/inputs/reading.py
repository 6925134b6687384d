"""From names on a command line to inputs, one file after another."""

import tempfile
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.documents import read_document
from broadsheet.inputs.forms import form_by_content, form_by_name
from broadsheet.inputs.lines import read_lines
from broadsheet.inputs.members import Members
from broadsheet.inputs.streams import Meter, head, opened, unpacked
from broadsheet.inputs.values import Form, Input, Source, faulty
from broadsheet.inputs.wacz import read_wacz
from broadsheet.inputs.warc import read_warc
from broadsheet.options import Limits

STDIN = "-"
_PART_BYTES = 64 * 1024


def sources(names: Iterable[str], form: Form | None = None) -> Iterator[Source]:
    """The files to read, in order: `-` is standard input, a folder gives its files of a known form, sorted.

    `form` is that of all of them, where the caller says so.
    """
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield Source("stdin", None, form)
        elif path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file() and form_by_name(file))
            yield from (Source(str(file), file, form or form_by_name(file)) for file in files)
        else:
            yield Source(name, path, form or form_by_name(path))


def read_inputs(
    files: Iterable[Source], limits: Limits, url: str | None = None, meter: Meter | None = None
) -> Iterator[Input]:
    """All pages of all files, in order. A file that breaks gives one faulty input, and the next file follows.

    `url` is the address of a page that cannot tell it itself: a file of HTML or text. `meter` counts what was read.
    Raises OSError where a file cannot be opened.
    """
    meter = meter or Meter()
    for source in files:
        with opened(source) as stream, meter.on(stream):
            try:
                yield from _read(stream, source, url, limits)
            except PageError as fault:
                yield faulty(source.name, fault)
            except MemoryError:
                yield faulty(source.name, PageError(Reason.OUT_OF_MEMORY, "the file needs more memory than there is"))


def _read(stream: BufferedReader, source: Source, url: str | None, limits: Limits) -> Iterator[Input]:
    plain = unpacked(stream)
    form = source.form or form_by_content(head(plain))
    if form is Form.NDJSON:
        yield from read_lines(plain, source.name, limits)
    elif form is Form.WARC:
        yield from read_warc(plain, source.name, limits)
    elif form is Form.WACZ:
        yield from _read_wacz(plain, source.name, limits)
    else:
        yield read_document(plain if form is Form.JSON else stream, source.name, form, url, limits)


def _read_wacz(stream: BufferedReader, name: str, limits: Limits) -> Iterator[Input]:
    """Zip files are read from their end: what cannot be sought in is put on disk first."""
    if not stream.seekable():
        with tempfile.TemporaryFile() as file:
            _copy(stream, file, limits)
            yield from read_wacz(file, name, file.tell(), limits)
        return
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        yield faulty(name, PageError(Reason.UNDECODABLE, "empty file"))
        return
    yield from read_wacz(stream, name, size, limits)


def _copy(stream: BufferedReader, file: BinaryIO, limits: Limits) -> None:
    """Raises PageError (`expansion-bomb`) as soon as a compressed stream gives more than the limits allow."""
    members = stream.raw if isinstance(stream.raw, Members) else None
    size = 0
    while part := stream.read1(_PART_BYTES):
        size += len(part)
        if members is not None and size > limits.expansion * members.taken:
            raise PageError(Reason.EXPANSION_BOMB, f"expands more than {limits.expansion} times")
        file.write(part)
