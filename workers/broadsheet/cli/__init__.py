"""The command line. Each command is a module of this package, imported only when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from broadsheet import __version__

COMMANDS = {
    "extract": "pages in, articles out as NDJSON; no Kafka",
    "publish": "pages onto the raw topic",
    "worker": "turn pages into articles, as one of a consumer group",
    "feed": "serve the articles live: page, SSE, JSON Feed, Atom",
    "tail": "show articles as they come",
    "topics": "create the topics, or check their shape",
    "dead": "list, show and redrive pages that could not be read",
    "kafka": "a local single broker for development; no Docker, no Java",
    "demo": "all of it on one machine",
    "doctor": "check settings, broker, topics, schemas and rights",
    "settings": "print the settings in force, secrets hidden",
}
EX_SOFTWARE = 70  # sysexits.h: an internal software error


class LazyGroup(click.Group):
    """Finds a command's module by the command's name, so that `--help` does not import Faust."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"broadsheet.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
@click.option("--config", type=click.Path(path_type=Path), help="TOML file with settings (default broadsheet.toml).")
@click.option("--bootstrap-servers", metavar="HOST:PORT", help="The Kafka to use, instead of the settings' one.")
@click.pass_context
def group(ctx: click.Context, config: Path | None, bootstrap_servers: str | None) -> None:
    """Raw scraped web pages in, clean, separate, enriched news articles out.

    Settings come from BROADSHEET_* variables, .env or broadsheet.toml; `broadsheet settings` prints them.
    """
    ctx.ensure_object(dict)
    ctx.obj = {"config": config, "bootstrap_servers": bootstrap_servers}


def load_settings(ctx: click.Context) -> Any:
    """The settings of this run: `runtime.settings.Settings`. A wrong one is one plain line and exit code 2."""
    from pydantic import ValidationError

    from broadsheet.runtime.settings import Settings

    if ctx.obj["config"] is not None:
        if not ctx.obj["config"].is_file():
            raise click.UsageError(f"--config: no file {ctx.obj['config']}")
        os.environ["BROADSHEET_CONFIG"] = str(ctx.obj["config"])
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise click.UsageError(f"setting {name}: {first['msg']}") from None
    if ctx.obj["bootstrap_servers"] is not None:
        kafka = settings.kafka.model_copy(update={"bootstrap_servers": ctx.obj["bootstrap_servers"]})
        settings = settings.model_copy(update={"kafka": kafka})
    return settings


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command; whatever goes wrong is one plain line on stderr and an exit code, never a traceback."""
    try:
        group.main(args=argv, prog_name="broadsheet")
    except BrokenPipeError:  # the reader went away: `broadsheet extract | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if "BROADSHEET_TRACEBACK" in os.environ:
            raise
        click.echo(f"Error: {type(error).__name__}: {error}".splitlines()[0], err=True)
        sys.exit(EX_SOFTWARE)
