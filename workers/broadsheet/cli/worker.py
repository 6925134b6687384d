"""`broadsheet worker`: turn pages into articles, as one of a consumer group."""

from typing import Any

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached


@click.command()
@click.option(
    "--delivery",
    type=click.Choice(["exactly-once", "at-least-once"]),
    help="What readers of the output may rely on; at-least-once is for brokers without transactions.",
)
@click.option("--children", type=click.IntRange(1), help="Processes that work on pages (default 2).")
@click.option(
    "--web-port", type=click.IntRange(0, 65535), help="Port of /live, /ready and /metrics; 0 takes a free one."
)
@click.pass_context
def command(ctx: click.Context, delivery: str | None, children: int | None, web_port: int | None) -> None:
    """Take pages from the raw topic, and put their articles, outcomes and dead letters on theirs.

    Workers of one group (setting kafka.group) share the partitions; start as many as there are cores for. A worker
    stops on Ctrl-C or SIGTERM when the pages at work are published. Whatever ends a worker, no page is lost.

    \b
    exit codes: 0 stopped as asked · 1 refused to start (topics, broker, settings) · 70 failed, start it again
    """
    from broadsheet.runtime.worker import StartError, run

    settings = reached(load_settings(ctx))
    settings = _changed(settings, "worker", delivery=delivery, children=children)
    settings = _changed(settings, "web", port=web_port)
    try:
        code = run(settings)
    except StartError as error:
        for line in error.lines[:-1]:
            click.echo(f"Error: {line}", err=True)
        raise click.ClickException(error.lines[-1]) from None
    ctx.exit(code)


def _changed(settings: Any, section: str, **values: Any) -> Any:
    update = {name: value for name, value in values.items() if value is not None}
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=update)})
