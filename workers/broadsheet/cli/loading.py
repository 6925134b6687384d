"""Settings read for a command: whatever is wrong with one, or with the file that it stands in, is one plain line."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

import click
from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from broadsheet.runtime.settings import Settings

DOTENV = Path(".env")
PREFIX = "BROADSHEET_"


def load(config: Path | None, bootstrap_servers: str | None) -> Settings:
    """The settings in force; the arguments stand above all other sources. Raises a UsageError."""
    _name_config(config)
    _hold_dotenv()
    try:
        settings = Settings()
        _hold_variables()
        return settings if bootstrap_servers is None else _with_servers(settings, bootstrap_servers)
    except ValidationError as error:
        raise click.UsageError(_wrong_setting(error.errors())) from None
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        named = os.environ.get("BROADSHEET_CONFIG", "broadsheet.toml")
        raise click.UsageError(f"settings: {named} cannot be read: {error}") from None
    except SettingsError as error:
        raise click.UsageError(f"settings: {error}") from None


def _name_config(config: Path | None) -> None:
    if config is not None:
        if not config.is_file():
            raise click.UsageError(f"--config: no file {config}")
        os.environ["BROADSHEET_CONFIG"] = str(config)
    elif (named := os.environ.get("BROADSHEET_CONFIG")) and not Path(named).is_file():
        raise click.UsageError(f"BROADSHEET_CONFIG: no file {named}")


def _hold_dotenv() -> None:
    """Lines of ours in `.env` must be readable; those of other programs are theirs."""
    if not DOTENV.is_file():
        return
    try:
        with DOTENV.open(encoding="utf-8") as lines:
            broken = [one.original for one in parse_stream(lines) if one.error and PREFIX in one.original.string]
    except (UnicodeDecodeError, OSError) as error:
        raise click.UsageError(f"settings: {DOTENV} cannot be read: {error}") from None
    if broken:
        raise click.UsageError(f"settings: {DOTENV} cannot be read: line {broken[0].line} is not NAME=VALUE")


def _hold_variables() -> None:
    """A variable of ours that sets nothing is a slip; one of a kind that Kubernetes sets for its services is not."""
    known = {_folded(variable): variable for variable in variables(Settings)}
    for variable in sorted(os.environ):
        if not variable.upper().startswith(PREFIX) or variable.upper() in known.values():
            continue
        meant = known.get(_folded(variable))
        if meant is not None and not _is_of_kubernetes(variable):
            raise click.UsageError(f"{variable} is no setting: {meant} is (two underscores between section and name)")
        if meant is None and "__" in variable:
            raise click.UsageError(f"{variable} is no setting: `broadsheet settings` lists all there are")


def _folded(variable: str) -> str:
    return variable.upper().replace("_", "")


def _is_of_kubernetes(variable: str) -> bool:
    """Where a service is called broadsheet-feed, each of its pods finds BROADSHEET_FEED_PORT and the like set."""
    return any(f"{variable.rpartition(end)[0]}_SERVICE_HOST" in os.environ for end in ("_PORT", "_SERVICE_"))


def variables(model: type[BaseModel], above: str = PREFIX) -> Iterator[str]:
    """The environment variables of a model's settings, sections themselves among them."""
    for name, field in model.model_fields.items():
        variable = f"{above}{name.upper()}"
        yield variable
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables(field.annotation, f"{variable}__")


def _with_servers(settings: Settings, servers: str) -> Settings:
    try:
        kafka = type(settings.kafka).model_validate({**settings.kafka.model_dump(), "bootstrap_servers": servers})
    except ValidationError as error:
        raise click.UsageError(f"--bootstrap-servers: {_message(error.errors()[0])}") from None
    return settings.model_copy(update={"kafka": kafka})


def _wrong_setting(errors: Sequence[Any]) -> str:
    path = [str(part) for part in errors[0]["loc"]]
    name = ".".join(path).removeprefix("broadsheet_")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"setting {name}: {_message(errors[0])}{more}"


def _message(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such setting"
    return str(error["msg"]).removeprefix("Value error, ")
