"""Which pages a run takes, and how it goes on where another ended."""

import gzip
import json
from pathlib import Path

import pytest

from tests.cli.inputs.reading import LONG, TYPE, warc
from tests.cli.running import broadsheet, error_line

PLACES = [f"https://harbour.example/{section}/{number}" for number, section in enumerate(("news", "sport", "news"))]


def archive(*places: str) -> bytes:
    return b"".join(warc((place, LONG, TYPE)) for place in places)


def outcomes(folder: Path) -> list[str]:
    return [json.loads(line)["page"]["url"] for line in (folder / "outcomes.ndjson").read_bytes().splitlines()]


def extract(folder: Path, *arguments: str, **more: object) -> int:
    run = broadsheet("extract", "--outcomes", "outcomes.ndjson", *arguments, cwd=folder, **more)  # type: ignore[arg-type]
    assert b"Traceback" not in run.stderr
    return run.returncode


class TestFilters:
    @pytest.mark.parametrize(
        ("arguments", "taken"),
        [
            (["--match", "/news/"], [0, 2]),
            (["--type", "text"], []),
            (["--type", "html"], [0, 1, 2]),
            (["--since", "2026-03-01"], [0, 1, 2]),
            (["--since", "2026-03-01T08:00:01"], []),
            (["--until", "2026-03-01"], []),
            (["--until", "2026-03-02", "--match", "sport"], [1]),
        ],
    )
    def test_pages_of_an_archive(self, tmp_path: Path, arguments: list[str], taken: list[int]) -> None:
        (tmp_path / "crawl.warc.gz").write_bytes(archive(*PLACES))
        assert extract(tmp_path, "crawl.warc.gz", *arguments) == 0
        assert outcomes(tmp_path) == [PLACES[number] for number in taken]

    def test_envelopes_are_told_by_their_fields_and_faults_are_never_left_out(self, tmp_path: Path) -> None:
        lines = [
            {"url": PLACES[0], "body": "x", "fetched_at": "2026-03-01T08:00:00Z"},
            {"url": PLACES[1], "body": "x", "fetched_at": "2026-03-03T08:00:00Z"},
            {"url": PLACES[2], "body": "x"},
        ]
        packed = gzip.compress(b"\n".join(json.dumps(line).encode() for line in lines) + b"\n")
        (tmp_path / "pages.jsonl.gz").write_bytes(packed + packed[:-20])
        assert extract(tmp_path, "pages.jsonl.gz", "--since", "2026-03-02") == 3
        assert set(outcomes(tmp_path)) == {PLACES[1], None}

    @pytest.mark.parametrize("arguments", [["--match", "("], ["--since", "March"], ["--type", "image"]])
    def test_wrong_ones_are_one_line(self, tmp_path: Path, arguments: list[str]) -> None:
        (tmp_path / "crawl.warc.gz").write_bytes(archive(*PLACES))
        run = broadsheet("extract", "crawl.warc.gz", *arguments, cwd=tmp_path)
        assert run.returncode == 2
        assert arguments[0] in error_line(run)


class TestState:
    def test_what_is_done_is_not_done_again(self, tmp_path: Path) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES[:2]))
        arguments = ("--state", "run.state", "a.warc.gz")
        assert extract(tmp_path, *arguments) == 0
        assert extract(tmp_path, *arguments) == 0
        assert outcomes(tmp_path) == PLACES[:2]
        (tmp_path / "b.warc.gz").write_bytes(archive(PLACES[2]))
        assert extract(tmp_path, *arguments, "b.warc.gz") == 0
        assert outcomes(tmp_path) == PLACES

    def test_a_run_goes_on_within_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        assert extract(tmp_path, "--state", "run.state", "a.warc.gz") == 0
        kept = json.loads((tmp_path / "run.state").read_text())
        [state] = kept["files"].values()
        assert (state["done"], state["complete"]) == (3, True)
        state.update(done=1, complete=False)
        (tmp_path / "run.state").write_text(json.dumps(kept))
        assert extract(tmp_path, "--state", "run.state", "a.warc.gz") == 0
        assert outcomes(tmp_path) == [*PLACES, *PLACES[1:]]

    def test_a_file_that_changed_is_read_anew(self, tmp_path: Path) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(PLACES[0]))
        assert extract(tmp_path, "--state", "run.state", "a.warc.gz") == 0
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        assert extract(tmp_path, "--state", "run.state", "a.warc.gz") == 0
        assert outcomes(tmp_path) == [PLACES[0], *PLACES]

    @pytest.mark.parametrize("content", ["words", "{}", '{"format": "broadsheet-progress/1", "files": {"a": 1}}'])
    def test_another_file_is_never_overwritten(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(PLACES[0]))
        (tmp_path / "precious.txt").write_text(content)
        run = broadsheet("extract", "--state", "precious.txt", "a.warc.gz", cwd=tmp_path)
        assert run.returncode == 2
        assert "no file of progress" in error_line(run)
        assert (tmp_path / "precious.txt").read_text() == content

    def test_standard_input_cannot_be_gone_on_with(self, tmp_path: Path) -> None:
        run = broadsheet("extract", "--state", "run.state", "-", cwd=tmp_path, given=b"words")
        assert run.returncode == 2
        assert "standard input" in error_line(run)


class TestNothing:
    @pytest.mark.parametrize("command", ["extract", "publish --check"])
    def test_nothing_on_standard_input(self, tmp_path: Path, command: str) -> None:
        run = broadsheet(*command.split(), "-", cwd=tmp_path, given=b"")
        assert run.returncode == 1
        assert b"stdin: nothing in it" in run.stderr + run.stdout

    def test_mapping_that_reads_nothing_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "ours.toml").write_text("[page]\ntext = 'words'\n")
        (tmp_path / "ours.jsonl").write_text('{"other": 1}\n' * 20)
        for command in ("extract", "publish --check"):
            run = broadsheet(*command.split(), "--mapping", "ours.toml", "ours.jsonl", cwd=tmp_path)
            assert run.returncode == 1
            assert "none of the first 20 records is read: ours.jsonl:1: mapping ours: page.text" in error_line(run)


def test_check_shows_how_the_first_pages_would_be_read(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("[page]\nurl = 'link'\nhtml = 'page'\nstatus = 'code'\n")
    records = [{"link": place, "page": LONG.decode(), "code": 200} for place in PLACES]
    lines = [*records, {"link": PLACES[0], "page": ""}, {"link": PLACES[0], "page": "<p>x", "code": "odd"}, records[0]]
    (tmp_path / "ours.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run = broadsheet("publish", "--check", "--mapping", "ours.toml", "ours.jsonl", cwd=tmp_path)
    told = run.stdout.decode()
    assert run.returncode == 1
    assert told.count("ours.jsonl:") == 5
    assert told.count("Tide tables redrawn") == 3
    assert "url: https://harbour.example/news/0" in told
    assert "dead: invalid-envelope: mapping ours: page.html: no text found" in told
    assert "note: left out status: not an HTTP status: 'odd'" in told
    assert "nothing was published" in told
