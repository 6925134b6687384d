"""Tells what a file holds: by its name, else by its first bytes."""

import re
from pathlib import Path, PurePath

from broadsheet.inputs.values import Form

_SUFFIXES = {
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".xhtml": Form.HTML,
    ".xht": Form.HTML,
    ".shtml": Form.HTML,
    ".mhtml": Form.MHTML,
    ".mht": Form.MHTML,
    ".txt": Form.TEXT,
    ".text": Form.TEXT,
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".csv": Form.CSV,
    ".tsv": Form.CSV,
    ".json": Form.JSON,
    ".ndjson": Form.NDJSON,
    ".jsonl": Form.NDJSON,
    ".jsonlines": Form.NDJSON,
    ".jl": Form.NDJSON,
    ".wet": Form.WARC,
    ".wat": Form.WARC,
    ".warc": Form.WARC,
    ".arc": Form.WARC,
    ".wacz": Form.WACZ,
}
_ZIP = b"PK\x03\x04"
_ARCHIVE = (b"WARC/", b"filedesc://")
_MHTML = re.compile(
    rb"(From|MIME-Version|Snapshot-Content-Location|Subject|Date):.{0,900}?\nContent-Type:\s{0,9}multipart/related",
    re.IGNORECASE | re.DOTALL,
)
_HTML = re.compile(
    rb"(<\?xml[^>]{0,200}>\s*)?(?>(?:<!--.{0,500}?-->\s*)*)<(!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL
)
_COMPRESSED = (".gz", ".zst")
HEAD_BYTES = 1024
"""How much of a nameless file is looked at."""


def form_by_name(path: PurePath) -> Form | None:
    """The form that the name tells (a last `.gz` or `.zst` set aside), or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def form_by_content(head: bytes) -> Form:
    """The form that the first bytes (decompressed, if they were gzip) tell; plain text where nothing else fits."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_ZIP):
        return Form.WACZ
    if text.startswith(_ARCHIVE):
        return Form.WARC
    if text.startswith(b"{"):
        return Form.JSON if text.partition(b"\n")[0].strip() == b"{" else Form.NDJSON
    if opens_array(head):
        return Form.JSON
    if _MHTML.match(text):
        return Form.MHTML
    return Form.HTML if text.startswith(b"<") else Form.TEXT


def opens_array(head: bytes) -> bool:
    """Whether JSON starts here that is an array of objects."""
    return re.match(rb"(\xef\xbb\xbf)?\s*\[\s*[{\]]", head) is not None


def is_page(file: Path) -> bool:
    """Whether a file of a folder is to be read: by its name, or as HTML by its first bytes, as mirrors save pages under
    the end of their address (`index.php?id=3`, `story-17`).
    """
    if form_by_name(file) is not None:
        return True
    try:
        with file.open("rb") as stream:
            return _HTML.match(stream.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()) is not None
    except OSError:
        return False
