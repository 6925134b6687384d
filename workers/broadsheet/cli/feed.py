"""`broadsheet feed`: serve the articles live."""

from typing import Any

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached


@click.command()
@click.option("--host", help="Where to listen (setting feed.host).")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 0 takes a free port (setting feed.port).")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Serve the articles live: a page for people, Server-Sent Events, JSON Feed, Atom.

    \b
    /                 the newest articles; updates itself
    /stream           Server-Sent Events; Last-Event-ID resumes without loss
    /feed.json        JSON Feed 1.1
    /feed.atom        Atom
    /articles/ID      one record as JSON, or a page for a browser
    /live /ready      health; /metrics for Prometheus

    Lists and stream take ?language=, ?site= and ?section=. The newest articles are read from Kafka at the start; no
    consumer group is joined and nothing is written.
    """
    from broadsheet.feed.server import FeedError, run

    settings = reached(load_settings(ctx))
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = settings.model_copy(update={"feed": settings.feed.model_copy(update=chosen)})
    try:
        code = run(settings, lambda address: click.echo(f"Serving {settings.topics.articles} at {address}/"))
    except FeedError as error:
        raise click.ClickException(str(error)) from None
    ctx.exit(code)
