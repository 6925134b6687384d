"""What `extract` and `publish` share: the files named on the command line."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from broadsheet.inputs import Form, Source, sources

_ABSOLUTE = re.compile(r"https?://[^\s/]", re.IGNORECASE)
FORMS = [form.value for form in Form]


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """FILES, `--url` and `--form`, the same for both."""
    for option in (
        click.option(
            "--form",
            type=click.Choice(FORMS),
            help="What the files hold; told by name or content if not given.",
        ),
        click.option("--url", metavar="URL", help="The address of the one page in FILES (HTML or text)."),
        click.argument("files", nargs=-1, type=click.Path(exists=True, readable=True, allow_dash=True)),
    ):
        command = option(command)
    return command


def chosen_files(files: tuple[str, ...], form: str | None, url: str | None) -> list[Source]:
    """The files to read. Raises UsageError where there is none, or `--url` cannot belong to all of them."""
    if not files and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("name files or folders, or - for standard input")
    if url is not None and not _ABSOLUTE.match(url):
        raise click.UsageError(f"--url: not an absolute http(s) address: {url}")
    chosen = list(sources(files or ("-",), Form(form) if form else None))
    if not chosen:
        raise click.UsageError(f"no page files in {', '.join(files)}")
    if url is not None and (len(chosen) > 1 or chosen[0].form not in (None, Form.HTML, Form.TEXT)):
        raise click.UsageError("--url goes with one file of HTML or text")
    for source in chosen:
        if source.path is None and sys.stdin is None:
            raise click.UsageError("standard input is closed")
        if source.path is not None and not os.access(source.path, os.R_OK):
            raise click.UsageError(f"{source.path} cannot be read")
    return chosen


def bytes_of(files: list[Source]) -> int | None:
    """The size of all files together, None where one is no regular file."""
    paths = [source.path for source in files]
    if any(path is None or not path.is_file() for path in paths):
        return None
    return sum(path.stat().st_size for path in paths if isinstance(path, Path))
