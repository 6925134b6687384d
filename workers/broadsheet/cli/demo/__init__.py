"""`broadsheet demo`: the whole line on one machine, seen from page to article."""

import sys
from typing import Any

import click

from broadsheet.cli import load_settings


@click.command()
@click.option("--once", is_flag=True, help="End when the sample pages are done, even at a terminal.")
@click.option("--keep", is_flag=True, help="Keep the topics and their data when it ends.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Run all of it on this machine: Kafka, topics, two workers, the feed; and show the articles as they arrive.

    Publishes sample pages of fictional papers: an HTML page with one story, one with several, a text dump in which
    two run together, other scripts, and pages that hold no article or cannot be read. At a terminal it stays up until
    Ctrl-C, so that you can look at the feed and publish pages of your own; else it ends by itself. Nothing is left
    running. The logs of all parts are kept until the next run, under .broadsheet/demo.

    \b
      broadsheet demo                 a Kafka of its own; no Docker, no Java
      broadsheet demo --once          end when all sample pages are done
      BROADSHEET_KAFKA__BOOTSTRAP_SERVERS=kafka:9092 broadsheet demo
                                      on that Kafka, with topics of its own

    Exit code: 0 when every sample page gave what it should, 1 when one did not or a part failed.
    """
    from broadsheet.cli.demo.run import run
    from broadsheet.cli.settings import settings_in_force

    settings = load_settings(ctx)
    known = settings_in_force(settings, ctx.obj["bootstrap_servers"] is not None)
    named = any(one.path == ("kafka", "bootstrap_servers") and one.origin != "default" for one in known)
    return run(settings, own_kafka=not named, stay=sys.stdout.isatty() and not given["once"], keep=given["keep"])
