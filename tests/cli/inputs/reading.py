"""What the tests of inputs share: a page, archives of it, and reading."""

import io
import zipfile
from pathlib import Path
from typing import Any

import orjson
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.inputs import Form, Input, read_inputs, sources
from broadsheet.options import Limits

HTML = (
    b"<html><head><title>Tide tables redrawn</title></head><body><p>The harbour office redrew them.</p></body></html>"
)
ENVELOPE = b'{"url": "https://harbour.example/tides", "body": "<p>Tides</p>"}'


def read(*files: Path, url: str | None = None, form: Form | None = None, limits: Limits | None = None) -> list[Input]:
    return list(read_inputs(sources([str(file) for file in files], form), limits or Limits(), url))


def header(page: Input, name: str) -> bytes | None:
    return dict(page.raw.headers).get(name)


def warc(*pages: tuple[str, bytes, dict[str, str]], compressed: bool = True) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for url, body, headers in pages:
        http = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
        dated = {"WARC-Date": "2026-03-01T08:00:00Z"}
        writer.write_record(
            writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=http, warc_headers_dict=dated)
        )
        writer.write_record(writer.create_warc_record(url, "request", io.BytesIO(b"GET / HTTP/1.1\r\n\r\n")))
    return out.getvalue()


TYPE = {"Content-Type": "text/html; charset=iso-8859-1"}
THREE = [(f"https://harbour.example/{number}", HTML, TYPE) for number in range(3)]


PLACES = [f"https://harbour.example/{number}".encode() for number in range(3)]
PLACE = PLACES[0].decode()
LONG = HTML.replace(b"<p>", b"<p>" + b"The harbour office said so. " * 40)
LONGER = [(f"https://harbour.example/{number}", LONG, TYPE) for number in range(3)]


def addresses(pages: list[Input]) -> list[bytes | None]:
    return [header(page, "url") for page in pages if page.fault is None]


def faults(pages: list[Input]) -> list[str]:
    return [page.fault.detail for page in pages if page.fault is not None]


def envelopes(pages: list[Input]) -> list[dict[str, Any]]:
    return [orjson.loads(page.raw.value) for page in pages if page.fault is None]


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()
