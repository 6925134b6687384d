"""`broadsheet settings`: every setting in force, and where it came from."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click
from pydantic import BaseModel, SecretStr

from broadsheet.cli import load_settings

HIDDEN = "********"


class Setting(NamedTuple):
    """One setting: its path ("kafka", "group"), value as JSON knows it, and where it came from ("default", …)."""

    path: tuple[str, ...]
    value: Any
    origin: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "BROADSHEET_" + "__".join(self.path).upper()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of TOML.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Print the settings in force, each with where it came from; secrets are hidden.

    The form is that of broadsheet.toml, so that it can be kept as one:

    \b
      broadsheet settings > broadsheet.toml
      BROADSHEET_KAFKA__GROUP=night broadsheet settings | grep group
      broadsheet settings --json | jq .kafka
    """
    found = list(settings_in_force(load_settings(ctx), ctx.obj["bootstrap_servers"] is not None))
    click.echo(_json(found) if as_json else _toml(found))


def settings_in_force(settings: BaseModel, bootstrap_given: bool = False) -> Iterator[Setting]:
    """All settings, those outside any section first."""
    config = Path(os.environ.get("BROADSHEET_CONFIG", "broadsheet.toml"))
    origins = _Origins(config, bootstrap_given)
    leaves = list(_leaves(settings, ()))
    for path, value in sorted(leaves, key=lambda leaf: len(leaf[0]) > 1):
        yield Setting(path, _plain(value), origins.of(path))


def _leaves(model: BaseModel, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


class _Origins:
    """Where each setting came from, asked in the order in which the sources win."""

    def __init__(self, config: Path, bootstrap_given: bool) -> None:
        from dotenv import dotenv_values

        self._bootstrap_given = bootstrap_given
        self._config = config
        self._environment = {name.upper() for name in os.environ}
        self._dotenv = {name.upper() for name in dotenv_values(".env")}
        self._toml = tomllib.loads(config.read_text("utf-8")) if config.is_file() else {}

    def of(self, path: tuple[str, ...]) -> str:
        if self._bootstrap_given and path == ("kafka", "bootstrap_servers"):
            return "--bootstrap-servers"
        names = {"BROADSHEET_" + "__".join(path[: end + 1]).upper() for end in range(len(path))}
        if names & self._environment:
            return "environment"
        if names & self._dotenv:
            return ".env"
        return str(self._config) if _holds(self._toml, path) else "default"


def _holds(table: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(table, Mapping) or name not in table:
            return False
        table = table[name]
    return True


def _json(settings: list[Setting]) -> str:
    tree: dict[str, Any] = {}
    for setting in settings:
        section = tree
        for name in setting.path[:-1]:
            section = section.setdefault(name, {})
        section[setting.path[-1]] = setting.value
    return json.dumps(tree, indent=2)


def _toml(settings: list[Setting]) -> str:
    lines: list[str] = []
    section: tuple[str, ...] = ()
    for setting in settings:
        if setting.path[:-1] != section:
            section = setting.path[:-1]
            lines += ["", f"[{'.'.join(section)}]"]
        lines.append(_toml_line(setting))
    return "\n".join(lines)


def _toml_line(setting: Setting) -> str:
    """A line that TOML reads back; what is unset or secret is a comment."""
    name, value = setting.path[-1], setting.value
    if value is None:
        return f"# {name} is not set"
    if value == HIDDEN:
        return f"# {name} is hidden  # {setting.origin}"
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    return line if setting.origin == "default" else f"{line:<44}  # {setting.origin}"
