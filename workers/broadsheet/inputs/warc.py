"""Web archives: the HTML and plain text responses of a WARC (or ARC), each as one page.

warcio parses the records. What it leaves open is bounded here: lines and heads of any length, records that break off,
compressed payloads (left to decoding, which holds the limits).
"""

import re
from collections.abc import Iterator
from io import BufferedReader

import orjson
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader as PartReader
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import MEBIBYTE, Limits
from broadsheet.values import RawPage

_HEAD_BYTES = 1024 * 1024
"""The heads of one record, WARC's and HTTP's; browsers give up at a quarter of this."""
_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}
_WITHOUT_HTTP = ("resource", "conversion")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


class _LineReader(PartReader):  # type: ignore[misc]
    """Lines within a budget, which the iteration renews for each record."""

    budget: int | None = None

    def readline(self, length: int | None = None) -> bytes:
        if self.budget is None:
            return bytes(super().readline(length))
        if self.budget <= 0:
            raise PageError(Reason.TOO_LARGE, f"head of an archive record above {_HEAD_BYTES} bytes")
        line = bytes(super().readline(min(length or self.budget, self.budget)))
        self.budget -= len(line)
        return line


class _Parts:
    """Reads part by part, so that all that stands before a break is had before the break is met."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream.read1(size)

    def tell(self) -> int:
        return 0  # places are not asked for


class _Records(ArchiveIterator):  # type: ignore[misc]
    INC_RECORD = ""  # its warning to stderr; a record of the wrong length is told as a fault instead

    def __init__(self, stream: BufferedReader) -> None:
        super().__init__(_Parts(stream))
        self.reader = self.lines = _LineReader(self.fh)  # plain: gzip was undone before, and never twice

    def next_record(self) -> ArcWarcRecord | None:
        """The next record, or None at the end. Raises PageError where the one before it was cut short."""
        before = self.record
        self.lines.budget = _HEAD_BYTES
        record = next(self, None)
        self.lines.budget = None
        if before is not None:
            _check_whole(before)
        return record


def read_warc(stream: BufferedReader, name: str, limits: Limits) -> Iterator[Input]:
    """Each page of an archive; where it breaks, one faulty input tells so, and what stands behind is not read."""
    records = _Records(stream)
    number = 0
    while True:
        place = f"{name}:record {number + 1}"
        try:
            record = records.next_record()
            if record is None:
                return
            page = _page(record, place, limits)
        except PageError as fault:
            yield faulty(place, fault)
            return
        except (ArchiveLoadFailed, StatusAndHeadersParserException, UnicodeError, ValueError, AttributeError) as error:
            yield faulty(place, PageError(Reason.UNDECODABLE, f"archive broken: {_line(error)}"))
            return
        number += 1
        if page is not None:
            yield page


def _page(record: ArcWarcRecord, place: str, limits: Limits) -> Input | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or ""
    content_type = _content_type(record)
    if not _ABSOLUTE.match(url) or content_type.partition(";")[0].strip().lower() not in _PAGES:
        return None
    payload = _payload(record, limits.page_bytes + 1)
    if len(payload) > limits.page_bytes:
        return faulty(place, PageError(Reason.TOO_LARGE, f"payload above {limits.page_bytes} bytes"))
    while record.raw_stream.read(MEBIBYTE):  # what follows the last chunk
        pass
    _check_whole(record)
    return Input(place, RawPage(payload, key=url.encode(), headers=_headers(record, url, content_type, payload)))


def _content_type(record: ArcWarcRecord) -> str:
    """What the payload is, or "" for records that hold no page: requests, revisits, metadata."""
    if record.rec_type == "response" and record.http_headers is not None:
        return record.http_headers.get_header("content-type") or "text/html"
    return (record.content_type or "") if record.rec_type in _WITHOUT_HTTP else ""


def _check_whole(record: ArcWarcRecord) -> None:
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise PageError(Reason.UNDECODABLE, "archive ends within a record")


def _http(record: ArcWarcRecord, name: str) -> str:
    """An HTTP header's value, "" where there is none."""
    return (record.http_headers and record.http_headers.get_header(name)) or ""


def _payload(record: ArcWarcRecord, limit: int) -> bytes:
    """The body as the server encoded it, but for its chunks."""
    chunked = _http(record, "transfer-encoding").strip().lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    return bytes(stream.read(limit))


def _headers(record: ArcWarcRecord, url: str, content_type: str, payload: bytes) -> tuple[tuple[str, bytes], ...]:
    found = {
        "url": url,
        "content-type": content_type,
        "content-encoding": _encoding(_http(record, "content-encoding"), payload),
        "fetched-at": record.rec_headers.get_header("WARC-Date"),
    }
    if record.http_headers is not None:
        found["status"] = record.http_headers.get_statuscode()
        found["response-headers"] = _json(record.http_headers.headers)
    return tuple((key, value.encode()) for key, value in found.items() if value)


def _json(headers: list[tuple[str, str]]) -> str:
    return orjson.dumps({key.lower(): value for key, value in headers}).decode()


def _encoding(named: str, payload: bytes) -> str | None:
    """The encoding the payload is in: crawlers often keep the header of a body they stored decompressed."""
    name = named.strip().lower()
    if name in ("", "identity") or not payload.startswith(_MAGIC.get(name, b"")):
        return None
    return name.removeprefix("x-")


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
