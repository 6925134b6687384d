"""`broadsheet publish`: pages from files onto the raw topic."""

import asyncio
import time
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from broadsheet.cli import load_settings
from broadsheet.cli.ahead import read_ahead
from broadsheet.cli.files import bytes_of, chosen_files, file_options
from broadsheet.cli.reaching import reached
from broadsheet.cli.terminal import printable
from broadsheet.inputs import Meter, Source, read_inputs

EX_REFUSED = 1
"""Some page was not published; each has had its line."""


@click.command()
@file_options
@click.option("--topic", metavar="NAME", help="Another topic than the settings' topics.pages.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary; refusals are still told.")
@click.pass_context
def command(
    ctx: click.Context, *, files: tuple[str, ...], url: str | None, form: str | None, topic: str | None, quiet: bool
) -> int:
    """Publish pages onto the raw topic, keyed by their URL.

    FILES are .html, .txt, .json, NDJSON envelopes (.ndjson, .jsonl), .warc[.gz], .wacz, folders of them, or - for
    standard input. Lines go as they are; what is wrong with a page, the worker's outcome tells.

    \b
      broadsheet publish crawl.warc.gz
      broadsheet publish --url https://news.example/tides page.html
      scraper | broadsheet publish -
      broadsheet --bootstrap-servers kafka:9092 publish pages/

    Every page is confirmed by the broker before it is counted. Exit code: 0 when all were, 1 when one was not.
    """
    settings = reached(load_settings(ctx))
    chosen = chosen_files(files, form, url)
    return asyncio.run(_publish(settings, chosen, url, topic or settings.topics.pages, quiet))


async def _publish(settings: Any, files: list[Source], url: str | None, topic: str, quiet: bool) -> int:
    from broadsheet.cli.sending import PageSender, SendError
    from broadsheet.runtime.connection import ConnectionSettingsError

    console = Console(stderr=True)
    meter = Meter()
    sender = PageSender(settings.kafka, topic, lambda name, why: _refuse(console, name, why))
    started = time.monotonic()
    try:
        async with sender:
            with _progress(console, quiet) as progress:
                task = progress.add_task(topic, total=bytes_of(files), pages=0)
                async for page in read_ahead(read_inputs(files, settings.options().limits, url, meter)):
                    await sender.send(page)
                    progress.update(task, completed=meter.bytes_read, pages=sender.sent.pages)
    except (SendError, ConnectionSettingsError) as error:
        raise click.ClickException(f"{error}; {sender.sent.pages} pages published") from None
    except asyncio.CancelledError:
        click.echo(f"stopped: {sender.sent.pages} pages published to {topic}", err=True)
        raise
    if not quiet:
        click.echo(
            _summary(sender.sent.pages, sender.sent.size, sender.sent.refused, topic, time.monotonic() - started),
            err=True,
        )
    return EX_REFUSED if sender.sent.refused else 0


def _refuse(console: Console, name: str, why: str) -> None:
    console.print(Text(printable(f"{name}: not published: {why}"), "red"), soft_wrap=True)


def _progress(console: Console, quiet: bool) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[pages]} pages"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )


def _summary(pages: int, size: int, refused: int, topic: str, seconds: float) -> str:
    told = f"{pages} pages published to {topic} ({size / 1e6:.1f} MB in {seconds:.1f} s)"
    return f"{told}; {refused} not published" if refused else told
