"""Forms besides pages and archives: arrays, MHTML, tables."""

import gzip
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from broadsheet.errors import Reason
from broadsheet.inputs import read_inputs, sources
from broadsheet.inputs.arrays import Elements
from broadsheet.options import Limits
from tests.cli.inputs.reading import (
    ENVELOPE,
    HTML,
    header,
    read,
)


class TestArrays:
    def test_each_element_is_an_input(self, write: Callable[[str, bytes], Path]) -> None:
        odd = orjson.dumps({"url": "https://harbour.example/odd", "body": '<p class="x">],{\\" \\\\'})
        file = write("items.json", b"\xef\xbb\xbf[\n" + b",\n".join([ENVELOPE, odd, ENVELOPE]) + b"\n]\n")
        pages = read(file)
        assert [page.raw.value for page in pages] == [ENVELOPE, odd, ENVELOPE]
        assert [page.name for page in pages] == [f"{file}:{number}" for number in (1, 2, 3)]

    @pytest.mark.parametrize("part", [1, 2, 3, 7, 64])
    def test_however_the_bytes_come(self, part: int) -> None:
        held = [orjson.dumps({"body": text * 9, "n": [1, {"m": []}]}) for text in ('"', "\\", "],[", 'é\\\\"', "}")]
        content = b"[" + b" , ".join(held) + b"]"
        elements = Elements(10_000)
        found = [one for at in range(0, len(content), part) for one in elements.of(content[at : at + part])]
        assert found == held
        assert elements.closed

    def test_broken_element_is_one_input_and_the_next_follows(self, write: Callable[[str, bytes], Path]) -> None:
        pages = read(write("items.json", b"[" + ENVELOPE + b", {broken}, " + ENVELOPE + b"]"))
        assert [page.raw.value for page in pages] == [ENVELOPE, b"{broken}", ENVELOPE]

    def test_endless_element_and_a_missing_end(self, write: Callable[[str, bytes], Path]) -> None:
        endless = b'{"body": "' + b"x" * 2_000_000 + b'"}'
        pages = read(
            write("items.json", b"[" + ENVELOPE + b"," + endless + b"," + ENVELOPE), limits=Limits(page_bytes=9)
        )
        assert [page.fault and page.fault.reason for page in pages] == [None, Reason.TOO_LARGE, Reason.UNDECODABLE]

    def test_empty_array_is_no_page(self, write: Callable[[str, bytes], Path]) -> None:
        told: list[str] = []
        assert not list(read_inputs(sources([str(write("items.json", b"[]"))]), Limits(), tell=told.append))
        assert told[0].endswith("items.json: nothing in it")


MHTML = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://harbour.example/tides
Subject: Tides
Date: Mon, 2 Mar 2026 08:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="--x"

----x
Content-Type: text/css
Content-Location: https://harbour.example/style.css

p { margin: 0 }
----x
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable
Content-Location: https://harbour.example/tides

<html><head><title>Tides caf=E9</title></head><body><p>The harbour off=
ice redrew them.</p></body></html>
----x--
"""


class TestMhtml:
    @pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page"])
    def test_the_page_within_is_read(self, write: Callable[[str, bytes], Path], name: str) -> None:
        [page] = read(write(name, MHTML.replace(b"\n", b"\r\n")))
        assert page.raw.value.startswith(b"<html><head><title>Tides caf\xe9</title>")
        assert b"The harbour office redrew them." in page.raw.value
        assert header(page, "url") == page.raw.key == b"https://harbour.example/tides"
        assert header(page, "charset") == b"iso-8859-1"
        assert header(page, "fetched-at") == b"2026-03-02T08:00:00Z"

    @pytest.mark.parametrize("content", [b"", b"From: <Saved by Blink>\n", MHTML.replace(b"text/html", b"image/png")])
    def test_no_page_in_it_is_a_fault(self, write: Callable[[str, bytes], Path], content: bytes) -> None:
        [page] = read(write("page.mhtml", content))
        assert page.fault is not None
        assert page.fault.reason is Reason.UNDECODABLE


class TestTables:
    def test_rows_with_files_beside_and_with_the_page_itself(self, write: Callable[[str, bytes], Path]) -> None:
        write("pages/a.html", HTML)
        write("pages/sub/b.txt.gz", gzip.compress(b"Tides"))
        files = write(
            "pages/list.csv", b"URL;Path\nhttps://harbour.example/a;a.html\nhttps://harbour.example/b;sub/b.txt.gz\n"
        )
        inline = write("pages/inline.csv", b'id,url,html\r\n1,https://harbour.example/c,"<p>One, ""two"",\nthree"\r\n')
        a, b, c = read(files, inline)
        assert (a.raw.value, a.raw.key) == (HTML, b"https://harbour.example/a")
        assert (header(b, "content-type"), header(b, "content-encoding")) == (b"text/plain", b"gzip")
        assert (c.raw.value, c.raw.key) == (b'<p>One, "two",\nthree', b"https://harbour.example/c")

    @pytest.mark.parametrize("path", ["../secret.html", "/etc/hostname", "none.html", ""])
    def test_no_other_file_is_read(self, write: Callable[[str, bytes], Path], path: str) -> None:
        write("secret.html", HTML)
        pages = read(write("pages/list.csv", f"url,path\nhttps://harbour.example/a,{path}\n".encode()))
        assert all(page.fault is not None or not page.raw.value for page in pages)

    def test_columns_that_name_no_page(self, write: Callable[[str, bytes], Path]) -> None:
        for content in (b"one,two\n1,2\n", b"a\rb,c\n", b""):
            [page] = read(write("list.csv", content))
            assert page.fault is not None
            assert "first line names no column" in page.fault.detail

    def test_field_above_the_limit(self, write: Callable[[str, bytes], Path]) -> None:
        file = write(
            "list.csv", b"url,html\nhttps://harbour.example/a," + b"x" * 5000 + b"\nhttps://harbour.example/b,<p>B\n"
        )
        assert b"https://harbour.example/b" in [page.raw.key for page in read(file, limits=Limits(page_bytes=1000))]
