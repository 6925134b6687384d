"""`broadsheet extract` as a process: order, outcomes, broken lines, streams that end early."""

import json
import os
import select
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, broadsheet, environment, error_line, inside

PARAGRAPHS = (
    "The harbour office has redrawn its tide tables after three winters in which the printed times were wrong.",
    "Captains had complained since the spring that the ferry pier was reached by water earlier than the tables said.",
    "The new tables will be posted on Monday at the fish hall, the library and the pier itself, the office said.",
)
BROKEN = ['{"url": ', "no json", "[]", '{"url": "ftp://harbour.example/", "body": "x"}']


def envelope(headline: str, number: int = 0) -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{paragraphs}</article>"
    return json.dumps({"url": f"https://harbour.example/{number}", "body": body})


def headlines(stdout: bytes) -> list[str]:
    return [json.loads(line)["headline"] for line in stdout.splitlines()]


class TestOutput:
    def test_articles_keep_the_order_of_their_pages(self, tmp_path: Path) -> None:
        wanted = [f"Tide tables redrawn, part {number}" for number in range(30)]
        lines = "\n".join(envelope(headline, number) for number, headline in enumerate(wanted))
        run = broadsheet("extract", "--jobs", "3", "-", cwd=tmp_path, given=lines.encode())
        assert run.returncode == 0, run.stderr
        assert headlines(run.stdout) == wanted
        assert run.stderr == b""

    def test_each_broken_line_is_one_dead_outcome_and_the_rest_goes_on(self, tmp_path: Path) -> None:
        lines = [envelope("Pier closed", 1), *BROKEN, envelope("Pier opened", 2)]
        (tmp_path / "pages.ndjson").write_text("\n".join(lines))
        run = broadsheet("extract", "pages.ndjson", "--outcomes", "outcomes.ndjson", cwd=tmp_path)
        assert run.returncode == 3
        assert headlines(run.stdout) == ["Pier closed", "Pier opened"]
        outcomes = [json.loads(line) for line in (tmp_path / "outcomes.ndjson").read_bytes().splitlines()]
        assert [outcome["result"] for outcome in outcomes] == ["articles", *["dead"] * len(BROKEN), "articles"]
        assert {outcome["reason"] for outcome in outcomes if outcome["result"] == "dead"} == {"invalid-envelope"}
        told = run.stderr.decode()
        assert all(f"pages.ndjson:{number}: dead: invalid-envelope" in told for number in range(2, 6))
        assert "Traceback" not in told

    def test_pages_of_several_files_and_a_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "pages"
        folder.mkdir()
        (folder / "a.ndjson").write_text(envelope("Pier closed"))
        (folder / "b.html").write_text(json.loads(envelope("Pier opened"))["body"])
        (tmp_path / "c.txt").write_text("\n\n".join(("Pier painted", *PARAGRAPHS)))
        run = broadsheet("extract", folder, "c.txt", cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        assert headlines(run.stdout) == ["Pier closed", "Pier opened", "Pier painted"]

    def test_pretty_is_one_article_over_many_lines(self, tmp_path: Path) -> None:
        run = broadsheet("extract", "--pretty", "-", cwd=tmp_path, given=envelope("Pier closed").encode())
        assert run.stdout.count(b"\n") > 30
        assert json.loads(run.stdout)["headline"] == "Pier closed"

    def test_url_given_stands_in_the_record(self, tmp_path: Path) -> None:
        (tmp_path / "page.html").write_text(json.loads(envelope("Pier closed"))["body"])
        run = broadsheet("extract", "--url", "https://harbour.example/pier", "page.html", cwd=tmp_path)
        assert json.loads(run.stdout)["page"]["url"] == "https://harbour.example/pier"

    def test_page_without_an_article_is_no_failure_and_is_told(self, tmp_path: Path) -> None:
        run = broadsheet("extract", "-", cwd=tmp_path, given=b'{"url": "https://harbour.example/", "body": ""}')
        assert (run.returncode, run.stdout) == (0, b"")
        assert run.stderr == b"stdin:1: no article: empty\n"

    def test_page_that_takes_too_long_is_dead_and_the_rest_goes_on(self, tmp_path: Path) -> None:
        # The deadline is looked at a few times a second: the page has to work on for longer, the short one may end.
        dump = "\n".join(
            f"By Anna Berg {number} and {paragraph}" for number in range(8_000) for paragraph in PARAGRAPHS
        )
        slow = json.dumps({"url": "https://harbour.example/slow", "body": dump, "content_type": "text/plain"})
        lines = "\n".join((slow, envelope("Pier closed", 1)))
        asked = ("extract", "-", "--outcomes", "outcomes.ndjson")
        run = broadsheet(*asked, cwd=tmp_path, given=lines.encode(), BROADSHEET_WORKER__PAGE_TIMEOUT="0.0001")
        assert run.returncode == 3
        assert run.stderr.decode().startswith("stdin:1: dead: timeout")
        outcomes = [json.loads(line) for line in (tmp_path / "outcomes.ndjson").read_bytes().splitlines()]
        assert (outcomes[0]["result"], outcomes[0]["reason"]) == ("dead", "timeout")
        assert len(outcomes) == 2


class TestExplain:
    def test_what_was_dropped_is_named_with_its_reason(self, tmp_path: Path) -> None:
        dump = "\n\n".join(("Pier closed", "TT", "Pier closed", *PARAGRAPHS))
        (tmp_path / "dump.txt").write_text(dump)
        run = broadsheet("extract", "--explain", "dump.txt", cwd=tmp_path)
        told = run.stderr.decode()
        assert "article 1 of 1: Pier closed" in told
        assert "3 blocks kept" in told
        assert "repeated-headline" in told
        assert PARAGRAPHS[0][:60] in told
        assert headlines(run.stdout) == ["Pier closed"]

    def test_a_live_blog_is_one_article_or_one_an_entry_by_setting(self, tmp_path: Path) -> None:
        times = zip(("14:10", "12:40", "11:05"), PARAGRAPHS, strict=True)
        entries = "".join(f"<div><h2>{time} News</h2><p>{text}</p></div>" for time, text in times)
        stated = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'
        (tmp_path / "live.html").write_text(
            f"<html><head>{stated}</head><body><h1>Tides live</h1>{entries}</body></html>"
        )
        assert len(broadsheet("extract", "live.html", cwd=tmp_path).stdout.splitlines()) == 1
        each = broadsheet("extract", "live.html", cwd=tmp_path, BROADSHEET_LIVE_BLOG="each")
        assert headlines(each.stdout) == ["14:10 News", "12:40 News", "11:05 News"]

    def test_scraped_text_does_not_steer_the_terminal(self, tmp_path: Path) -> None:
        (tmp_path / "dump.txt").write_text("\n\n".join(("Pier \x1b]0;closed", *PARAGRAPHS)))
        run = broadsheet("extract", "--explain", "dump.txt", cwd=tmp_path)
        assert b"\x1b" not in run.stderr + run.stdout


class TestEndings:
    def test_reader_that_goes_away_ends_it_quietly(self, tmp_path: Path) -> None:
        (tmp_path / "pages.ndjson").write_text("\n".join(envelope("Pier closed", n) for n in range(300)))
        with subprocess.Popen(
            [*COMMAND, "extract", "pages.ndjson"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        ) as run:
            assert run.stdout is not None
            assert run.stderr is not None
            assert headlines(run.stdout.readline()) == ["Pier closed"]
            run.stdout.close()
            assert run.wait(60) == 0
            assert run.stderr.read() == b""

    def test_article_is_out_before_the_next_page_is_given(self, tmp_path: Path) -> None:
        with self.waiting(tmp_path) as run:
            assert run.stdin is not None
            run.stdin.close()
            assert run.wait(60) == 0

    def test_ctrl_c_ends_it_at_once_without_a_word(self, tmp_path: Path) -> None:
        with self.waiting(tmp_path) as run:
            assert run.stderr is not None
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 130
            assert b"Traceback" not in run.stderr.read()

    def waiting(self, folder: Path) -> "subprocess.Popen[bytes]":
        """A run that has printed its first page's article and waits for the second page."""
        run = subprocess.Popen(
            [*COMMAND, "extract", "-"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write(envelope("Pier closed").encode() + b"\n")
        run.stdin.flush()
        ready, _, _ = select.select([run.stdout], [], [], 60)
        assert ready, "no article within the minute"
        assert headlines(run.stdout.readline()) == ["Pier closed"]
        return run


class TestWrongArguments:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["nowhere.html"], "nowhere.html"),
            (["."], "no page files"),
            (["--url", "https://harbour.example/", "a.txt", "b.txt"], "--url"),
            (["--url", "harbour.example", "a.txt"], "--url: not an absolute"),
            (["--outcomes", "nowhere/o.ndjson", "a.txt"], "--outcomes"),
            (["--outcomes", "a.txt", "a.txt"], "it would be overwritten"),
            (["--jobs", "0", "a.txt"], "--jobs"),
            (["--form", "pdf", "a.txt"], "--form"),
        ],
    )
    def test_are_one_plain_line_and_code_2(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        if arguments != ["."]:
            (tmp_path / "a.txt").write_text("words")
            (tmp_path / "b.txt").write_text("words")
        run = inside("extract", *arguments)
        assert run.returncode == 2
        assert says in error_line(run)
        assert run.stdout == b""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
    def test_full_disk_is_one_line(self, tmp_path: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            run = subprocess.run(
                [*COMMAND, "extract", "-"],
                cwd=tmp_path,
                input=envelope("Pier closed").encode(),
                stdout=full,
                stderr=subprocess.PIPE,
                env=environment(),
                check=False,
            )
        assert run.returncode == 74
        assert error_line(run) == "Error: No space left on device"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
    def test_file_without_the_right_to_read_it(self, tmp_path: Path) -> None:
        (tmp_path / "page.html").touch(mode=0o000)
        assert "page.html" in error_line(broadsheet("extract", "page.html", cwd=tmp_path))
