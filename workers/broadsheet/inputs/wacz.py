"""WACZ: a zip file with WARCs under `archive/`."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, cast

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.forms import form_by_name
from broadsheet.inputs.streams import unpacked
from broadsheet.inputs.values import Form, Input, faulty
from broadsheet.inputs.warc import read_warc
from broadsheet.options import Limits

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def read_wacz(stream: BinaryIO, name: str, size: int, limits: Limits, kinds: Counter[str]) -> Iterator[Input]:
    """Each page of each WARC within, in the order of their names. `size` is the file's, in bytes; `kinds` counts the
    records by their type.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        yield faulty(name, PageError(Reason.UNDECODABLE, f"not a zip file: {error}"))
        return
    with archive:
        entries = sorted(
            (entry for entry in archive.infolist() if _is_warc(entry.filename)), key=lambda entry: entry.filename
        )
        if sum(entry.compress_size for entry in entries) > size:
            yield faulty(name, PageError(Reason.EXPANSION_BOMB, "entries of the zip file overlap"))
            return
        if not entries:
            names = ", ".join(ascii(entry.filename)[1:-1][:60] for entry in archive.infolist()[:3]) or "nothing"
            yield faulty(
                name, PageError(Reason.UNDECODABLE, f"a zip file with no WARC under archive/ (it has {names})")
            )
        for entry in entries:
            yield from _read_entry(archive, entry, name, limits, kinds)


def _is_warc(filename: str) -> bool:
    return filename.startswith("archive/") and form_by_name(PurePath(filename)) is Form.WARC


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits, kinds: Counter[str]
) -> Iterator[Input]:
    place = f"{name}:{entry.filename}"
    if entry.file_size > limits.expansion * max(entry.compress_size, 1):
        yield faulty(place, PageError(Reason.EXPANSION_BOMB, f"expands more than {limits.expansion} times"))
        return
    try:
        with archive.open(entry) as file:
            yield from read_warc(unpacked(io.BufferedReader(cast("io.RawIOBase", file))), place, limits, kinds)
    except _BROKEN as error:
        yield faulty(place, PageError(Reason.UNDECODABLE, f"entry of the zip file broken: {error}"))
