"""What is broken in an archive costs the record that it is in, and what a file unpacks to is bounded."""

import gzip
import io
import sys
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.warcwriter import WARCWriter

from broadsheet.errors import NoneReason, Reason
from broadsheet.inputs import read_inputs, sources
from broadsheet.options import MEBIBYTE, Limits, Options
from broadsheet.pipeline import read_page
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


class TestBreaks:
    """A break costs the record that it is in; what follows is read, and what was passed over is told."""

    def members(self) -> list[bytes]:
        """Three pages, each with its request behind it, a gzip member a record."""
        return [warc(page) for page in LONGER]

    def test_damaged_member(self, write: Callable[[str, bytes], Path]) -> None:
        first, second, third = self.members()
        broken = bytearray(second)
        broken[300] ^= 0x10
        pages = read(write("crawl.warc.gz", first + bytes(broken) + third))
        assert addresses(pages) == [PLACES[0], PLACES[2]]
        [told] = faults(pages)
        assert "gzip stream broken" in told

    def test_member_without_its_end(self, write: Callable[[str, bytes], Path]) -> None:
        first, second, third = self.members()
        pages = read(write("crawl.warc.gz", first + second[:200] + third))
        assert addresses(pages) == [PLACES[0], PLACES[2]]
        assert faults(pages)

    def test_checksum_alone_is_wrong(self, write: Callable[[str, bytes], Path]) -> None:
        record = gzip.compress(warc(LONGER[1], compressed=False))
        first, _, third = self.members()
        pages = read(write("crawl.warc.gz", first + record[:-8] + b"\0\0\0\0" + record[-4:] + third))
        assert addresses(pages) == [PLACES[0], PLACES[2]]
        assert faults(pages)

    @pytest.mark.parametrize("between", [b"\n", b"\0" * 700, b"\r\n\r\n"])
    def test_padding_between_members_is_none(self, write: Callable[[str, bytes], Path], between: bytes) -> None:
        pages = read(write("crawl.warc.gz", between.join(self.members())))
        assert addresses(pages) == PLACES
        assert not faults(pages)

    def test_other_bytes_between_members(self, write: Callable[[str, bytes], Path]) -> None:
        pages = read(write("crawl.warc.gz", b"other bytes, \x1f\x8b\x08\x00 too".join(self.members())))
        assert addresses(pages) == PLACES
        assert len(faults(pages)) == 2

    def test_starts_without_end(self, write: Callable[[str, bytes], Path]) -> None:
        first = self.members()[0]
        pages = read(write("crawl.warc.gz", first + b"\x1f\x8b\x08\x00" * 50_000))
        assert addresses(pages) == PLACES[:1]
        assert len(faults(pages)) == 1

    @pytest.mark.parametrize("wrong", [-300, 5])
    def test_wrong_length_of_a_record_without_compression(
        self, write: Callable[[str, bytes], Path], wrong: int
    ) -> None:
        first, second, third = (warc(page, compressed=False) for page in LONGER)
        named = int(second.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        second = second.replace(b"Content-Length: %d" % named, b"Content-Length: %d" % (named + wrong), 1)
        pages = read(write("crawl.warc", first + second + third))
        assert addresses(pages)[0] == PLACES[0]
        assert addresses(pages)[-1] == PLACES[2]
        assert faults(pages)
        assert all(page.raw.value in (b"", LONG) or page.raw.value.startswith(LONG) for page in pages)

    def test_length_that_is_no_number(self, write: Callable[[str, bytes], Path]) -> None:
        first, second, third = (warc(page, compressed=False) for page in LONGER)
        for length in (b"-5", b"1_0", b"9" * 5000, "٣".encode(), b""):
            named = second.split(b"Content-Length: ")[1].split(b"\r\n")[0]
            odd = second.replace(b"Content-Length: " + named, b"Content-Length: " + length, 1)
            pages = read(write("crawl.warc", first + odd + third))
            assert addresses(pages) == [PLACES[0], PLACES[2]]
            assert faults(pages)

    def test_bytes_between_records(self, write: Callable[[str, bytes], Path]) -> None:
        records = [warc(page, compressed=False) for page in LONGER]
        pages = read(write("crawl.warc", (b"z" * 200_000 + b"\r\n").join(records)))
        assert addresses(pages) == PLACES
        assert faults(pages) == ["200,002 bytes that are no archive record passed over"] * 2

    def test_no_memory_for_one_record(
        self, write: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(body: Any, most: int) -> bytes:
            part: bytes = body.read(most)
            if b"chunk-of-the-second" in part:
                raise MemoryError
            return part

        monkeypatch.setattr("broadsheet.inputs.warc.taken", refuse)
        second = (LONGER[1][0], b"chunk-of-the-second" + LONG, TYPE)
        pages = read(write("crawl.warc.gz", warc(LONGER[0], second, LONGER[2])))
        assert addresses(pages) == [PLACES[0], PLACES[2]]
        assert [page.fault.reason for page in pages if page.fault] == [Reason.OUT_OF_MEMORY]

    def test_nothing_of_a_record_reaches_the_terminal(
        self, write: Callable[[str, bytes], Path], capfd: pytest.CaptureFixture[str]
    ) -> None:
        steering = ("https://harbour.example/\x1b]0;x\x07 a b", HTML, TYPE)
        read(write("crawl.warc", warc(steering, compressed=False) + b"\x1b[2Jno record"))
        assert capfd.readouterr() == ("", "")


class TestBounds:
    """What a file unpacks to never stands in memory or on disk beyond the limits."""

    def test_one_chunk_without_end(self, write: Callable[[str, bytes], Path]) -> None:
        size = 24 * MEBIBYTE
        chunked = ("https://harbour.example/", b"%x\r\n" % size + bytes(size), TYPE | {"Transfer-Encoding": "chunked"})
        file = write("crawl.warc.gz", warc(chunked, *THREE))
        tracemalloc.start()
        try:
            fault, *rest = read(file, limits=Limits(page_bytes=MEBIBYTE))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert fault.fault is not None
        assert fault.fault.reason is Reason.TOO_LARGE
        assert addresses(rest) == PLACES
        assert peak < 8 * MEBIBYTE

    def test_chunks_without_end(self, write: Callable[[str, bytes], Path]) -> None:
        chunked = ("https://harbour.example/", b"1\r\nx\r\n" * 300_000, TYPE | {"Transfer-Encoding": "chunked"})
        fault, *rest = read(write("crawl.warc.gz", warc(chunked, *THREE)))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.TOO_LARGE
        assert addresses(rest) == PLACES

    @pytest.mark.parametrize("size", [b"3e8", b"0003E8;name=value", b" 3e8 "])
    def test_sizes_of_chunks(self, write: Callable[[str, bytes], Path], size: bytes) -> None:
        body = size + b"\r\n" + b"y" * 1000 + b"\r\n0\r\nTrailer: z\r\n\r\n"
        chunked = ("https://harbour.example/", body, TYPE | {"Transfer-Encoding": "chunked"})
        [page] = read(write("crawl.warc.gz", warc(chunked)))
        assert page.raw.value == b"y" * 1000

    @pytest.mark.parametrize("name", ["crawl.wacz.gz", "crawl.wacz.zst"])
    def test_compressed_zip_is_not_unpacked_beyond_the_limits(
        self, write: Callable[[str, bytes], Path], name: str
    ) -> None:
        pack = gzip.compress if name.endswith("gz") else zstd.compress
        [fault] = read(write(name, pack(b"PK\x03\x04" + bytes(24 * MEBIBYTE))))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.EXPANSION_BOMB

    def test_zip_within_the_limits_is_read_from_gzip(self, write: Callable[[str, bytes], Path]) -> None:
        content = zipped(("archive/a.warc.gz", warc(*THREE)))
        assert addresses(read(write("crawl.wacz.gz", gzip.compress(content)))) == PLACES


class TestBadInput:
    def told(self, file: Path) -> list[str]:
        told: list[str] = []
        pages = list(read_inputs(sources([str(file)]), Limits(), tell=told.append))
        return told + [page.fault.detail for page in pages if page.fault is not None]

    def test_archive_of_requests_only(self, write: Callable[[str, bytes], Path]) -> None:
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=True)
        for _ in range(3):
            writer.write_record(
                writer.create_warc_record("https://harbour.example/", "request", io.BytesIO(b"GET / x"))
            )
        file = write("crawl.warc.gz", out.getvalue())
        assert self.told(file) == [f"{file}: no page among its 3 records (3 request)"]

    def test_archive_in_an_archive(self, write: Callable[[str, bytes], Path]) -> None:
        inner = warc(*THREE)
        outer = zipped(("crawl.wacz", zipped(("archive/a.warc.gz", inner))))
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w:gz") as archive:
            archive.addfile(tarfile.TarInfo("crawl.warc"), io.BytesIO())
        for name, content, says in (
            ("crawl.warc.gz", gzip.compress(inner), "compressed twice: unpack it once"),
            ("crawl.wacz", outer, "a zip file with no WARC under archive/ (it has crawl.wacz)"),
            ("crawl.tar.gz", tar.getvalue(), "a tar archive: unpack it, and give the folder"),
        ):
            assert self.told(write(name, content)) == [says]

    def test_answers_without_a_body_are_no_pages(self, write: Callable[[str, bytes], Path]) -> None:
        moved = warc(("https://harbour.example/old", b"", TYPE), compressed=False).replace(b"200 OK", b"301 Go", 1)
        [page] = read(write("crawl.warc", moved + warc(THREE[0], compressed=False)))
        assert header(page, "url") == PLACES[0]

    def test_empty_page_is_one_in_every_form(self, write: Callable[[str, bytes], Path]) -> None:
        pages = read(
            write("a.warc", warc(("https://harbour.example/", b"", TYPE))),
            write("b.html", b""),
            write("c.txt", b" \n"),
            write("d.ndjson", b'{"url": "https://harbour.example/", "body": ""}'),
        )
        assert [read_page(page.raw, Options()).reason for page in pages] == [NoneReason.EMPTY] * 4
