"""Whether bytes are a page: declared types, signatures of other files, and text that only looks like one."""

import pytest

from broadsheet.decode.media import charset_label, page_type, refuse_binary, refuse_noise
from broadsheet.errors import PageError, Reason
from broadsheet.values import ContentType


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("text/html", ContentType.HTML),
        (" Text/HTML ; charset=utf-8", ContentType.HTML),
        ("text/html, text/html", ContentType.HTML),
        ("application/xhtml+xml", ContentType.HTML),
        ("; charset=utf-8", ContentType.HTML),
        ("text/plain", ContentType.DUMP),
    ],
)
def test_types_that_are_read(declared: str, kind: ContentType) -> None:
    assert page_type(declared) is kind


@pytest.mark.parametrize("declared", ["image/png", "text/css", "html", "application/xml", "text/html2", "\u00e9" * 300])
def test_types_that_are_not(declared: str) -> None:
    with pytest.raises(PageError) as refused:
        page_type(declared)
    assert refused.value.reason is Reason.UNSUPPORTED_CONTENT_TYPE
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n%PDF-1.4", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\1\0WEBPVP8 ", b"\0\0\0\x18ftypmp42", b"BZh91AY&SY",
        b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"\x7fELF\2", b"MZ\x90\0\3\0\0\0\4", b"wOF2", b"ID3\x03\0",
        b"\x89PNG\r\n\x1a\n\0", b"\x1f\x8b\x08\0", b"PK\x03\x04\x14", b"\xfd7zXZ\0\0", b"\0asm\x01\0\0\0", b"OggS\0",
        b"fLaC\0", b"\x28\xb5\x2f\xfd\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)  # fmt: skip
def test_other_files_by_their_first_bytes(data: bytes) -> None:
    with pytest.raises(PageError) as refused:
        refuse_binary(data)
    assert refused.value.reason is Reason.UNSUPPORTED_CONTENT_TYPE


@pytest.mark.parametrize(
    "data",
    [
        b"PDF, GIF89 and PK: a history",
        b"%PDF is a format",
        b"MZ went home.",
        b"RIFF in C",
        b"Rar! she cried",
        b"ID3 tags",
        b"",
    ],
)
def test_texts_that_begin_alike(data: bytes) -> None:
    refuse_binary(data)


@pytest.mark.parametrize(
    "text", ["", "a\x01b", "Паром", "tab\tline\r\nform\f", "\ufffd" * 7, "x" * 1_000 + "\x00" * 20, "🚢" * 3_000]
)
def test_text_is_let_through(text: str) -> None:
    refuse_noise(text)


@pytest.mark.parametrize("text", ["\x01\x02" * 40, "word " * 20 + "\ufffd" * 30, "x" * 5_000 + "\x03" * 5_000])
def test_noise_is_refused(text: str) -> None:
    with pytest.raises(PageError) as refused:
        refuse_noise(text)
    assert refused.value.reason is Reason.UNDECODABLE


@pytest.mark.parametrize(
    ("content_type", "label"),
    [
        ("text/html; charset=KOI8-R", "KOI8-R"),
        ("text/html;charset = 'utf-8'", "utf-8"),
        ('text/html; a=b; Charset="big5"; c=d', "big5"),
        ("text/html", None),
        ("text/html; charset=", None),
        (None, None),
    ],
)
def test_charset_of_a_content_type(content_type: str | None, label: str | None) -> None:
    assert charset_label(content_type) == label
