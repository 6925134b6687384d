"""`broadsheet topics`: make the topics, or check their shape."""

from typing import Any

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached


@click.group()
def command() -> None:
    """Create the topics, or check that they have the right shape.

    \b
    pages.raw       pages in, keyed by their URL
    articles        articles out, keyed by their id
    pages.outcomes  one record a page: what became of it and why
    pages.dead      pages that could not be read, with the reason

    Names, partitions and replicas are settings: BROADSHEET_TOPICS__PARTITIONS=12 and so on.
    """


@command.command()
@click.pass_context
def create(ctx: click.Context) -> None:
    """Make the topics that are missing. Those that are there stay as they are."""
    from broadsheet.runtime.kafka import topics

    settings = reached(load_settings(ctx))
    with _plainly():
        new = topics.create(settings)
        for shape in topics.shapes(settings):
            click.echo(f"{shape.name}: {'created' if shape.name in new else 'is there'}")
        _say(topics.check(settings))


@command.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Say what is wrong with the topics, a line each; exit code 1 if anything is."""
    from broadsheet.runtime.kafka import topics

    settings = reached(load_settings(ctx))
    with _plainly():
        _say(topics.check(settings))
    click.echo("all topics are there and have the right shape")


def _say(complaints: list[str]) -> None:
    for line in complaints[:-1]:
        click.echo(f"Error: {line}", err=True)
    if complaints:
        raise click.ClickException(complaints[-1])


class _plainly:  # noqa: N801 - reads as a word: `with _plainly()`
    """What goes wrong with the broker is one plain line."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from broadsheet.runtime.kafka.topics import TopicError

        if isinstance(error, TopicError):
            raise click.ClickException(str(error)) from None
