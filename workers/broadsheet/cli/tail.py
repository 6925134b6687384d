"""`broadsheet tail`: show a topic's records as they come."""

from typing import Any

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached

NAMES = ("articles", "outcomes", "dead", "pages")
"""Short names of the topics: those of their settings."""


@click.command()
@click.argument("topic", default="articles")
@click.option("--from-beginning", is_flag=True, help="Start with the oldest record instead of with the next one.")
@click.option("--count", "-n", type=click.IntRange(1), metavar="N", help="End after N records.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_context
def command(ctx: click.Context, topic: str, from_beginning: bool, count: int | None, as_json: bool) -> None:
    """Show articles as they come, until Ctrl-C.

    TOPIC is articles (default), outcomes, dead or pages, or the name of any topic. Only committed records are shown;
    no consumer group is joined. A record that cannot be read is named on stderr and counts as none.

    \b
    broadsheet tail                                  the articles from now on
    broadsheet tail outcomes --from-beginning        what became of each page
    broadsheet tail --json -n 10 | jq .headline      ten headlines
    """
    import asyncio

    from broadsheet.cli.tailing import Tail, tail
    from broadsheet.feed.source import SourceError

    settings = reached(load_settings(ctx))
    wish = Tail(_topic(settings, topic), from_beginning, count, as_json)
    try:
        asyncio.run(tail(settings, wish))
    except KeyboardInterrupt:
        ctx.exit(0)
    except SourceError as error:
        raise click.ClickException(str(error)) from None


def _topic(settings: Any, name: str) -> str:
    chosen: str = getattr(settings.topics, name) if name in NAMES else name
    return chosen
