"""Web archives: the HTML and plain text responses of a WARC (or ARC), each as one page."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader

import orjson
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.chunks import taken, unchunked
from broadsheet.inputs.records import Archive
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import Limits
from broadsheet.values import RawPage

_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}
_WITHOUT_HTTP = ("resource", "conversion")
_CONTROLS = bytes({*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})
_START_BYTES = 512
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_STATUS = re.compile(r"[1-9]\d\d", re.ASCII)
_WITHOUT_BODY = {"204", "205", "301", "302", "303", "304", "307", "308"}
"""Answers that point elsewhere or say that nothing is new: with no body they are no pages, as requests are none."""
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, UnicodeError, ValueError, AttributeError)


def read_warc(stream: BufferedReader, name: str, limits: Limits, kinds: Counter[str] | None = None) -> Iterator[Input]:
    """Each page of an archive, in order. What is broken gives one faulty input where it stood; what follows is read.

    `kinds` counts the records by their type.
    """
    archive = Archive(stream, kinds)
    number = 0
    more = archive.seek()
    yield from (faulty(name, fault) for fault in archive.faults)
    while more:
        number += 1
        place = f"{name}:record {number}"
        page, complete = _read(archive, place, limits)
        more = archive.seek()
        if archive.torn and not complete and page is not None and page.fault is None:
            page = faulty(place, PageError(Reason.UNDECODABLE, f"its length is wrong: {archive.faults.pop(0).detail}"))
        if page is not None:
            yield page
        yield from (faulty(f"{name}:behind record {number}", fault) for fault in archive.faults)


def _read(archive: Archive, place: str, limits: Limits) -> tuple[Input | None, bool]:
    """The page of the record at hand, or the fault it ends in, or None where it holds no page; and whether the page is
    there in full for sure, whatever length the record has.
    """
    try:
        record = archive.record()
        page = _page(record, place, limits)
        complete = page is not None and _complete(record, page)
        if not archive.leave(record) and not complete:
            raise PageError(Reason.UNDECODABLE, "archive ends within a record")
        return page, complete
    except PageError as fault:
        return faulty(place, fault), False
    except MemoryError:
        return faulty(place, PageError(Reason.OUT_OF_MEMORY, "the record needs more memory than there is")), False
    except _BROKEN as error:
        return faulty(place, PageError(Reason.UNDECODABLE, f"archive broken: {_line(error)}")), False


def _page(record: ArcWarcRecord, place: str, limits: Limits) -> Input | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or ""
    content_type = _content_type(record)
    if not _ABSOLUTE.match(url) or content_type.partition(";")[0].strip().lower() not in _PAGES:
        return None
    payload = _payload(record, limits.page_bytes + 1)
    if not payload.strip() and _http_status(record) in _WITHOUT_BODY:
        return None
    if len(payload) > limits.page_bytes:
        return faulty(place, PageError(Reason.TOO_LARGE, f"payload above {limits.page_bytes:,} bytes"))
    return Input(place, RawPage(payload, key=url.encode(), headers=_headers(record, url, content_type, payload)))


def _content_type(record: ArcWarcRecord) -> str:
    """What the payload is, or "" for records that hold no page: requests, revisits, metadata."""
    if record.rec_type == "response" and record.http_headers is not None:
        return record.http_headers.get_header("content-type") or "text/html"
    return (record.content_type or "") if record.rec_type in _WITHOUT_HTTP else ""


def _complete(record: ArcWarcRecord, page: Input) -> bool:
    """Whether a page is there in full, even in a record of the wrong length: by the server, or by its last tag."""
    length = _http(record, "content-length").strip()
    if _LENGTH.fullmatch(length) and not _chunked(record):
        return len(page.raw.value) >= int(length)
    return page.raw.value.rstrip().lower().endswith(b"</html>")


def _http(record: ArcWarcRecord, name: str) -> str:
    """An HTTP header's value, "" where there is none."""
    return (record.http_headers and record.http_headers.get_header(name)) or ""


def _http_status(record: ArcWarcRecord) -> str:
    """Three digits, or "" where there are none."""
    status = record.http_headers.get_statuscode() if record.http_headers is not None else ""
    return status if _STATUS.fullmatch(status) else ""


def _chunked(record: ArcWarcRecord) -> bool:
    return _http(record, "transfer-encoding").strip().lower() == "chunked"


def _payload(record: ArcWarcRecord, most: int) -> bytes:
    """The body as the server encoded it, but for its chunks."""
    return unchunked(record.raw_stream, most) if _chunked(record) else taken(record.raw_stream, most)


def _headers(record: ArcWarcRecord, url: str, content_type: str, payload: bytes) -> tuple[tuple[str, bytes], ...]:
    found = {
        "url": url,
        "content-type": content_type,
        "content-encoding": _encoding(_http(record, "content-encoding"), payload),
        "fetched-at": _date(record),
    }
    if record.http_headers is not None:
        found["status"] = _http_status(record)
        found["response-headers"] = _json(record.http_headers.headers)
    return tuple((key, value.encode()) for key, value in found.items() if value)


def _date(record: ArcWarcRecord) -> str | None:
    """When the page was fetched, as the archive says it: WARC's own form, or that of RFC 3339 for ARC's digits."""
    digits = _ARC_DATE.fullmatch(record.rec_headers.get_header("archive-date") or "")
    if digits:
        return "{}-{}-{}T{}:{}:{}Z".format(*digits.groups())
    date: str | None = record.rec_headers.get_header("WARC-Date")
    return date


def _json(headers: list[tuple[str, str]]) -> str:
    """Names in lower case; the values of a name that is there more than once as a list."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return orjson.dumps({name: one[0] if len(one) == 1 else one for name, one in values.items()}).decode()


def _encoding(named: str, payload: bytes) -> str | None:
    """The encoding the payload is in: crawlers often keep the header of a body they stored decompressed, and servers
    name charsets there. Where no magic tells: compressed data is full of control characters, 100 bytes without one are
    one case in a hundred thousand.
    """
    name = named.strip().lower()
    magic, start = _MAGIC.get(name), payload[:_START_BYTES]
    encoded = payload.startswith(magic) if magic else len(start) > len(start.translate(None, _CONTROLS))
    return name if encoded and name not in ("", "identity") else None


def _line(error: Exception) -> str:
    return ascii((str(error).strip() or type(error).__name__).splitlines()[0][:200])[1:-1]
