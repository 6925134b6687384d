"""Spans of time as people write them: `90m`, `24h`, `7d`."""

import re
from typing import Any

import click

_SECONDS = {"m": 60, "h": 3_600, "d": 86_400}


class Span(click.ParamType):
    """A whole number of minutes, hours or days, as seconds."""

    name = "SPAN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The seconds."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([0-9]{1,5})([mhd])", str(value).strip())
        if found is None or not int(found[1]):
            self.fail(f"{str(value)[:40]!r} is not a number of minutes, hours or days such as 90m, 24h, 7d", param, ctx)
        return int(found[1]) * _SECONDS[found[2]]
