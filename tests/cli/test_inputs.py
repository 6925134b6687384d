"""Files of each form give their pages in order; what is broken gives one fault and never ends the rest."""

import gzip
import io
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import orjson
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.errors import Reason
from broadsheet.inputs import Form, Input, read_inputs, sources
from broadsheet.options import MEBIBYTE, Limits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HTML = (
    b"<html><head><title>Tide tables redrawn</title></head><body><p>The harbour office redrew them.</p></body></html>"
)
ENVELOPE = b'{"url": "https://harbour.example/tides", "body": "<p>Tides</p>"}'


def read(*files: Path, url: str | None = None, form: Form | None = None, limits: Limits | None = None) -> list[Input]:
    return list(read_inputs(sources([str(file) for file in files], form), limits or Limits(), url))


def header(page: Input, name: str) -> bytes | None:
    return dict(page.raw.headers).get(name)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write_file(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write_file


def warc(*pages: tuple[str, bytes, dict[str, str]], compressed: bool = True) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for url, body, headers in pages:
        http = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
        dated = {"WARC-Date": "2026-03-01T08:00:00Z"}
        writer.write_record(
            writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=http, warc_headers_dict=dated)
        )
        writer.write_record(writer.create_warc_record(url, "request", io.BytesIO(b"GET / HTTP/1.1\r\n\r\n")))
    return out.getvalue()


TYPE = {"Content-Type": "text/html; charset=iso-8859-1"}
THREE = [(f"https://harbour.example/{number}", HTML, TYPE) for number in range(3)]


class TestDocuments:
    def test_text_is_a_dump_of_unknown_origin(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("dump.txt", b"Tide tables redrawn\n\nThe harbour office redrew them."))
        assert header(page, "content-type") == b"text/plain"
        assert header(page, "url") is None
        assert page.raw.key is None

    def test_url_given_becomes_header_and_key(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("page.html", HTML), url="https://harbour.example/tides")
        assert header(page, "url") == page.raw.key == b"https://harbour.example/tides"

    @pytest.mark.parametrize(
        "head",
        [
            b'<link href="https://harbour.example/tides" rel="alternate canonical">',
            b'<meta content="https://harbour.example/tides" property="og:url">',
            b"<!-- saved from url=(0029)https://harbour.example/tides -->",
        ],
    )
    def test_saved_page_names_its_own_address(self, write: Callable[[str, bytes], Path], head: bytes) -> None:
        [page] = read(write("page.html", head + HTML))
        assert header(page, "url") == b"https://harbour.example/tides"

    @pytest.mark.parametrize(
        "head", [b'<link rel="canonical" href="/tides">', b'<base href="https://harbour.example/">', b""]
    )
    def test_nothing_is_guessed_from_less(self, write: Callable[[str, bytes], Path], head: bytes) -> None:
        [page] = read(write("page.html", head + HTML))
        assert header(page, "url") is None

    def test_file_above_the_limit_is_a_fault(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("page.html", b"x" * 101), limits=Limits(page_bytes=100))
        assert page.fault is not None
        assert page.fault.reason is Reason.TOO_LARGE
        assert page.raw.value == b""

    def test_gzipped_page_is_left_to_decoding(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("page.html.gz", gzip.compress(HTML)))
        assert header(page, "content-encoding") == b"gzip"
        assert gzip.decompress(page.raw.value) == HTML

    def test_json_is_one_envelope_over_many_lines(self, write: Callable[[str, bytes], Path]) -> None:
        spread = ENVELOPE.replace(b", ", b",\n  ")
        [page] = read(write("page.json", spread))
        assert page.raw.value == spread
        assert header(page, "content-type") == b"application/json"


class TestLines:
    def test_each_line_in_order_blank_ones_left_out(self, write: Callable[[str, bytes], Path]) -> None:
        file = write("pages.ndjson", b"\xef\xbb\xbf" + ENVELOPE + b"\r\n\n  \n{broken\n" + ENVELOPE)
        pages = read(file)
        assert [page.raw.value for page in pages] == [ENVELOPE, b"{broken", ENVELOPE]
        assert [page.name for page in pages] == [f"{file}:1", f"{file}:4", f"{file}:5"]

    def test_endless_line_is_one_fault_and_the_next_is_read(self, write: Callable[[str, bytes], Path]) -> None:
        file = write("pages.jsonl", b"x" * 3_000_000 + b"\n" + ENVELOPE + b"\n")
        endless, good = read(file, limits=Limits(page_bytes=1000))
        assert endless.fault is not None
        assert endless.fault.reason is Reason.TOO_LARGE
        assert good.raw.value == ENVELOPE

    def test_gzipped_lines(self, write: Callable[[str, bytes], Path]) -> None:
        file = write("pages.jsonl.gz", gzip.compress(ENVELOPE + b"\n") + gzip.compress(ENVELOPE + b"\n"))
        assert len(read(file)) == 2

    def test_gzip_cut_short_keeps_what_was_read(self, write: Callable[[str, bytes], Path]) -> None:
        whole = b"\n".join([b'{"n": %d}' % number for number in range(200_000)])
        pages = read(write("pages.jsonl.gz", gzip.compress(whole)[:-1000]), write("next.ndjson", ENVELOPE))
        *read_before, fault, last = pages
        assert len(read_before) > 100
        assert all(page.fault is None for page in read_before)
        assert fault.fault is not None
        assert fault.fault.reason is Reason.UNDECODABLE
        assert last.raw.value == ENVELOPE


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


PLACES = [f"https://harbour.example/{number}".encode() for number in range(3)]
LONG = HTML.replace(b"<p>", b"<p>" + b"The harbour office said so. " * 40)
LONGER = [(f"https://harbour.example/{number}", LONG, TYPE) for number in range(3)]


def addresses(pages: list[Input]) -> list[bytes | None]:
    return [header(page, "url") for page in pages if page.fault is None]


def faults(pages: list[Input]) -> list[str]:
    return [page.fault.detail for page in pages if page.fault is not None]


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
        content = TestWacz().zipped(("archive/a.warc.gz", warc(*THREE)))
        assert addresses(read(write("crawl.wacz.gz", gzip.compress(content)))) == PLACES


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
    def zipped(self, *entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
        return out.getvalue()

    def test_pages_of_all_archives(self, write: Callable[[str, bytes], Path]) -> None:
        content = self.zipped(
            ("archive/b.warc.gz", warc(THREE[2])),
            ("archive/a.warc", warc(*THREE[:2], compressed=False)),
            ("pages/pages.jsonl", b"{}"),
        )
        pages = read(write("crawl.wacz", content))
        assert [header(page, "url") for page in pages] == [f"https://harbour.example/{n}".encode() for n in range(3)]

    def test_broken_entry_does_not_end_the_rest(self, write: Callable[[str, bytes], Path]) -> None:
        content = bytearray(self.zipped(("archive/a.warc.gz", warc(THREE[0])), ("archive/b.warc.gz", warc(THREE[1]))))
        content[60] ^= 0xFF
        pages = read(write("crawl.wacz", bytes(content)))
        assert pages[0].fault is not None
        assert header(pages[-1], "url") == b"https://harbour.example/1"

    def test_bomb_is_refused_unread(self, write: Callable[[str, bytes], Path]) -> None:
        bomb = self.zipped(("archive/a.warc", b"\x00" * 10_000_000), method=zipfile.ZIP_DEFLATED)
        [fault] = read(write("crawl.wacz", bomb))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.EXPANSION_BOMB

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"words"])
    def test_no_zip_is_a_fault(self, write: Callable[[str, bytes], Path], content: bytes) -> None:
        [fault] = read(write("crawl.wacz", content))
        assert fault.fault is not None
        assert fault.fault.reason is Reason.UNDECODABLE


class TestForms:
    @pytest.mark.parametrize(
        ("content", "mime"),
        [
            (ENVELOPE, b"application/json"),
            (b"\n <!doctype html><p>Tides", b"text/html"),
            (b"Tide tables redrawn", b"text/plain"),
            (b"", b"text/plain"),
            (b"\x00\xff\x80", b"text/plain"),
        ],
    )
    def test_file_of_no_known_name_is_told_by_its_start(
        self, write: Callable[[str, bytes], Path], content: bytes, mime: bytes
    ) -> None:
        [page] = read(write("download", content))
        assert header(page, "content-type") == mime

    def test_archives_are_told_by_their_start(self, write: Callable[[str, bytes], Path]) -> None:
        wacz = TestWacz().zipped(("archive/a.warc.gz", warc(*THREE)))
        assert len(read(write("one", warc(*THREE)))) == 3
        assert len(read(write("two", wacz))) == 3

    def test_form_given_wins_over_the_name(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("page.txt", ENVELOPE), form=Form.NDJSON)
        assert header(page, "content-type") == b"application/json"

    def test_folder_gives_its_pages_sorted(self, write: Callable[[str, bytes], Path], tmp_path: Path) -> None:
        for name in ("b.html", "a.txt", "sub/c.ndjson", "notes.md", "image.png"):
            write(f"pages/{name}", ENVELOPE)
        names = [Path(page.name).name for page in read(tmp_path / "pages")]
        assert names == ["a.txt", "b.html", "c.ndjson:1"]
