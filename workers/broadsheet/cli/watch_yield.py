"""`broadsheet watch-yield`: tells by its exit code whether a site's yield has fallen."""

import time

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached
from broadsheet.cli.spans import Span
from broadsheet.runtime.outcomes.yields import DROP, LEAST

EX_FELL = 1


@click.command()
@click.option("--by", type=click.Choice(["site", "source"]), default="site", show_default=True, help="What to look at.")
@click.option("--recent", type=Span(), default="24h", show_default=True, help="The span that is looked at.")
@click.option("--against", type=Span(), default="7d", show_default=True, help="The span before it, to compare with.")
@click.option(
    "--drop",
    type=click.FloatRange(0, 1, min_open=True),
    default=DROP,
    show_default=True,
    help="By which share of itself a yield must have fallen.",
)
@click.option("--least", type=click.IntRange(1), default=LEAST, show_default=True, help="Pages that both spans need.")
@click.pass_context
def command(ctx: click.Context, /, by: str, recent: int, against: int, drop: float, least: int) -> int:
    """Whether a site's pages give fewer articles than before: its layout changed, or it answers something else.

    The yield of a site is the share of its pages that gave articles. A line on standard output for each site of which
    it fell, beyond chance; nothing where none did. Spans are counted in whole hours.

    \b
      broadsheet watch-yield || mail -s 'a layout changed' desk@paper.example

    Exit code: 0 where no yield fell, 1 where one did, 2 where the question cannot be answered.
    """
    from broadsheet.cli.terminal import printable
    from broadsheet.runtime.kafka.connection import ConnectionSettingsError
    from broadsheet.runtime.outcomes.records import OutcomesError, outcomes
    from broadsheet.runtime.outcomes.yields import Yields

    now, counted = time.time(), Yields(by)
    try:
        settings = reached(load_settings(ctx))
        for seen in outcomes(settings, int((now - recent - against) * 1000)):
            if seen is not None and seen.outcome is not None:
                counted.take(seen.at, seen.outcome)
    except (OutcomesError, ConnectionSettingsError) as error:
        raise _unanswered(str(error)) from None
    except click.UsageError:
        raise
    except click.ClickException as error:
        raise _unanswered(error.message) from None
    falls = counted.falls(int((now - recent) * 1000), least, drop)
    for fall in falls:
        click.echo(printable(fall.line()))
    return EX_FELL if falls else 0


def _unanswered(why: str) -> click.ClickException:
    error = click.ClickException(why)
    error.exit_code = 2
    return error
