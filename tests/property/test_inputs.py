"""Any file gives inputs: whatever was done to it, each is a page or a fault, and nothing else is raised."""

import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import PageError
from broadsheet.inputs import Form, Source, read_inputs
from broadsheet.options import Limits
from tests.cli.inputs.reading import ENVELOPE, LONGER, warc, zipped

ARC = b"filedesc://a.arc 0.0.0.0 20260301080000 text/plain 6\n1 0 H\n\nhttps://harbour.example/ 192.0.2.1 20260301080000 text/html 9\n<p>Tides\n"  # noqa: E501
CHUNKED = warc(
    ("https://harbour.example/", b"5\r\n<p>Ti\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"}), compressed=False
)
MHTML = (
    b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    b"--x\nContent-Type: text/html\n\n<p>Tides\n--x--\n"
)
PACKED, PLAIN = warc(*LONGER), warc(*LONGER, compressed=False)
FILES = {
    Form.WARC: [PACKED, PLAIN, gzip.compress(PLAIN), CHUNKED, ARC],
    Form.WACZ: [
        zipped(("archive/a.warc.gz", PACKED)),
        zipped(("archive/a.warc", CHUNKED), method=zipfile.ZIP_DEFLATED),
    ],
    Form.NDJSON: [ENVELOPE + b"\n" + ENVELOPE, gzip.compress(ENVELOPE + b"\n") * 3],
    Form.JSON: [ENVELOPE, b"[" + ENVELOPE + b"," + ENVELOPE + b"]"],
    Form.CSV: [b"url,html\nhttps://harbour.example/,<p>Tides\n", b"url;path\n;a.html\n;../b\n"],
    Form.MHTML: [MHTML],
    Form.MARKDOWN: [b"Title: T\nURL Source: https://harbour.example/\nMarkdown Content:\n# T\n"],
}
PIECES = [
    b"\n",
    b"\r\n\r\nWARC/1.0\r\n",
    b"\x1f\x8b\x08\x00",
    b"\x28\xb5\x2f\xfd",
    b'[{"',
    b"\0" * 99,
    b"Content-Length: 9999999\r\n",
]

cuts = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.one_of(st.binary(max_size=9), st.sampled_from(PIECES)))
)


def damaged(content: bytes, cut: list[tuple[float, int, bytes]]) -> bytes:
    """The content with pieces cut out and others put in."""
    for place, length, piece in cut:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=60, deadline=None)
@given(st.data(), cuts)
def test_any_file_gives_pages_and_faults(form: Form, data: st.DataObject, cut: list[tuple[float, int, bytes]]) -> None:
    content = damaged(data.draw(st.sampled_from(FILES[form])), cut)
    told = data.draw(st.sampled_from([form, None]))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(content)
        for page in read_inputs([Source("file", file, told)], Limits(page_bytes=5_000)):
            assert page.fault is None or isinstance(page.fault, PageError)
            assert len(page.raw.value) <= 5_000 * 6 + 2**20


def test_the_files_are_sound() -> None:
    with zipfile.ZipFile(BytesIO(FILES[Form.WACZ][0])) as archive:
        assert archive.testzip() is None
