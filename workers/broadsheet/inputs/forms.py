"""Tells what a file holds: by its name, else by its first bytes."""

from pathlib import PurePath

from broadsheet.inputs.values import Form

_SUFFIXES = {
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".xhtml": Form.HTML,
    ".txt": Form.TEXT,
    ".text": Form.TEXT,
    ".json": Form.JSON,
    ".ndjson": Form.NDJSON,
    ".jsonl": Form.NDJSON,
    ".warc": Form.WARC,
    ".arc": Form.WARC,
    ".wacz": Form.WACZ,
}
_ZIP = b"PK\x03\x04"
_WARC = b"WARC/"
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
    if text.startswith(_WARC):
        return Form.WARC
    if text.startswith(b"{"):
        return Form.NDJSON
    return Form.HTML if text.startswith(b"<") else Form.TEXT
