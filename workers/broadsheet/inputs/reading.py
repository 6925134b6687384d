"""From names on a command line to inputs, one file after another."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.arrays import read_array
from broadsheet.inputs.documents import read_document
from broadsheet.inputs.forms import form_by_content, form_by_name, is_page, opens_array
from broadsheet.inputs.lines import read_lines
from broadsheet.inputs.mapping import Mapped, held_until_read, mapped
from broadsheet.inputs.members import Members
from broadsheet.inputs.mhtml import read_mhtml
from broadsheet.inputs.streams import Meter, codec_of, head, opened, unpacked
from broadsheet.inputs.tables import read_table
from broadsheet.inputs.values import Form, Input, Source, faulty
from broadsheet.inputs.wacz import read_wacz
from broadsheet.inputs.warc import read_warc
from broadsheet.options import Limits

STDIN = "-"
_TAR_PLACE = 257
_PART_BYTES = 64 * 1024


def sources(names: Iterable[str], form: Form | None = None) -> Iterator[Source]:
    """The files to read, in order: `-` is standard input, a folder gives its files that are pages, sorted.

    `form` is that of all of them, where the caller says so.
    """
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield Source("stdin", None, form)
        elif path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file() and is_page(file))
            yield from (Source(str(file), file, form or form_by_name(file)) for file in files)
        else:
            yield Source(name, path, form or form_by_name(path))


def read_inputs(
    files: Iterable[Source],
    limits: Limits,
    url: str | None = None,
    meter: Meter | None = None,
    *,
    mapping: Mapped | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Input]:
    """All pages of all files, in order. A file that breaks gives one faulty input, and the next file follows.

    `url` is the address of a page that cannot tell it itself: a file of HTML or text. `meter` counts what was read.
    `mapping` is how JSON is read that is no envelope; without it the built-in ones are tried. `tell` is given a line
    for a file in which there was no page at all. Raises OSError where a file cannot be opened, and MappingError where
    the mapping reads nothing.
    """
    found = _inputs(files, limits, url, meter or Meter(), mapping, tell)
    return found if mapping is None else held_until_read(found)


def _inputs(
    files: Iterable[Source],
    limits: Limits,
    url: str | None,
    meter: Meter,
    mapping: Mapped | None,
    tell: Callable[[str], None],
) -> Iterator[Input]:
    for source in files:
        number = 0
        kinds: Counter[str] = Counter()
        with opened(source) as stream, meter.on(stream):
            for page in _guarded(stream, source, url, limits, kinds):
                for one in mapped(page, mapping):
                    number += 1
                    yield replace(one, source=source.name, number=number)
        if number == 0:
            tell(f"{source.name}: {_why_none(kinds)}")


def _why_none(kinds: Counter[str]) -> str:
    if not kinds:
        return "nothing in it"
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(6))
    return f"no page among its {kinds.total()} records ({told})"


def _guarded(
    stream: BufferedReader, source: Source, url: str | None, limits: Limits, kinds: Counter[str]
) -> Iterator[Input]:
    """The inputs of one file, its faults among them."""
    try:
        yield from _read(stream, source, url, limits, kinds)
    except PageError as fault:
        yield faulty(source.name, fault)
    except MemoryError:
        yield faulty(source.name, PageError(Reason.OUT_OF_MEMORY, "the file needs more memory than there is"))


def _read(
    stream: BufferedReader, source: Source, url: str | None, limits: Limits, kinds: Counter[str]
) -> Iterator[Input]:
    if source.form in (Form.HTML, Form.TEXT):  # what it is compressed with is left to decoding, which holds the limits
        yield read_document(stream, source.name, source.form, url, limits)
        return
    plain = unpacked(stream)
    start = head(plain)
    if source.path is None and not start:
        return
    _refuse_nested(plain, start)
    form = source.form or form_by_content(start)
    if form is Form.NDJSON:
        yield from read_lines(plain, source.name, limits)
    elif form is Form.JSON and opens_array(start):
        yield from read_array(plain, source.name, limits)
    elif form is Form.WARC:
        yield from read_warc(plain, source.name, limits, kinds)
    elif form is Form.WACZ:
        yield from _read_wacz(plain, source.name, limits, kinds)
    elif form is Form.CSV:
        yield from read_table(plain, source.name, source.path and source.path.parent, limits)
    elif form is Form.MHTML:
        yield read_mhtml(plain, source.name, url, limits)
    else:
        yield read_document(plain, source.name, form, url, limits)


def _refuse_nested(plain: BufferedReader, start: bytes) -> None:
    """Raises PageError for an archive in another: it would be read as one page of noise."""
    if isinstance(plain.raw, Members) and codec_of(plain) is not None:
        raise PageError(Reason.UNDECODABLE, "compressed twice: unpack it once")
    if start[_TAR_PLACE:].startswith(b"ustar"):
        raise PageError(Reason.UNDECODABLE, "a tar archive: unpack it, and give the folder")


def _read_wacz(stream: BufferedReader, name: str, limits: Limits, kinds: Counter[str]) -> Iterator[Input]:
    """Zip files are read from their end: what cannot be sought in is put on disk first."""
    if not stream.seekable():
        with tempfile.TemporaryFile() as file:
            _copy(stream, file, limits)
            yield from read_wacz(file, name, file.tell(), limits, kinds)
        return
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        yield faulty(name, PageError(Reason.UNDECODABLE, "empty file"))
        return
    yield from read_wacz(stream, name, size, limits, kinds)


def _copy(stream: BufferedReader, file: BinaryIO, limits: Limits) -> None:
    """Raises PageError (`expansion-bomb`) as soon as a compressed stream gives more than the limits allow."""
    members = stream.raw if isinstance(stream.raw, Members) else None
    size = 0
    while part := stream.read1(_PART_BYTES):
        size += len(part)
        if members is not None and size > limits.expansion * members.taken:
            raise PageError(Reason.EXPANSION_BOMB, f"expands more than {limits.expansion} times")
        file.write(part)
