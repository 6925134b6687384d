"""The charset of bytes that declare none that fits: charset-normalizer on a bounded sample of what is not ASCII."""

import re

import webencodings
from charset_normalizer import from_bytes

_SCAN_BYTES = 262_144
_SAMPLE_BYTES = 4_096
_TAG = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_CANDIDATES = (
    "windows-1252", "windows-1251", "windows-1250", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
    "windows-1257", "windows-1258", "windows-874", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7",
    "koi8-r", "ibm866", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr",
)  # fmt: skip


def _python_name(label: str) -> str:
    return str(webencodings.lookup(label).codec_info.name).replace("-", "_")


_NAMES = {_python_name(label): label for label in _CANDIDATES}


def detected(data: bytes) -> str | None:
    """The WHATWG name of the likeliest legacy charset, or None where nothing fits.

    Looks at up to 4 KiB of the lines that hold bytes beyond ASCII, tags taken out.
    """
    sample = _sample(data)
    if not sample:
        return None
    best = from_bytes(sample, cp_isolation=list(_NAMES), preemptive_behaviour=False).best()
    return _NAMES.get(best.encoding) if best is not None else None


def _sample(data: bytes) -> bytes:
    text = _TAG.sub(b" ", data[:_SCAN_BYTES])
    parts: list[bytes] = []
    size = 0
    for match in _BEYOND_ASCII.finditer(text):
        parts.append(match[0][: _SAMPLE_BYTES - size])
        size += len(parts[-1]) + 1
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(parts)
