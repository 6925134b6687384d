"""`broadsheet outcomes`: what became of pages, by site, as a table that lives or as a report."""

import time
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached
from broadsheet.cli.spans import Span


@click.command()
@click.option(
    "--by", type=click.Choice(["site", "source"]), default="site", show_default=True, help="What to count by."
)
@click.option("--since", type=Span(), default="7d", show_default=True, help="How far back: 90m, 24h, 7d.")
@click.option("--follow", "-f", is_flag=True, help="Keep the table up to date until Ctrl-C.")
@click.option("--top", type=click.IntRange(1), default=40, show_default=True, metavar="N", help="Rows of the table.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead, all of them.")
@click.option("--html", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report with plots.")
@click.pass_context
def command(
    ctx: click.Context, /, by: str, since: int, follow: bool, top: int, as_json: bool, report: Path | None
) -> int | None:
    """What became of the pages of each site: how many gave articles, and why the others gave none.

    \b
      broadsheet outcomes                             the last seven days, by site
      broadsheet outcomes --by source --since 24h     by scraper
      broadsheet outcomes --follow                    a table that goes on
      broadsheet outcomes --html yields.html          a page with plots, that loads nothing

    Exit code: 0, or 1 where there was no outcome.
    """
    from broadsheet.cli.yields import Table, json_lines, page
    from broadsheet.runtime.kafka.connection import ConnectionSettingsError
    from broadsheet.runtime.outcomes.records import OutcomesError, outcomes
    from broadsheet.runtime.outcomes.yields import Yields

    if follow and (as_json or report):
        raise click.UsageError("--follow shows a table; --json and --html are of what there is")
    settings = reached(load_settings(ctx))
    console = Console(emoji=False, highlight=False)
    counted, faults = Yields(by), 0
    table = Table(by, top)
    shown = Live(console=console, auto_refresh=False, transient=True) if follow and console.is_terminal else None
    try:
        if shown:
            shown.start()
        for seen in outcomes(settings, int((time.time() - since) * 1000), follow=follow):
            if seen is None:
                if shown:
                    shown.update(table.of(counted.accounts()), refresh=True)
            elif seen.outcome is None:
                faults += 1
            else:
                counted.take(seen.at, seen.outcome)
    except KeyboardInterrupt:
        pass
    except (OutcomesError, ConnectionSettingsError) as error:
        raise click.ClickException(str(error)) from None
    finally:
        if shown:
            shown.stop()
    accounts = counted.accounts()
    if report:
        report.write_text(page(by, accounts), encoding="utf-8")
        click.echo(f"{report}: {len(accounts)} {by}s", err=True)
    elif as_json:
        for line in json_lines(accounts):
            click.echo(line)
    else:
        console.print(table.of(accounts))
    if faults:
        click.echo(f"{faults} records of {settings.topics.outcomes} are no outcomes and were left out", err=True)
    return 0 if accounts else 1
