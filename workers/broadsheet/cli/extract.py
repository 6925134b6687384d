"""`broadsheet extract`: pages in, articles out, without Kafka."""

import asyncio
import sys
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import IO, Any

import click
import orjson
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from broadsheet.cli import load_settings
from broadsheet.cli.bars import bar
from broadsheet.cli.files import Choice, bytes_of, choice, file_options
from broadsheet.inputs import MappingError, Meter, Source

EX_DEAD = 3
"""Some page could not be read; the others were."""
EX_NOTHING = 1
"""There was no page at all in what was given."""
_NONE_LINES = 10
"""So many pages without an article are told one by one; of large sets the count at the end says enough."""


@click.command()
@file_options
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), help="Pages worked on at once (default: setting worker.children)."
)
@click.option(
    "--outcomes",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File for what became of each page: one JSON line an input, in order.",
)
@click.option("--explain", is_flag=True, help="Tell on stderr what became of each block of the page, and why.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File for the same as one page for a browser, with nothing loaded from elsewhere.",
)
@click.option("--pretty", is_flag=True, help="Articles as indented JSON over many lines.")
@click.option("-q", "--quiet", is_flag=True, help="No line on stderr for pages that gave no article.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    jobs: int | None,
    outcomes: Path | None,
    explain: bool,
    html: Path | None,
    pretty: bool,
    quiet: bool,
    **chosen: Any,
) -> int:
    """Read pages and print their articles as NDJSON; no Kafka needed.

    FILES are pages (.html, .mhtml, .txt, .md), JSON and NDJSON envelopes or what other tools write (.json, .jsonl),
    tables (.csv), web archives (.warc, .arc, .wacz), each also with .gz or .zst, folders of them, or - for standard
    input. Articles come in the order of their pages, as soon as each is done.

    \b
      broadsheet extract page.html | jq -r .headline
      broadsheet extract --explain dump.txt >/dev/null
      broadsheet extract --html told.html page.html >/dev/null
      broadsheet extract --url https://news.example/tides page.html
      scraper | broadsheet extract - --outcomes outcomes.ndjson > articles.ndjson
      broadsheet extract --jobs 8 crawl.warc.gz | head -1

    A page that cannot be read ends as dead, with a line on stderr; the rest goes on. With --state a later run goes on
    where this one ended, and adds to the outcomes. Exit code: 0 when every page was read (even if it held no article),
    3 when some were dead, 1 when there was no page at all, 2 for wrong arguments.
    """
    settings = load_settings(ctx)
    files = choice(**chosen)
    for option, file in (("outcomes", outcomes), ("html", html)):
        _check_outputs(files.files, option, file)
    report = _Report(jobs, outcomes, explain, html, pretty, quiet, added=chosen["state"] is not None)
    try:
        return asyncio.run(_extract(settings, files, report))
    except MappingError as error:
        raise click.ClickException(f"mapping: {error}") from None


def _check_outputs(sources: list[Source], option: str, file: Path | None) -> None:
    """Raises UsageError where there is no output, or it would overwrite what is to be read."""
    if sys.stdout is None:
        raise click.UsageError("standard output is closed")
    if file is not None and file.exists():
        for source in sources:
            if source.path is not None and source.path.samefile(file):
                raise click.UsageError(f"--{option}: {file} is to be read; it would be overwritten")


class _Report:
    """Where results go: articles to stdout, outcomes and the page for a browser to files, words to stderr."""

    def __init__(
        self,
        jobs: int | None,
        outcomes: Path | None,
        explain: bool,
        html: Path | None,
        pretty: bool,
        quiet: bool,
        *,
        added: bool,
    ) -> None:
        self._mode = "ab" if added else "wb"
        self.jobs, self.explain, self.accounts = jobs, explain, explain or html is not None
        self._outcomes, self._html, self._pretty, self._quiet = outcomes, html, pretty, quiet
        self._console = Console(stderr=True, emoji=False)
        self._files = ExitStack()
        self._outcome_file: IO[bytes] | None = None
        self._html_file: IO[bytes] | None = None
        self.pages = self.articles = self.dead = self.none = 0

    def __enter__(self) -> "_Report":
        self._outcome_file = self._opened("outcomes", self._outcomes)
        self._html_file = self._opened("html", self._html)
        self._show("opening")
        return self

    def __exit__(self, *_: object) -> None:
        self._show("closing")
        self._files.close()

    def _opened(self, option: str, path: Path | None) -> IO[bytes] | None:
        """Raises UsageError where the file cannot be written."""
        if path is None:
            return None
        try:
            return self._files.enter_context(path.open(self._mode))
        except OSError as error:
            raise click.UsageError(f"--{option}: {path}: {error.strerror}") from None

    def _show(self, part: str, *given: Any) -> None:
        """Write the next part of the page for a browser, where one is wanted."""
        if self._html_file is not None:
            from broadsheet.cli import showing

            self._html_file.write(getattr(showing, part)(*given).encode("utf-8", "replace"))
            self._html_file.flush()

    def add(self, reading: Any) -> None:
        """One input's outcome and articles; both are out before the next is looked at."""
        self.pages += 1
        self.articles += len(reading.articles)
        self.dead += reading.dead is not None
        self.none += reading.dead is None and not reading.articles
        if self._outcome_file is not None:
            self._outcome_file.write(reading.outcome + b"\n")
            self._outcome_file.flush()
        out = click.get_binary_stream("stdout")
        for article in reading.articles:
            out.write((_indented(article) if self._pretty else article) + b"\n")
        out.flush()
        self._show("section", reading)
        self._tell(reading)

    def _tell(self, reading: Any) -> None:
        from broadsheet.cli.explaining import explain

        if self.explain:
            explain(self._console, reading)
        elif reading.dead is not None:
            self._say(f"{reading.name}: dead: {reading.dead.reason.value}: {reading.dead.detail}", "red")
        elif not reading.articles and not self._quiet and self.none <= _NONE_LINES:
            self._say(f"{reading.name}: no article: {orjson.loads(reading.outcome)['reason']}", "yellow")

    def _say(self, line: str, style: str) -> None:
        from broadsheet.cli.terminal import printable

        self._console.print(Text(printable(line), style), soft_wrap=True)

    def end(self) -> None:
        """A last line where something was wrong, or where there was nothing at all."""
        if self._quiet:
            return
        if (self.dead and self.pages > 1) or self.none > _NONE_LINES:
            told = f"{self.articles} articles, {self.none} without any, {self.dead} dead"
            self._say(f"{self.pages} pages: {told}", "bold")
        elif not self.pages:
            self._say("no pages in what was given", "yellow")

    def note(self, line: str) -> None:
        """A file in which there was no page."""
        if not self._quiet:
            self._say(line, "yellow")

    def bar(self) -> Progress:
        """A bar on the console that the lines go to; none where it would stand among the articles."""
        return bar(self._console, hidden=self._quiet or self.explain or sys.stdout.isatty())


async def _extract(settings: Any, files: Choice, report: _Report) -> int:
    from broadsheet.cli.reading import read_all
    from broadsheet.runtime.children.pool import PoolError

    meter = Meter()
    pages = files.pages(settings.options().limits, meter, report.note)
    jobs = report.jobs or settings.worker.children
    with report, report.bar() as progress:
        task = progress.add_task("extract", total=bytes_of(files.files), pages=0)
        try:
            async with aclosing(read_all(pages, settings, jobs, report.accounts)) as read:
                async for reading in read:
                    report.add(reading)
                    files.progress.finish(reading.page)
                    progress.update(task, completed=meter.bytes_read, pages=report.pages)
        except PoolError as error:
            raise click.ClickException(str(error)) from None
        finally:
            files.progress.save()
    report.end()
    if files.is_empty(report.pages):
        return EX_NOTHING
    return EX_DEAD if report.dead else 0


def _indented(record: bytes) -> bytes:
    return orjson.dumps(orjson.loads(record), option=orjson.OPT_INDENT_2)
