"""Which pages a run takes, and how it goes on where another ended."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from broadsheet.cli.choosing import Wanted
from broadsheet.cli.resuming import Progress
from broadsheet.inputs import Input, read_inputs, sources
from broadsheet.options import Limits
from tests.cli.inputs.reading import LONG, TYPE, warc
from tests.cli.running import broadsheet, error_line, inside

PLACES = [f"https://harbour.example/{section}/{number}" for number, section in enumerate(("news", "sport", "news"))]


def archive(*places: str) -> bytes:
    return b"".join(warc((place, LONG, TYPE)) for place in places)


def moment(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def urls(pages: Iterator[Input]) -> list[str]:
    return [(page.raw.key or b"").decode() for page in pages]


class TestFilters:
    @pytest.mark.parametrize(
        ("wanted", "taken"),
        [
            (Wanted(), [0, 1, 2]),
            (Wanted(match=re.compile("/news/")), [0, 2]),
            (Wanted(type="text"), []),
            (Wanted(type="html"), [0, 1, 2]),
            (Wanted(since=moment(1)), [0, 1, 2]),
            (Wanted(since=moment(1, 9)), []),
            (Wanted(until=moment(1)), []),
            (Wanted(until=moment(2), match=re.compile("sport")), [1]),
        ],
    )
    def test_pages_of_an_archive(self, tmp_path: Path, wanted: Wanted, taken: list[int]) -> None:
        file = tmp_path / "crawl.warc.gz"
        file.write_bytes(archive(*PLACES))
        found = filter(wanted.takes, read_inputs(sources([str(file)]), Limits()))
        assert urls(found) == [PLACES[number] for number in taken]

    def test_envelopes_are_told_by_their_fields_and_faults_are_never_left_out(self, tmp_path: Path) -> None:
        lines = [
            {"url": PLACES[0], "body": "x", "fetched_at": "2026-03-01T08:00:00Z"},
            {"url": PLACES[1], "body": "x", "fetched_at": "2026-03-03T08:00:00Z"},
            {"url": PLACES[2], "body": "x"},
        ]
        packed = gzip.compress(b"\n".join(json.dumps(line).encode() for line in lines) + b"\n")
        file = tmp_path / "pages.jsonl.gz"
        file.write_bytes(packed + packed[:-20])
        found = list(filter(Wanted(since=moment(2)).takes, read_inputs(sources([str(file)]), Limits())))
        assert [json.loads(page.raw.value)["url"] for page in found if page.fault is None] == [PLACES[1]]
        assert sum(page.fault is not None for page in found) == 1

    @pytest.mark.parametrize("arguments", [["--match", "("], ["--since", "March"], ["--type", "image"]])
    def test_wrong_ones_are_one_line(self, tmp_path: Path, arguments: list[str]) -> None:
        (tmp_path / "crawl.warc.gz").write_bytes(archive(*PLACES))
        run = inside("extract", str(tmp_path / "crawl.warc.gz"), *arguments)
        assert run.returncode == 2
        assert arguments[0] in error_line(run)


class TestState:
    @pytest.fixture
    def run(self, tmp_path: Path) -> Callable[..., list[str]]:
        """Reads files with a state; `until` pages are done, the next is on its way when the run ends."""

        def read(*names: str, until: int = 99, wanted: Wanted | None = None) -> list[str]:
            files = list(sources([str(tmp_path / name) for name in names]))
            progress = Progress(tmp_path / "run.state", files)
            taken: list[Input] = []
            for page in progress.chosen(read_inputs(progress.left(files), Limits()), wanted or Wanted()):
                if len(taken) == until:
                    break
                taken.append(page)
                progress.finish(page)
            progress.save()
            return urls(iter(taken))

        return read

    def test_what_is_done_is_not_done_again(self, tmp_path: Path, run: Callable[..., list[str]]) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES[:2]))
        assert run("a.warc.gz") == PLACES[:2]
        assert run("a.warc.gz") == []
        (tmp_path / "b.warc.gz").write_bytes(archive(PLACES[2]))
        assert run("a.warc.gz", "b.warc.gz") == [PLACES[2]]

    def test_a_run_goes_on_within_a_file_with_the_page_that_was_on_its_way(
        self, tmp_path: Path, run: Callable[..., list[str]]
    ) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        assert run("a.warc.gz", until=1) == PLACES[:1]
        assert run("a.warc.gz") == PLACES[1:]

    def test_pages_that_are_not_wanted_are_done(self, tmp_path: Path, run: Callable[..., list[str]]) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        assert run("a.warc.gz", wanted=Wanted(match=re.compile("sport"))) == [PLACES[1]]
        assert run("a.warc.gz") == []

    def test_only_what_is_done_with_all_before_it_counts(self, tmp_path: Path) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        files = list(sources([str(tmp_path / "a.warc.gz")]))
        progress = Progress(tmp_path / "run.state", files)
        first, second, third = progress.chosen(read_inputs(files, Limits()), Wanted())
        for page, done, complete in ((third, 0, False), (first, 1, False), (second, 3, True)):
            progress.finish(page)
            progress.save()
            [kept] = json.loads((tmp_path / "run.state").read_text())["files"].values() or [{"done": 0}]
            assert (kept["done"], kept.get("complete", False)) == (done, complete)

    def test_a_file_that_changed_is_read_anew(self, tmp_path: Path, run: Callable[..., list[str]]) -> None:
        (tmp_path / "a.warc.gz").write_bytes(archive(PLACES[0]))
        assert run("a.warc.gz") == PLACES[:1]
        (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES))
        assert run("a.warc.gz") == PLACES

    @pytest.mark.parametrize("content", ["words", "{}", '{"format": "broadsheet-progress/1", "files": {"a": 1}}'])
    def test_another_file_is_never_overwritten(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "precious.txt"
        file.write_text(content)
        with pytest.raises(click.UsageError, match="no file of progress"):
            Progress(file, [])
        assert file.read_text() == content

    def test_standard_input_cannot_be_gone_on_with(self, tmp_path: Path) -> None:
        with pytest.raises(click.UsageError, match="not with standard input"):
            Progress(tmp_path / "run.state", list(sources(["-"])))


def test_extract_goes_on_and_adds_to_its_outcomes(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(archive(*PLACES[:2]))
    (tmp_path / "b.warc.gz").write_bytes(archive(PLACES[2]))
    arguments: tuple[str, ...] = ("extract", "--state", "run.state", "--outcomes", "outcomes.ndjson", "a.warc.gz")
    for files in ((), ("b.warc.gz",)):
        assert broadsheet(*arguments, *files, cwd=tmp_path).returncode == 0
    outcomes: list[Any] = [json.loads(line) for line in (tmp_path / "outcomes.ndjson").read_bytes().splitlines()]
    assert [outcome["page"]["url"] for outcome in outcomes] == PLACES


class TestNothing:
    @pytest.mark.parametrize("command", ["extract", "publish --check"])
    def test_nothing_on_standard_input(self, tmp_path: Path, command: str) -> None:
        run = broadsheet(*command.split(), "-", cwd=tmp_path, given=b"")
        assert run.returncode == 1
        assert b"stdin: nothing in it" in run.stderr + run.stdout

    def test_mapping_that_reads_nothing_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "ours.toml").write_text("[page]\ntext = 'words'\n")
        (tmp_path / "ours.jsonl").write_text('{"other": 1}\n' * 20)
        run = broadsheet("extract", "--mapping", "ours.toml", "ours.jsonl", cwd=tmp_path)
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
