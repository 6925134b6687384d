"""Web archives in their dialects: pages in order, and what a record is."""

import gzip
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import orjson
import pytest

from broadsheet.errors import Reason
from broadsheet.options import Limits
from tests.cli.inputs.reading import (
    HTML,
    LONG,
    LONGER,
    PLACES,
    THREE,
    TYPE,
    addresses,
    faults,
    header,
    read,
    warc,
    zipped,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class TestWarc:
    @pytest.mark.parametrize("compressed", [True, False])
    def test_responses_become_pages(self, write: Callable[[str, bytes], Path], compressed: bool) -> None:
        pages = read(write("crawl.warc", warc(*THREE, compressed=compressed)))
        assert [header(page, "url") for page in pages] == [f"https://harbour.example/{n}".encode() for n in range(3)]
        assert pages[0].raw.value == HTML
        assert header(pages[0], "content-type") == b"text/html; charset=iso-8859-1"
        assert header(pages[0], "fetched-at") == b"2026-03-01T08:00:00Z"
        assert header(pages[0], "status") == b"200"

    def test_one_gzip_member_around_all_records(self, write: Callable[[str, bytes], Path]) -> None:
        assert len(read(write("crawl.warc.gz", gzip.compress(warc(*THREE, compressed=False))))) == 3

    def test_other_types_are_passed_over(self, write: Callable[[str, bytes], Path]) -> None:
        image = ("https://harbour.example/map.png", b"\x89PNG", {"Content-Type": "image/png"})
        assert len(read(write("crawl.warc.gz", warc(image, *THREE)))) == 3

    def test_chunks_are_joined_and_encoding_kept(self, write: Callable[[str, bytes], Path]) -> None:
        body = gzip.compress(HTML)
        chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        headers = TYPE | {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
        [page] = read(write("crawl.warc.gz", warc(("https://harbour.example/", chunked, headers))))
        assert page.raw.value == body
        assert header(page, "content-encoding") == b"gzip"

    def test_encoding_of_a_body_stored_plain_is_dropped(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(
            write("crawl.warc.gz", warc(("https://harbour.example/", HTML, TYPE | {"Content-Encoding": "gzip"})))
        )
        assert header(page, "content-encoding") is None

    @pytest.mark.parametrize("compressed", [True, False])
    def test_archive_cut_short_gives_one_fault(self, write: Callable[[str, bytes], Path], compressed: bool) -> None:
        whole = warc(*THREE, compressed=compressed)
        cut = whole.rindex(b"WARC/1.0") - 150 if not compressed else len(whole) - 400
        pages = read(write("crawl.warc", whole[:cut]))
        assert [page.fault is None for page in pages] == [True, True, False]

    def test_record_above_the_limit_and_the_next(self, write: Callable[[str, bytes], Path]) -> None:
        big = ("https://harbour.example/big", b"x" * 5000, TYPE)
        fault, *rest = read(write("crawl.warc.gz", warc(big, *THREE)), limits=Limits(page_bytes=2000))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.TOO_LARGE
        assert len(rest) == 3

    @pytest.mark.parametrize("head", [b"WARC/1.0\r\nX: " + b"y" * 3_000_000, b"WARC/1.0\r\n" + b"X: y\r\n" * 500_000])
    def test_endless_head_is_one_fault(self, write: Callable[[str, bytes], Path], head: bytes) -> None:
        [fault] = read(write("crawl.warc.gz", gzip.compress(head)))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.TOO_LARGE

    @pytest.mark.parametrize("content", [b"not an archive", b"\x00" * 100, b"WARC/1.0\r\nContent-Length: -5\r\n\r\n"])
    def test_no_archive_gives_a_fault_or_nothing(
        self, write: Callable[[str, bytes], Path], content: bytes, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pages = read(write("crawl.warc", content))
        assert all(page.fault is not None for page in pages)
        assert capfd.readouterr() == ("", "")


class TestDialects:
    @pytest.mark.parametrize("dictionary", ["none", "plain", "compressed"])
    def test_zstd_a_frame_a_record(self, write: Callable[[str, bytes], Path], dictionary: str) -> None:
        records = [warc(page, compressed=False) for page in LONGER]
        shared, options = b"", dict[str, Any]()
        if dictionary != "none":
            trained = zstd.train_dict([bytes(record) for record in records] * 40, 4096)
            held = zstd.compress(trained.dict_content) if dictionary == "compressed" else trained.dict_content
            shared, options = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held, {"zstd_dict": trained}
        frames = [zstd.compress(record, **options) for record in records]
        pages = read(write("crawl.warc.zst", shared + b"".join(frames)))
        assert addresses(pages) == PLACES
        assert not faults(pages)

    def test_damaged_zstd_frame(self, write: Callable[[str, bytes], Path]) -> None:
        first, second, third = (zstd.compress(warc(page, compressed=False)) for page in LONGER)
        pages = read(write("crawl.warc.zst", first + second[:120] + third))
        assert addresses(pages) == [PLACES[0], PLACES[2]]
        assert faults(pages)

    @pytest.mark.parametrize("line", ["null", "20260301080000"])
    def test_arc_without_lines_between_records(self, write: Callable[[str, bytes], Path], line: str) -> None:
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
        records = [
            b"https://harbour.example/%d 192.0.2.1 %s text/html %d\n%s" % (number, line.encode(), len(body), body)
            for number in range(3)
        ]
        about = b"1 0 Harbour\nURL IP-address Archive-date Content-type Archive-length\n"
        opening = b"filedesc://crawl.arc 0.0.0.0 20260301080000 text/plain %d\n%s" % (len(about), about)
        pages = read(write("crawl.arc", opening + b"".join(records)))
        assert addresses(pages) == PLACES
        assert header(pages[0], "fetched-at") == (None if line == "null" else b"2026-03-01T08:00:00Z")

    @pytest.mark.parametrize("coding", ["br", "deflate", "gzip", "zstd", "x-gzip", "utf-8", "none", "identity"])
    def test_encoding_named_for_a_body_stored_plain(self, write: Callable[[str, bytes], Path], coding: str) -> None:
        [page] = read(
            write("crawl.warc", warc(("https://harbour.example/", LONG, TYPE | {"Content-Encoding": coding})))
        )
        assert header(page, "content-encoding") is None

    @pytest.mark.parametrize(("coding", "pack"), [("br", brotli.compress), ("deflate", zlib.compress)])
    def test_encoding_of_a_body_stored_so(
        self, write: Callable[[str, bytes], Path], coding: str, pack: Callable[[bytes], bytes]
    ) -> None:
        [page] = read(
            write("crawl.warc", warc(("https://harbour.example/", pack(LONG), TYPE | {"Content-Encoding": coding})))
        )
        assert header(page, "content-encoding") == coding.encode()

    def test_repeated_headers_are_a_list(self, write: Callable[[str, bytes], Path]) -> None:
        content = warc(THREE[0], compressed=False).replace(
            b"Content-Type: text/html", b"Link: <a>\r\nlink: <b>\r\nContent-Type: text/html", 1
        )
        length = int(content.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        content = content.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length + 22), 1)
        [page] = read(write("crawl.warc", content))
        assert orjson.loads(header(page, "response-headers") or b"")["link"] == ["<a>", "<b>"]

    def test_lines_that_end_oddly(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(
            write("crawl.warc", warc(THREE[0], compressed=False).replace(b"WARC/1.0\r\n", b"WARC/1.1 \r\r\n"))
        )
        assert header(page, "url") == PLACES[0]


class TestWacz:
    def test_pages_of_all_archives(self, write: Callable[[str, bytes], Path]) -> None:
        content = zipped(
            ("archive/b.warc.gz", warc(THREE[2])),
            ("archive/a.warc", warc(*THREE[:2], compressed=False)),
            ("pages/pages.jsonl", b"{}"),
        )
        pages = read(write("crawl.wacz", content))
        assert [header(page, "url") for page in pages] == [f"https://harbour.example/{n}".encode() for n in range(3)]

    def test_broken_entry_does_not_end_the_rest(self, write: Callable[[str, bytes], Path]) -> None:
        content = bytearray(zipped(("archive/a.warc.gz", warc(THREE[0])), ("archive/b.warc.gz", warc(THREE[1]))))
        content[60] ^= 0xFF
        pages = read(write("crawl.wacz", bytes(content)))
        assert pages[0].fault is not None
        assert header(pages[-1], "url") == b"https://harbour.example/1"

    def test_bomb_is_refused_unread(self, write: Callable[[str, bytes], Path]) -> None:
        bomb = zipped(("archive/a.warc", b"\x00" * 10_000_000), method=zipfile.ZIP_DEFLATED)
        [fault] = read(write("crawl.wacz", bomb))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.EXPANSION_BOMB

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"words"])
    def test_no_zip_is_a_fault(self, write: Callable[[str, bytes], Path], content: bytes) -> None:
        [fault] = read(write("crawl.wacz", content))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.UNDECODABLE
