"""Whether what came is a page at all: its declared type, what its first bytes say, and whether the text is text."""

import re

from broadsheet.errors import PageError, Reason
from broadsheet.values import ContentType

_TYPES = {
    "text/html": ContentType.HTML,
    "application/xhtml+xml": ContentType.HTML,
    "text/plain": ContentType.DUMP,
    "text/markdown": ContentType.MARKDOWN,
    "text/x-markdown": ContentType.MARKDOWN,
}
_CHARSET = re.compile(r"charset\s*+=\s*+(?:[\"']\s*+)?([^\s\"';,]+)", re.IGNORECASE)
_LABEL_CHARS = 40  # the longest WHATWG label has 19

# Signatures of the WHATWG MIME Sniffing standard and of the formats' own specifications: what scrapers store by
# mistake. Only such as no text can begin with.
_SIGNATURES = (
    (re.compile(rb"%PDF-\d"), "a PDF document"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "a PNG image"),
    (re.compile(rb"\xff\xd8\xff"), "a JPEG image"),
    (re.compile(rb"GIF8[79]a"), "a GIF image"),
    (re.compile(rb"RIFF.{4}(WEBP|AVI |WAVE)", re.DOTALL), "a RIFF image, sound or film"),
    (re.compile(rb"\0\0\0.ftyp", re.DOTALL), "an MP4, HEIC or AVIF file"),
    (re.compile(rb"\x1f\x8b\x08"), "gzip data (content_encoding says so where it is meant)"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "zstd data (content_encoding says so where it is meant)"),
    (re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)"), "a ZIP archive"),
    (re.compile(rb"BZh\d1AY&SY"), "a bzip2 archive"),
    (re.compile(rb"\xfd7zXZ\0"), "an xz archive"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "a 7z archive"),
    (re.compile(rb"Rar!\x1a\x07"), "a RAR archive"),
    (re.compile(rb"\x7fELF"), "an executable"),
    (re.compile(rb"MZ.{0,62}\0\0\0", re.DOTALL), "an executable"),
    (re.compile(rb"\0asm\x01\0\0\0"), "WebAssembly"),
    (re.compile(rb"wOF[F2]"), "a font"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an Office document"),
    (re.compile(rb"From: <Saved by "), "an MHTML file (`broadsheet publish` reads it)"),
    (re.compile(rb"(OggS\0|ID3[\x02-\x04]\0|fLaC\0)"), "a sound file"),
)
_FIRST_BYTES = 80
_OPENING = frozenset(b"%\x89\xffGR\0\x1f\x28PB\xfd7\x7fMw\xd0OIfF")
"""What they begin with: of other bytes none is asked about."""

_JSON = re.compile(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*(\]|[\[{]\s*[\"\[\]{}]))")
_JSON_END = {b"{": b"}", b"[": b"]"}

# Noise: control characters that no text has (the standard's "binary data bytes"), and U+FFFD, where decoding failed.
# Random bytes have 11 % of the former; the worst damaged page that was still readable had under 1 %.
_NOISE = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_SUSPECTS = bytes({*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F, 0xC2, 0xEF})
"""A byte of each of them in UTF-8, at least: where these are few, so is noise."""
_NOISE_SHARE = 0.05
_NOISE_LEAST = 8
_NOISE_SAMPLE = 2_048  # characters, at the start and in the middle


def page_type(content_type: str) -> ContentType:
    """HTML or dump by a declared content type, its parameters apart. Raises `unsupported-content-type`."""
    essence = re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()
    kind = _TYPES.get(essence or "text/html")
    if kind is None:
        raise PageError(Reason.UNSUPPORTED_CONTENT_TYPE, f"{ascii(essence)[:80]} is not HTML, XHTML or plain text")
    return kind


def charset_label(content_type: str | None) -> str | None:
    """The charset that a content type names, if any; not yet known to be one."""
    match = _CHARSET.search(content_type) if content_type else None
    return match[1][:_LABEL_CHARS] if match else None


def refuse_binary(data: bytes) -> None:
    """Raises `unsupported-content-type` where the bytes are another kind of file, whatever was declared."""
    first = data[:_FIRST_BYTES].lstrip(b" \t\r\n\f")
    if not first or first[0] not in _OPENING:
        return
    found = next((what for signature, what in _SIGNATURES if signature.match(first)), None)
    if found is not None:
        raise PageError(Reason.UNSUPPORTED_CONTENT_TYPE, f"the bytes are {found}, not a page")


def looks_like_json(data: bytes) -> bool:
    """Whether the bytes are an object or an array of JSON by how they begin and end. They are not parsed: that may cost
    fifty times their size in memory.
    """
    found = _JSON.match(data)
    return found is not None and data[-_FIRST_BYTES:].rstrip().endswith(_JSON_END[found[2][:1]])


def refuse_json(data: bytes) -> None:
    """Raises `unsupported-content-type` for JSON, which some sites serve as HTML or text."""
    if looks_like_json(data):
        raise PageError(Reason.UNSUPPORTED_CONTENT_TYPE, "the bytes are JSON, not a page")


def refuse_noise(text: str) -> None:
    """Raises `undecodable` where what was decoded is no text: binary data, or no charset that fits."""
    middle = max(_NOISE_SAMPLE, len(text) // 2)
    sample = text[:_NOISE_SAMPLE] + text[middle : middle + _NOISE_SAMPLE]
    written = sample.encode("utf-8", "replace")
    if len(written) - len(written.translate(None, _SUSPECTS)) < _NOISE_LEAST:
        return
    noise = len(_NOISE.findall(sample))
    if noise >= _NOISE_LEAST and noise > _NOISE_SHARE * len(sample):
        share = round(100 * noise / len(sample))
        raise PageError(Reason.UNDECODABLE, f"not text: {share} % control or replacement characters")
