"""Bytes to text: a byte order mark, valid UTF-8, the declared charset (header, then meta), then detection.

Labels are those of the WHATWG Encoding standard (webencodings). The order differs from a browser's where a browser
shows rubbish: bytes that are valid UTF-8 are UTF-8 whatever was declared, and windows-1252, which servers name by
default, is believed only where the bytes look like Latin script. Chance cannot make many bytes valid UTF-8; where
there are few of them another declaration is heard first.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import webencodings

from broadsheet.decode.detection import detected, sample

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32le"),
    (b"\0\0\xfe\xff", "utf-32be"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_PRESCAN_BYTES = 4_096  # the standard asks for the first 1,024 at least; heads of news sites are often later
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*+=\s*+(?:[\"']\s*+)?([^\s\"'/>;]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_WIDE = frozenset({"utf-16le", "utf-16be"})
_LATIN = "windows-1252"
_JAPANESE_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_ASCII_LABELS = frozenset({"ascii", "us-ascii", "ansi_x3.4-1968", "iso-ir-6", "csascii"})  # no claim about more
_MISTAKABLE = frozenset({"gb18030", "gbk", "big5", "euc-kr", "euc-jp", "windows-874"})
# Charsets whose characters can be valid UTF-8 by chance: of GBK's commonest 18 % each, of Thai's some 30 %. In the
# others (Shift_JIS, all of Latin, Cyrillic, Greek, Hebrew and Arabic) any word rules it out.
_SINGLE = frozenset({
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1257", "iso-8859-2",
    "iso-8859-5", "iso-8859-7", "koi8-r", "koi8-u", "x-mac-cyrillic", "macintosh",
})  # fmt: skip
"""Charsets of one byte a character: all bytes are sound in them, so that a wrong declaration fits whole."""
_MIN_FAULTS = 5
"""Faults from which the detector is asked; below it a page quotes a foreign word or two."""
_FAULT_SHARE = 1 / 8
"""Of the characters beyond ASCII that must be faults: misread text has one in three to six."""
_SHOWN_CHARS = 400_000
"""Characters that are looked at for faults."""
_BEYOND = re.compile(r"[^\x00-\x7f]")
_FAULT = re.compile(
    r"[\x80-\x9f]|(?<=[^\W\d_])[\xa1-\xa8\xab-\xb1\xb3-\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?=[^\W\d_])"
    r"|[à-öø-ÿ](?=[À-ÖØ-Þ]{2})"
)
"""Control characters, signs within a word, and capitals behind a small letter."""
_SMALL, _CAPITAL = re.compile(r"[а-яё]"), re.compile(r"[А-ЯЁ]")
_CYRILLIC = frozenset({"windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "x-mac-cyrillic"})
_ICELANDIC = re.compile(r"[ðýþÐÝÞ]")
"""Letters of windows-1252 that are Turkish ones of windows-1254; the detector knows Icelandic from Turkish."""
_SURE_BYTES = 6  # UTF-8 continuation bytes from which chance is out: at most 0.3 to the 6th
_FEW_FAULTS = 4  # well-formed characters for one broken: above it a text is in that charset, and damaged
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_ASCII = bytes(range(128))


class Decoded(NamedTuple):
    """The text of a page's bytes and the charset they are in; `whole` where they are just the text in UTF-8."""

    text: str
    charset: str
    whole: bool = False


def to_text(data: bytes, labels: Sequence[str], url: str | None = None) -> Decoded:
    """The text of a page's bytes, without a byte order mark.

    `labels` are the declared charsets by rank, unknown ones allowed; `url` helps to guess where none fits. Always
    gives a text: what no charset can read becomes U+FFFD.
    """
    return (
        _by_mark(data)
        or _as_utf8(data, labels)
        or Decoded(*(_as_declared(data, labels, url) or _as_detected(data, url)))
    )


def _by_mark(data: bytes) -> Decoded | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(name, "replace"), name)
    return None


def _as_utf8(data: bytes, labels: Sequence[str]) -> Decoded | None:
    """Valid UTF-8, unless it is too little to be sure and something else was declared and fits."""
    if b"\0" in data or (b"\x1b" in data and _JAPANESE_ESCAPE.search(data)):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    unsure = 0 < len(data) - len(text) < _SURE_BYTES
    other = _other_declaration(data, labels) if unsure else None
    return Decoded(*other) if other else Decoded(text, "utf-8", whole=True)


def _other_declaration(data: bytes, labels: Sequence[str]) -> tuple[str, str] | None:
    for name in _declared(data, labels):
        text = _strict(data, name) if name in _MISTAKABLE else None
        if text is not None:
            return text, name
    return None


def _as_declared(data: bytes, labels: Sequence[str], url: str | None) -> tuple[str, str] | None:
    """The first declared charset that fits whole, else the first (UTF-8 before all) that fits with few faults."""
    wide = _wide_without_mark(data)
    if wide is not None:
        return data.decode(wide, "replace"), wide
    if _JAPANESE_ESCAPE.search(data) and (text := _strict(data, "iso-2022-jp")) is not None:
        return text, "iso-2022-jp"
    latin = _looks_latin(data)
    names = [name for name in _declared(data, labels) if latin or name != _LATIN]
    damaged = _damaged(data, "utf-8", 1 if "utf-8" in names else _FEW_FAULTS)
    if damaged is not None:
        return damaged, "utf-8"
    for name in names:
        text = _strict(data, name)
        if text is not None:
            return _likelier(data, text, name, url)
    return next(((text, name) for name in names if (text := _damaged(data, name, _FEW_FAULTS)) is not None), None)


def _likelier(data: bytes, text: str, name: str, url: str | None) -> tuple[str, str]:
    """The text as declared, or as the detector reads it where that mends nearly all that no language writes.

    Every byte is a character of a charset of one byte, so a wrong declaration fits whole: Polish called Latin has signs
    within its words, one Cyrillic charset called another has its capitals inside out.
    """
    if name not in _SINGLE:
        return text, name
    faults = _faults(text, name)
    if faults < _MIN_FAULTS:
        return text, name
    other = detected(data, url)
    read = _strict(data, other) if other != name and other in _SINGLE else None
    return (read, other) if read is not None and _faults(read, other) * 4 <= faults else (text, name)


def _faults(text: str, name: str) -> int:
    """How often a text has what no language writes within a word; 0 where it is seldom beside its other characters."""
    shown = text[:_SHOWN_CHARS]
    found = len(_FAULT.findall(shown))
    if name == _LATIN:
        found += len(_ICELANDIC.findall(shown))
    if name in _CYRILLIC:
        capital = len(_CAPITAL.findall(shown))
        found += capital if capital > 2 * len(_SMALL.findall(shown)) else 0
    return found if found > _FAULT_SHARE * len(_BEYOND.findall(shown)) else 0


def _as_detected(data: bytes, url: str | None) -> tuple[str, str]:
    name = detected(data, url)
    return decoded(data, name), name


def _declared(data: bytes, labels: Sequence[str]) -> Iterator[str]:
    """Names of the charsets declared from outside, then of the page's own meta; unknown labels left out."""
    yield from filter(None, map(_known, labels))
    own = _meta_label(data)
    if own is not None:
        yield own


def _meta_label(data: bytes) -> str | None:
    """The charset that the page's head or XML declaration names. UTF-16 there means UTF-8, as the standard has it."""
    head = _COMMENT.sub(b"", data[:_PRESCAN_BYTES])
    match = _META.search(head) or _XML.search(head)
    name = _known(match[1].decode("latin-1")) if match else None
    return "utf-8" if name in _WIDE else name


def _known(label: str) -> str | None:
    """The charset's name; None for one that is unknown, that the standard calls unsafe, or that says ASCII only."""
    encoding = None if label.strip().lower() in _ASCII_LABELS else webencodings.lookup(label)
    return None if encoding is None or encoding.name == "replacement" else str(encoding.name)


def decoded(data: bytes, name: str) -> str:
    """The text in a WHATWG charset, what it cannot read replaced."""
    return _read(data, name, "replace")


def _read(data: bytes, name: str, errors: str) -> str:
    codec = "gb18030" if name == "gbk" else name  # the standard reads both alike
    return str(webencodings.lookup(codec).codec_info.decode(data, errors)[0])


def _strict(data: bytes, name: str) -> str | None:
    try:
        return _read(data, name, "strict")
    except (UnicodeDecodeError, ValueError):
        return None


def _damaged(data: bytes, name: str, least: int) -> str | None:
    """The text where at least `least` sound characters beyond ASCII stand for each broken one; else None."""
    text = decoded(data, name)
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    cut_at_end = broken == 1 and name == "utf-8" and text.endswith("\ufffd")
    return text if sound >= least * broken or cut_at_end else None


def _looks_latin(data: bytes) -> bool:
    """In Latin script letters beyond ASCII stand alone or in twos; in others they come in words."""
    text = sample(data)
    high = len(text.translate(None, _ASCII))
    in_words = sum(map(len, _HIGH_RUN.findall(text)))
    return in_words * 2 <= high


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark: markup and spaces leave a null in every other byte. A few stray nulls are not it."""
    head = data[:_PRESCAN_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 < len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16le" if odd > even else "utf-16be"
