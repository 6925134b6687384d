"""The records of a WARC or ARC, one after the other, and on behind a break.

warcio reads the heads, as tolerantly as it does for replay; where records start and end is told here, as its own
iteration ends with the first break, prints to stderr, and takes lines of any length.
"""

import logging
import re
from collections import Counter
from io import BufferedReader

from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser

from broadsheet.errors import PageError, Reason

_HEAD_BYTES = 1024 * 1024
"""The heads of one record, WARC's and HTTP's; browsers give up at a quarter of this."""
_LINE_BYTES = 64 * 1024
"""What is looked at as one line between records."""
_PART_BYTES = 64 * 1024
_WARC_START = re.compile(rb"WARC/\d{1,2}\.\d{1,2}[ \t\r]*\n?")
_ARC_START = re.compile(
    rb"[a-z][a-z0-9+.-]{1,20}:.{1,9000} \S{1,100} (?:\d{4,20}|[a-z-]{1,8}) \S{0,300} -?\w{1,20}[ \t\r]*\n?"
)
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)

# warcio logs addresses as they stand, and the last resort of logging is a terminal
logging.getLogger("warcio").addHandler(logging.NullHandler())
logging.getLogger("warcio").propagate = False


class _Lines:
    """What warcio reads from: lines of a head within its budget, bodies part by part."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self.budget: int | None = None

    def readline(self, length: int | None = None) -> bytes:
        if self.budget is None:
            return self.line(min(length or _LINE_BYTES, _LINE_BYTES))
        if self.budget <= 0:
            raise PageError(Reason.TOO_LARGE, f"head of an archive record above {_HEAD_BYTES:,} bytes")
        line = self.line(min(length or self.budget, self.budget))
        self.budget -= len(line)
        return line

    def line(self, most: int) -> bytes:
        return self._stream.readline(most)

    def read(self, length: int) -> bytes:
        return self._stream.read1(min(length, _PART_BYTES))

    def tell(self) -> int:
        return 0  # places are not asked for


class Archive:
    """Goes from record to record: `seek` to the next, `record` to read its heads, `leave` it.

    `faults` are what was met since the last `seek`: breaks, and bytes that belong to no record. `torn` says that such
    bytes follow the last record without a line between, so that its length must be wrong. `kinds` counts the records.
    """

    def __init__(self, stream: BufferedReader, kinds: Counter[str] | None = None) -> None:
        self.faults: list[PageError] = []
        self.torn = False
        self.kinds = Counter() if kinds is None else kinds
        self._lines = _Lines(stream)
        self._loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        self._loader.warc_parser = StatusAndHeadersParser(["WARC/"])
        self._starts: tuple[re.Pattern[bytes], ...] = (_WARC_START, _ARC_START)
        self._first = b""
        self._head_broken = False

    def seek(self) -> bool:
        """Goes to the first line of the next record; False at the end of the archive."""
        self.faults, self.torn, self._first = [], False, b""
        passed, blank = 0, False
        while not self._first:
            try:
                line = self._lines.line(_LINE_BYTES)
            except PageError as fault:
                self.faults.append(fault)
                continue
            if not line:
                break
            if self._is_start(line):
                self._first = line
            elif line.strip():
                self.torn = self.torn or (not passed and not blank)
                passed += len(line)
            blank = blank or not line.strip()
        if passed and not self._head_broken:
            self.faults.append(
                PageError(Reason.UNDECODABLE, f"{passed:,} bytes that are no archive record passed over")
            )
        return bool(self._first)

    def record(self) -> ArcWarcRecord:
        """The record whose first line was found, with its heads. Raises PageError where they are broken."""
        self._head_broken = True
        self._lines.budget = _HEAD_BYTES
        known = "warc" if self._starts == (_WARC_START,) else "arc"
        record = self._loader.parse_record_stream(self._lines, self._first, known, no_record_parse=True)
        named = record.rec_headers.get_header("Content-Length" if known == "warc" else "length") or ""
        if not _LENGTH.fullmatch(named.strip()):
            raise PageError(Reason.UNDECODABLE, f"archive record of no known length: {ascii(named)[:40]}")
        self._head_broken = False
        self.kinds[record.rec_type or "untyped"] += 1
        address = record.rec_headers.get_header("WARC-Target-URI" if known == "warc" else "uri") or ""
        record.http_headers = self._loader.load_http_headers(record.rec_type, address, record.raw_stream, record.length)
        self._lines.budget = None
        return record

    def leave(self, record: ArcWarcRecord) -> bool:
        """Passes over what was not read of it; whether it was there to its end. Raises PageError at a break."""
        while record.raw_stream.read(_PART_BYTES):
            pass
        return bool(record.raw_stream.limit <= 0)

    def _is_start(self, line: bytes) -> bool:
        found = next((start for start in self._starts if start.fullmatch(line)), None)
        if found is not None:
            self._starts = (found,)  # an archive is all of one kind
        return found is not None
