"""The command line. Each command is a module of this package, imported only when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from broadsheet import __version__
from broadsheet.cli.extras import hold_extras
from broadsheet.cli.terminal import printable

COMMANDS = {
    "extract": "pages in, articles out as NDJSON; no Kafka",
    "publish": "pages onto the raw topic",
    "worker": "turn pages into articles, as one of a consumer group",
    "feed": "serve the articles live: page, SSE, JSON Feed, Atom",
    "tail": "show articles as they come",
    "outcomes": "what became of pages, by site: a table or a report",
    "watch-yield": "whether a site's pages give fewer articles than before, for a cron job",
    "topics": "create the topics, or check their shape",
    "dead": "list, show and redrive pages that could not be read",
    "kafka": "a local single broker for development; no Docker, no Java",
    "demo": "all of it on one machine",
    "doctor": "check settings, broker, topics, schemas and rights",
    "settings": "print the settings in force, secrets hidden",
}
EX_SOFTWARE = 70  # sysexits.h: an internal software error
EX_IOERR = 74  # the same: a file that cannot be read or written
EX_INTERRUPTED = 130  # 128 + SIGINT, as shells say it


class LazyGroup(click.Group):
    """Finds a command's module by the command's name, so that `--help` does not import Faust."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        hold_extras(cmd_name)
        module = import_module(f"broadsheet.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that goes away (`broadsheet extract | head`) is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _drop_output()
        except ImportError as error:
            if error.name != "broadsheet.native":
                raise
            raise click.ClickException(error.msg) from error

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
    from broadsheet.cli.loading import load

    return load(ctx.obj["config"], ctx.obj["bootstrap_servers"])


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command; whatever goes wrong is one plain line on stderr and an exit code, never a traceback."""
    sys.exit(_run(argv))


def _run(argv: Sequence[str] | None) -> int:
    try:
        outcome = group.main(args=argv, prog_name="broadsheet", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return error.exit_code
    except click.ClickException as error:
        return _fail(_one_line(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return EX_INTERRUPTED
    except BrokenPipeError:
        return _drop_output()
    except Exception as error:
        if "BROADSHEET_TRACEBACK" in os.environ:
            raise
        if isinstance(error, OSError) and error.strerror:
            return _fail(f"{error.strerror}: {error.filename}" if error.filename else error.strerror, EX_IOERR)
        return _fail(" ".join(f"{type(error).__name__}: {error}".split()), EX_SOFTWARE)


def _drop_output() -> int:
    """Nobody reads any more: what is still buffered goes nowhere, and the end is a good one."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _one_line(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} (see {error.ctx.command_path} --help)"
    return message


def _fail(message: str, code: int) -> int:
    click.echo(f"Error: {printable(message)}", err=True)
    return code
