"""Files of each form give their pages in order; what is broken gives one fault and never ends the rest."""

import gzip
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from broadsheet.errors import Reason
from broadsheet.inputs import Form
from broadsheet.options import Limits
from tests.cli.inputs.reading import (
    ENVELOPE,
    HTML,
    THREE,
    faults,
    header,
    read,
    warc,
    zipped,
)


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
        wacz = zipped(("archive/a.warc.gz", warc(*THREE)))
        assert len(read(write("one", warc(*THREE)))) == 3
        assert len(read(write("two", wacz))) == 3

    def test_form_given_wins_over_the_name(self, write: Callable[[str, bytes], Path]) -> None:
        [page] = read(write("page.txt", ENVELOPE), form=Form.NDJSON)
        assert header(page, "content-type") == b"application/json"

    def test_folder_gives_its_pages_sorted(self, write: Callable[[str, bytes], Path], tmp_path: Path) -> None:
        for name in ("b.html", "a.txt", "sub/c.ndjson", "notes.md", "image.png"):
            write(f"pages/{name}", ENVELOPE)
        names = [Path(page.name).name for page in read(tmp_path / "pages")]
        assert names == ["a.txt", "b.html", "notes.md", "c.ndjson:1"]


def test_mirrored_pages_of_odd_names_are_found(write: Callable[[str, bytes], Path], tmp_path: Path) -> None:
    for name in ("index.php?id=3", "story-17", "saved.asp", "print.jsp"):
        write(f"mirror/{name}", b"\n<!-- mirrored -->\n<!DOCTYPE html>" + HTML)
    for name in ("style.css", "picture.png", "data.bin", "words"):
        write(f"mirror/{name}", b"\x00\x01 p { margin: 0 }")
    names = [Path(page.name).name for page in read(tmp_path / "mirror")]
    assert names == ["index.php?id=3", "print.jsp", "saved.asp", "story-17"]


def test_lines_behind_a_damaged_member_are_read(write: Callable[[str, bytes], Path]) -> None:
    lines = [
        b'{"url": "https://harbour.example/%d", "body": "%s"}\n' % (number, b"x" * number) for number in range(900)
    ]
    parts = [gzip.compress(b"".join(lines[at : at + 300])) for at in (0, 300, 600)]
    pages = read(write("pages.jsonl.gz", parts[0] + parts[1][:-300] + parts[2]))
    numbers = [int(orjson.loads(page.raw.value)["url"].rpartition("/")[2]) for page in pages if page.fault is None]
    assert numbers[:300] == list(range(300))
    assert numbers[-299:] == list(range(601, 900))
    assert len(faults(pages)) == 1


def test_comments_without_end_before_a_page_are_passed_once(
    write: Callable[[str, bytes], Path], tmp_path: Path
) -> None:
    write("mirror/story-17", b"<!-- x -->" * 90 + b"<!-- y")
    assert read(tmp_path / "mirror") == []
