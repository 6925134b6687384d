"""Files of each form give their pages in order; what is broken gives one fault and never ends the rest."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.errors import Reason
from broadsheet.inputs import Form, Input, read_inputs, sources
from broadsheet.options import Limits

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
