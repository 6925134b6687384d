"""`broadsheet publish`: pages from files onto the raw topic."""

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from itertools import islice
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from broadsheet.cli import load_settings
from broadsheet.cli.ahead import read_ahead
from broadsheet.cli.bars import bar
from broadsheet.cli.files import Choice, bytes_of, choice, file_options
from broadsheet.cli.reaching import reached
from broadsheet.cli.terminal import printable
from broadsheet.inputs import Input, MappingError, Meter

EX_REFUSED = 1
"""Some page was not published; each has had its line."""
_CHECKED = 5
"""Pages that `--check` shows."""


@click.command()
@file_options
@click.option("--topic", metavar="NAME", help="Another topic than the settings' topics.pages.")
@click.option("--check", is_flag=True, help=f"Publish nothing: show how the first {_CHECKED} pages would be read.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary; refusals are still told.")
@click.pass_context
def command(ctx: click.Context, /, *, topic: str | None, check: bool, quiet: bool, **chosen: Any) -> int:
    """Publish pages onto the raw topic, keyed by their URL.

    FILES are pages (.html, .mhtml, .txt, .md), JSON and NDJSON envelopes or what other tools write (.json, .jsonl),
    tables (.csv), web archives (.warc, .arc, .wacz), each also with .gz or .zst, folders of them, or - for standard
    input. Lines go as they are; what is wrong with a page, the worker's outcome tells.

    \b
      broadsheet publish crawl.warc.gz
      broadsheet publish --state crawl.state --match /news/ --since 2026-03-01 crawls/
      broadsheet publish --url https://news.example/tides page.html
      broadsheet publish --check --mapping ours.toml ours.jsonl
      scraper | broadsheet publish -
      broadsheet --bootstrap-servers kafka:9092 publish pages/

    Every page is confirmed by the broker before it is counted. Exit code: 0 when all were, 1 when one was not, or when
    there was none.
    """
    settings = load_settings(ctx)
    files = choice(**chosen)
    try:
        if check:
            return asyncio.run(_check(settings, files))
        return asyncio.run(_publish(reached(settings), files, topic or settings.topics.pages, quiet))
    except MappingError as error:
        raise click.ClickException(f"mapping: {error}") from None


async def _publish(settings: Any, files: Choice, topic: str, quiet: bool) -> int:
    from broadsheet.cli.sending import PageSender, SendError
    from broadsheet.runtime.kafka.connection import ConnectionSettingsError

    console = Console(stderr=True)
    meter = Meter()

    def refuse(page: Input, why: str) -> None:
        _say(console, f"{page.name}: not published: {why}")
        files.progress.finish(page)

    sender = PageSender(settings.kafka, topic, refuse, lambda page, _: files.progress.finish(page))
    started = time.monotonic()
    try:
        async with sender:
            with bar(console, hidden=quiet) as progress:
                task = progress.add_task(topic, total=bytes_of(files.files), pages=0)
                pages = files.pages(settings.options().limits, meter, lambda line: _say(console, line))
                async for page in read_ahead(pages):
                    await sender.send(_named(page))
                    progress.update(task, completed=meter.bytes_read, pages=sender.sent.pages)
    except (SendError, ConnectionSettingsError) as error:
        raise click.ClickException(f"{error}; {sender.sent.pages} pages published") from None
    except asyncio.CancelledError:
        click.echo(f"stopped: {sender.sent.pages} pages published to {topic}", err=True)
        raise
    finally:
        files.progress.save()
    if not quiet:
        click.echo(_summary(sender.sent, files.progress.passed_over, topic, time.monotonic() - started), err=True)
    return EX_REFUSED if sender.sent.refused or files.is_empty(sender.sent.pages) else 0


def _named(page: Input) -> Input:
    """The page with its file's name as its own, where it has none: a dead letter without URL can be traced by it."""
    headers = dict(page.raw.headers)
    if headers.get("content-type") == b"application/json" or "page-id" in headers or page.fault is not None:
        return page
    named = (*page.raw.headers, ("page-id", page.name.encode("utf-8", "replace")))
    return replace(page, raw=replace(page.raw, headers=named))


async def _check(settings: Any, files: Choice) -> int:
    """Shows the first pages as a worker would read them. Nothing is sent, and no broker is asked."""
    from broadsheet.cli.checking import shown
    from broadsheet.cli.reading import read_all

    console = Console(emoji=False, highlight=False)
    pages = islice(files.pages(settings.options().limits, Meter(), lambda line: _say(console, line)), _CHECKED)
    read = dead = 0
    async with aclosing(read_all(pages, settings, 1, True)) as readings:
        async for reading in readings:
            read, dead = read + 1, dead + (reading.dead is not None)
            for line in shown(reading):
                console.print(line, soft_wrap=True)
    told = f", {dead} of them cannot be read" if dead else ""
    console.print(Text(f"{read} pages looked at{told}; nothing was published", "bold"))
    return EX_REFUSED if dead or not read else 0


def _say(console: Console, line: str) -> None:
    console.print(Text(printable(line), "red"), soft_wrap=True)


def _summary(sent: Any, passed_over: int, topic: str, seconds: float) -> str:
    told = f"{sent.pages} pages published to {topic} ({sent.size / 1e6:.1f} MB in {seconds:.1f} s)"
    if passed_over:
        told += f"; {passed_over} not wanted"
    return f"{told}; {sent.refused} not published" if sent.refused else told
