"""What `extract` and `publish` share: the files named on the command line, which of their pages, and how far."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from broadsheet.cli.choosing import TYPES, Wanted
from broadsheet.cli.resuming import Progress
from broadsheet.inputs import Form, Input, Mapped, MappingError, Meter, Source, read_inputs, read_mapping, sources
from broadsheet.options import Limits

_ABSOLUTE = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
FORMS = [form.value for form in Form]


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """FILES and what is said of them, the same for both."""
    for option in (
        click.option(
            "--state",
            type=click.Path(dir_okay=False, writable=True, path_type=Path),
            help="File that keeps how far this came: the next run with it goes on from there.",
        ),
        click.option("--until", type=_MOMENT, metavar="DATE", help="Only pages fetched before (2026-03-02, in UTC)."),
        click.option("--since", type=_MOMENT, metavar="DATE", help="Only pages fetched then or later."),
        click.option("--type", "kind", type=click.Choice(list(TYPES)), help="Only pages of this type."),
        click.option("--match", metavar="REGEX", help="Only pages whose URL it is found in."),
        click.option(
            "--mapping",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="TOML file that says how other JSON is read (docs/inputs.md).",
        ),
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
    if url is not None and (
        len(chosen) > 1 or chosen[0].form not in (None, Form.HTML, Form.TEXT, Form.MHTML, Form.MARKDOWN)
    ):
        raise click.UsageError("--url goes with one file of HTML or text")
    for source in chosen:
        if source.path is None and sys.stdin is None:
            raise click.UsageError("standard input is closed")
        if source.path is not None and not os.access(source.path, os.R_OK):
            raise click.UsageError(f"{source.path} cannot be read")
    return chosen


@dataclass(frozen=True, slots=True)
class Choice:
    """The files of a run, and what is wanted of them."""

    files: list[Source]
    url: str | None
    mapping: Mapped | None
    wanted: Wanted
    progress: Progress

    def pages(self, limits: Limits, meter: Meter, tell: Callable[[str], None]) -> Iterator[Input]:
        """The pages that are left and wanted."""
        files = self.progress.left(self.files)
        found = read_inputs(files, limits, self.url, meter, mapping=self.mapping, tell=tell)
        return self.progress.chosen(found, self.wanted)

    def is_empty(self, pages: int) -> bool:
        """Whether a run of so many pages found nothing at all, which is not what one asks for."""
        return not pages and not self.progress.passed_over and bool(self.progress.left(self.files) or not self.files)


def choice(
    *,
    files: tuple[str, ...],
    form: str | None,
    url: str | None,
    mapping: Path | None,
    match: str | None,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    state: Path | None,
) -> Choice:
    """What the options of `file_options` say. Raises UsageError where they cannot be."""
    sources = chosen_files(files, form, url)
    try:
        read = read_mapping(mapping) if mapping is not None else None
        pattern = re.compile(match) if match is not None else None
    except MappingError as error:
        raise click.UsageError(f"--mapping: {error}") from None
    except re.error as error:
        raise click.UsageError(f"--match: no regular expression: {error}") from None
    wanted = Wanted(
        pattern, kind, *(one and (one if one.tzinfo else one.replace(tzinfo=UTC)) for one in (since, until))
    )
    return Choice(sources, url, read, wanted, Progress(state, sources))


def bytes_of(files: list[Source]) -> int | None:
    """The size of all files together, None where one is no regular file."""
    paths = [source.path for source in files]
    if any(path is None or not path.is_file() for path in paths):
        return None
    return sum(path.stat().st_size for path in paths if isinstance(path, Path))
